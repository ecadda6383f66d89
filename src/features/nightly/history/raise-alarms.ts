import { normalTwoSided } from '../../../core/analyze/stats/distributions.ts';
import { cellKey } from '../../../core/model/trial/cell.ts';
import { alarmFrom, ownScore, practical } from './alarm-thresholds.ts';
import {
  type Culprit,
  changesBetween,
  classify,
  type MovedSeries,
  type ProvenanceChange,
  type VersionChange,
  type WatchedSeries,
} from './changes.ts';
import { since } from './dating.ts';
import {
  type ChangeSide,
  type DetectorState,
  evidenceOf,
  levelNights,
  newSegment,
  watchAll,
} from './detector.ts';
import { z95 } from './level.ts';
import type { AlarmLine, HeadlineLine } from './record.ts';
import { type History, type RecordedSeries, recordedSeries } from './recorded-series.ts';
import { directionOf, type Measure, type NightSeries } from './series.ts';
import { detect, worthRerun } from './suspicion.ts';

/** Result of the rerun of a suspect. */
export interface Confirmation {
  readonly kind: 'alarm' | 'unconfirmed';
  readonly side: ChangeSide;
  /** Evidence: `all`: from first runs and reruns; `reruns`: from what reruns added. */
  readonly evidence: { readonly all: number; readonly reruns: number };
  /** Deviation of tonight's rerun from the level (logarithm), and its standard error. */
  readonly change: number;
  readonly se: number;
}

/**
 * Does the rerun confirm the suspicion? It does if the rerun alone shows the change (its values did not cause the suspicion),
 * if the change is large enough to report, and if the evidence, of all runs or of reruns alone, suffices for an alarm. The last
 * night of the series is tonight. Null while the level is being learnt.
 */
export function confirm(series: NightSeries, rerun: Measure): Confirmation | null {
  const tonight = series.nights.at(-1);
  if (tonight === undefined) return null;
  const nights = [...series.nights.slice(0, -1), { ...tonight, confirmation: rerun }];
  return confirmationOf(watchAll({ ...series, nights }));
}

/** Does the last rerun show a change by itself? Its values did not cause the suspicion. */
export function rerunShows({ rerun }: DetectorState): boolean {
  if (rerun === null) return false;
  return rerun[rerun.change >= 0 ? 'up' : 'down'] >= ownScore && Math.abs(rerun.change) >= practical;
}

/** The result from an already computed `DetectorState`; null if the last night has no rerun. */
export function confirmationOf(state: DetectorState): Confirmation | null {
  const { rerun, all, reruns } = state;
  if (rerun === null) return null;
  const side = rerun.change >= 0 ? 'up' : 'down';
  const evidence = { all: evidenceOf(all[side]), reruns: evidenceOf(reruns[side]) };
  const enough = evidence.all >= alarmFrom.all || evidence.reruns >= alarmFrom.reruns;
  return {
    kind: rerunShows(state) && enough ? 'alarm' : 'unconfirmed',
    side,
    evidence,
    change: rerun.change,
    se: rerun.se,
  };
}

/** Identifies a night: its host and run. */
export interface NightIdentity {
  readonly host: string;
  readonly run: string;
}

/** Maximum number of cells that a night measures again, by time. */
const mostCells = 8;

/** A series that tonight's run measured. */
interface MeasuredSeries {
  readonly series: RecordedSeries;
  readonly line: HeadlineLine;
}

function measuredIn(history: History, { host, run }: NightIdentity): readonly MeasuredSeries[] {
  return recordedSeries(history, host).flatMap((series) => {
    const line = series.lines.at(-1);
    return line?.run === run ? [{ series, line }] : [];
  });
}

/** The suspects of tonight's run. */
export interface Suspects {
  /** To be measured again, those first of which that promises most. */
  readonly again: readonly RecordedSeries[];
  /** Left for another night, since the time does not suffice. */
  readonly left: readonly RecordedSeries[];
  /** Noisy: the reruns of the last nights confirmed nothing. */
  readonly noisy: readonly RecordedSeries[];
}

/** The suspects of tonight's run, from its first measurements. */
export function suspectsOf(history: History, tonight: NightIdentity): Suspects {
  const measured = measuredIn(history, tonight);
  const found = measured.map(({ series, line }) => ({
    series,
    finding: detect(series),
    cells: cellsOf(
      line,
      measured.map((each) => each.line),
    ),
    reruns: rerunsBefore(series),
  }));
  const { again, left, noisy } = worthRerun(found, mostCells);
  const plain = (suspects: readonly { readonly series: RecordedSeries }[]) =>
    suspects.map(({ series }) => series);
  return { again: plain(again), left: plain(left), noisy: plain(noisy) };
}

/** Reruns of a series in the six days before its last night that showed nothing. */
function rerunsBefore(series: RecordedSeries): number {
  const last = series.nights.at(-1);
  if (last === undefined) return 0;
  const from = new Date(`${last.night}T00:00:00Z`);
  from.setUTCDate(from.getUTCDate() - 6);
  const firstDay = from.toISOString().slice(0, 10);
  let count = 0;
  watchAll(series, (night, state) => {
    if (night !== last && night.night >= firstDay && night.confirmation !== undefined && !rerunShows(state))
      count++;
  });
  return count;
}

/** The cells to measure for a line, without its references; for a category, those of all its subjects. */
function cellsOf(line: HeadlineLine, all: readonly HeadlineLine[]): readonly string[] {
  const { runtime, reference, profile, layer, category, workload } = line;
  const members = all.filter(
    (other) =>
      workload === category &&
      other.workload !== category &&
      other.category === category &&
      other.runtime === runtime &&
      other.reference === reference &&
      other.profile === profile &&
      other.layer === layer,
  );
  return (members.length === 0 ? [line] : members).map(cellKey);
}

