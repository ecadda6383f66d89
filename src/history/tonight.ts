import { normalTwoSided } from '../analyze/stats/chi-square.ts';
import type { AlarmLine, HeadlineLine } from '../model/history.ts';
import { type Change, changesBetween, lastChange } from './changes.ts';
import { type Confirmation, confirm } from './confirmation.ts';
import type { History } from './nights.ts';
import { type RecordedSeries, recordedSeries } from './recorded-series.ts';
import { segmentsOf } from './segments.ts';
import { detect, worthRerun } from './suspicion.ts';

/** A night: what was measured, and by which host. */
export interface Tonight {
  readonly host: string;
  readonly run: string;
}

/** Series that there is time to measure again in one night. */
const mostReruns = 8;

/** 95 % of a normal variable. */
const z95 = 1.96;

const isOf = (line: HeadlineLine | undefined, { run }: Tonight) => line?.run === run;

/** The series of tonight's run that are to be measured again, the most suspect first. One with an open alarm is known already. */
export function suspectsOf(history: History, tonight: Tonight): readonly RecordedSeries[] {
  const series = recordedSeries(history, tonight.host).filter(
    ({ lines, open }) => isOf(lines.at(-1), tonight) && open === undefined,
  );
  return worthRerun(
    series.map((each) => ({ series: each, finding: detect(each) })),
    mostReruns,
  ).map((each) => each.series);
}

/** What changed so that nothing before tonight can be compared with it, with the names of the series. */
export interface NewSegment {
  readonly changes: readonly Change[];
  readonly series: readonly string[];
}

/** The series that begin a segment tonight, though they had nights before. */
export function newSegments(history: History, tonight: Tonight): readonly NewSegment[] {
  const begun = recordedSeries(history, tonight.host).flatMap(({ id, lines }) => {
    const [before, now] = lines.slice(-2);
    if (before === undefined || now === undefined || !isOf(now, tonight) || before.key === now.key) return [];
    return [{ id, changes: changesBetween(before, now) }];
  });
  return [...Map.groupBy(begun, ({ changes }) => JSON.stringify(changes)).values()].map((group) => ({
    changes: group[0]?.changes ?? [],
    series: group.map(({ id }) => id),
  }));
}

/** The alarms of tonight: of suspects that their own reruns confirm, those that share a cause in one. `at`: as of the run's lines. */
export function alarmsOf(history: History, tonight: Tonight): readonly AlarmLine[] {
  const confirmed = recordedSeries(history, tonight.host).flatMap((series) => {
    const line = series.lines.at(-1);
    const rerun = series.nights.at(-1)?.confirmation;
    if (line === undefined || !isOf(line, tonight) || rerun === undefined || series.open !== undefined)
      return [];
    const confirmation = confirm(series, rerun);
    return confirmation?.kind === 'alarm' ? [{ series, line, confirmation, ...causeOf(series) }] : [];
  });
  const before = history.alarms.filter(
    ({ host, id }) => host === tonight.host && id.startsWith(`${confirmed[0]?.line.night}/`),
  ).length;
  const groups = Map.groupBy(confirmed, ({ cause, line }) =>
    cause.kind === 'runtime' ? `runtime ${line.runtime}` : cause.kind,
  );
  return [...groups.values()].flatMap((group, index) => {
    const [first] = group;
    if (first === undefined) return [];
    const { schema, night, at, host, run } = first.line;
    const directions = new Set(group.map(({ line, confirmation }) => directionOf(line, confirmation)));
    const [direction = 'other'] = directions;
    return [
      {
        kind: 'alarm',
        ...{ schema, night, at, host, run },
        id: `${night}/${before + index + 1}`,
        direction: directions.size === 1 ? direction : 'other',
        cause: first.cause,
        since: group.map(({ since }) => since).toSorted()[0] ?? night,
        series: group.map(({ series, confirmation }) => movedOf(series, confirmation)),
      } satisfies AlarmLine,
    ];
  });
}

function directionOf({ better }: HeadlineLine, { side }: Confirmation): AlarmLine['direction'] {
  if (better === 'lower') return side === 'up' ? 'worse' : 'better';
  return side === 'up' ? 'better' : 'worse';
}

function movedOf({ id, nights }: RecordedSeries, { change, se }: Confirmation): AlarmLine['series'][number] {
  return {
    series: id,
    change: Math.exp(change),
    low: Math.exp(change - z95 * se),
    high: Math.exp(change + z95 * se),
    p: normalTwoSided(change / se),
    nights: segmentsOf(nights).at(-1)?.nights.length ?? 1,
  };
}

/** Names of changes that can move a frozen runtime. */
const ofEngine = new Set(['Docker', 'containerd', 'engine']);

/**
 * What moved a series, and since when. A runtime moves against its own pinned copy only if it changed itself. What is frozen is moved by
 * what runs it: the engine where its version changed last, else the host. Kernel and image begin segments of their own.
 */
function causeOf({ against, lines }: RecordedSeries): {
  readonly cause: AlarmLine['cause'];
  readonly since: string;
} {
  const night = lines.at(-1)?.night ?? '';
  const key = lines.at(-1)?.key;
  const own = lines.slice(lines.findLastIndex((line) => line.key !== key) + 1);
  const last = lastChange(own);
  const since = last?.line.night ?? night;
  const changed = [...(last?.changes ?? [])];
  if (against === 'pin') return { cause: { kind: 'runtime', changed }, since };
  const kind = changed.some(({ what }) => ofEngine.has(what))
    ? 'engine'
    : changed.length > 0
      ? 'unknown'
      : 'host';
  return { cause: { kind, changed }, since };
}
