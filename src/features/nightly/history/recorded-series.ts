import type { AcceptLine, AlarmLine, BegunLine, HeadlineLine, HistoryLine, NightLine } from './record.ts';
import { comparisonKey, type Measure, type Night, type NightSeries } from './series.ts';

/** The valid lines of a history without duplicates, oldest first. */
export interface History {
  readonly headlines: readonly HeadlineLine[];
  readonly nights: readonly NightLine[];
  /** Nights without an end: still running, or killed. */
  readonly unended: readonly BegunLine[];
  readonly alarms: readonly AlarmLine[];
  readonly accepted: readonly AcceptLine[];
}

/**
 * Selects the valid lines of a history. Headlines need their night line, which is written last: it is missing if the writer
 * died. A run, an alarm or an acceptance that was written twice counts once.
 */
export function countedLines(lines: readonly HistoryLine[]): History {
  const begun = new Map<string, BegunLine>();
  const nights = new Map<string, NightLine>();
  const headlines = new Map<string, HeadlineLine>();
  const alarms = new Map<string, AlarmLine>();
  const accepted = new Map<string, AcceptLine>();
  for (const line of lines)
    switch (line.kind) {
      case 'begun':
        begun.set(`${line.host} ${line.at}`, line);
        break;
      case 'night':
        nights.set(line.run === null ? `${line.host} ${line.at}` : runKey(line), line);
        break;
      case 'headline':
        headlines.set(`${runKey(line)} ${line.series}`, line);
        break;
      case 'alarm':
        alarms.set(`${line.host} ${line.id}`, line);
        break;
      case 'accept':
        accepted.set(`${line.host} ${line.alarm}`, line);
        break;
    }
  for (const { host, began } of nights.values()) begun.delete(`${host} ${began}`);
  return {
    headlines: inOrder([...headlines.values()].filter((line) => nights.has(runKey(line)))),
    nights: inOrder([...nights.values()]),
    unended: inOrder([...begun.values()]),
    alarms: inOrder([...alarms.values()]),
    accepted: inOrder([...accepted.values()]),
  };
}

function runKey({ run, stage, host }: Pick<HeadlineLine, 'run' | 'stage' | 'host'> | NightLine): string {
  return [host, run, stage].join(' ');
}

/** Stable sort by time. A clock that was set back can reorder nights, but never drops one. */
function inOrder<T extends { readonly at: string }>(lines: readonly T[]): readonly T[] {
  return lines.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** A series with its lines. */
export interface RecordedSeries extends NightSeries {
  /** Lines of stage `night`, oldest first: one per night. */
  readonly lines: readonly HeadlineLine[];
}

/** The estimate of a line in the detector's form. */
function measureOf({ estimate, logError, df }: HeadlineLine): Measure {
  return { log: Math.log(estimate), se: logError, df };
}

/** Every series of this host. A night with two runs counts with both. */
export function recordedSeries(
  { headlines, alarms, accepted }: History,
  host: string,
): readonly RecordedSeries[] {
  const done = new Set(accepted.filter((line) => line.host === host).map(({ alarm }) => alarm));
  // A line that another program wrote may lack a valid estimate.
  const own = headlines.filter((line) => line.host === host && line.df >= 1);
  return [...Map.groupBy(own, ({ series }) => series)].flatMap(([id, all]) => {
    const lines = all.filter(({ stage }) => stage === 'night');
    const [first] = lines;
    if (first === undefined) return [];
    const moves = alarms.flatMap((alarm) =>
      alarm.host !== host
        ? []
        : alarm.series.flatMap(({ series, change, since = alarm.since }) =>
            series === id ? [{ ...alarm, change, since }] : [],
          ),
    );
    return {
      id,
      against: first.against === 'none' ? 'null' : first.against,
      nights: lines.map((line) => nightOf(line, all)),
      lines,
      moves: moves.map(({ id: alarm, since, night, run, change }) => ({
        ...{ since, night, run, change: Math.log(change), accepted: done.has(alarm) },
      })),
    } satisfies RecordedSeries;
  });
}

function nightOf(line: HeadlineLine, all: readonly HeadlineLine[]): Night {
  const rerun = all.find(({ stage, run }) => stage === 'confirmation' && run === line.run);
  return {
    ...measureOf(line),
    ...(line.counts === undefined ? {} : { counts: line.counts }),
    ...{ night: line.night, run: line.run },
    key: comparisonKey(line),
    ...(rerun === undefined ? {} : { confirmation: measureOf(rerun) }),
  };
}