/** Changes that prevent a comparison of tonight with earlier nights, and the names of the affected series. */
export interface NewSegment {
  readonly changes: readonly VersionChange[];
  readonly series: readonly string[];
}

/** The series that have earlier nights and begin a new segment tonight, grouped by changes. */
export function newSegments(history: History, tonight: NightIdentity): readonly NewSegment[] {
  const begun = measuredIn(history, tonight).flatMap(({ series, line }) => {
    const before = series.lines.at(-2);
    if (before === undefined || newSegment(series.nights) === null) return [];
    return [{ id: series.id, changes: changesBetween(before, line) }];
  });
  return [...Map.groupBy(begun, ({ changes }) => JSON.stringify(changes)).values()].map((group) => ({
    changes: group[0]?.changes ?? [],
    series: group.map(({ id }) => id),
  }));
}

/** What changed since the night before without ending a comparison: programs of runtimes, engine, kernel and host. */
export function changesTonight(history: History, tonight: NightIdentity): readonly VersionChange[] {
  const all = measuredIn(history, tonight).flatMap(({ series, line }) => {
    const before = series.lines.at(-2);
    return before === undefined ? [] : changesBetween(before, line);
  });
  const distinctOf = new Map(all.map((change) => [JSON.stringify(change), change]));
  return [...distinctOf.values()].filter(({ part }) => part !== 'workload');
}

/** A series whose change its rerun confirmed. */
interface ConfirmedSeries extends MeasuredSeries {
  readonly confirmation: Confirmation;
  /** First night of the change, and its run. */
  readonly since: string;
  readonly sinceRun: string;
  readonly changes: readonly ProvenanceChange[];
}

/** The alarms of tonight: one per culprit, for suspects that their reruns confirm. */
export function alarmsOf(history: History, tonight: NightIdentity): readonly AlarmLine[] {
  const measured = measuredIn(history, tonight);
  const confirmed = measured.flatMap(confirmedOf);
  const [first] = confirmed;
  if (first === undefined) return [];
  const { night } = first.line;
  const culprits = classify(
    confirmed.map((each): MovedSeries => ({ ...watchedOf(each), side: each.confirmation.side })),
    measured.map(watchedOf),
    distinct(confirmed.flatMap(({ changes }) => changes)),
  );
  const before = history.alarms.filter(({ host, id }) => host === tonight.host && id.startsWith(`${night}/`));
  return culprits.map((culprit, index) =>
    alarmOf(culprit, confirmed, `${night}/${before.length + index + 1}`),
  );
}

function confirmedOf({ series, line }: MeasuredSeries): readonly ConfirmedSeries[] {
  const rerun = series.nights.at(-1)?.confirmation;
  if (rerun === undefined) return [];
  const confirmation = confirm(series, rerun);
  return confirmation?.kind === 'alarm' ? [{ series, line, confirmation, ...beginOf(series, line) }] : [];
}

function watchedOf({ series, line }: MeasuredSeries): WatchedSeries {
  return { id: series.id, runtime: line.runtime, against: series.against };
}

/** First night of the change, and the changed versions since the last night that is certainly before it. */
function beginOf(
  series: RecordedSeries,
  line: HeadlineLine,
): Pick<ConfirmedSeries, 'since' | 'sinceRun' | 'changes'> {
  const nights = levelNights(series);
  const date = since(nights);
  const own = series.lines.slice(-nights.length);
  const before = own[(date?.earliestPlace ?? nights.length - 1) - 1];
  const changes = before === undefined ? [] : changesBetween(before, line);
  const first = date === null ? line : (own[date.place] ?? line);
  return {
    since: first.night,
    sinceRun: first.run,
    changes: changes.flatMap(({ part, ...change }) => (part === 'workload' ? [] : [{ part, ...change }])),
  };
}

function distinct(changes: readonly ProvenanceChange[]): readonly ProvenanceChange[] {
  return [...new Map(changes.map((change) => [JSON.stringify(change), change])).values()];
}

function alarmOf({ kind, changes, moved }: Culprit, all: readonly ConfirmedSeries[], id: string): AlarmLine {
  const own = all.filter(({ series }) => moved.some((each) => each.id === series.id));
  const [first] = own;
  if (first === undefined) throw new Error(`nothing moved in alarm ${id}`);
  const { schema, night, at, host, run } = first.line;
  const [direction = 'other', ...others] = new Set(
    own.map(({ line, confirmation }) => directionOf(line, confirmation.side === 'up' ? 1 : -1)),
  );
  return {
    kind: 'alarm',
    schema,
    night,
    at,
    host,
    run,
    id,
    direction: others.length === 0 ? direction : 'other',
    cause: {
      kind: kind === 'several' ? 'unknown' : kind,
      changed: changes.map(({ name, before, after }) => ({ what: name, was: before, is: after })),
    },
    since: own.map((each) => each.since).toSorted()[0] ?? night,
    series: own.map(movedOf),
  };
}

function movedOf({
  series,
  confirmation,
  since: began,
  sinceRun,
}: ConfirmedSeries): AlarmLine['series'][number] {
  const { change, se } = confirmation;
  return {
    series: series.id,
    since: began,
    sinceRun,
    change: Math.exp(change),
    low: Math.exp(change - z95 * se),
    high: Math.exp(change + z95 * se),
    p: normalTwoSided(change / se),
    nights: levelNights(series).length,
  };
}
