import { categoryOrder, subjectLabel } from '../../../report/labels.ts';
import { watchAll } from '../history/detector.ts';
import { type FindableStep, findableSteps } from '../history/findable.ts';
import type { AlarmLine, HeadlineLine, NightLine } from '../history/record.ts';
import {
  acceptedAlarms,
  type History,
  type RecordedSeries,
  recentRuns,
  recordedSeries,
} from '../history/recorded-series.ts';
import { type Direction, directionOf } from '../history/series.ts';
import { detect, type SeriesFinding } from '../history/suspicion.ts';
import type { SeriesAlarm, StateKind } from './data.ts';

/** State of a series after the last night. */
interface SeriesState {
  readonly kind: StateKind;
  /** Direction of its deviation from the level; null unless moved or suspect. */
  readonly direction: Direction | null;
  /** Its deviation as a ratio; null while the level is being learnt. */
  readonly change: number | null;
  readonly finding: SeriesFinding;
  /** Smallest steps that would alarm; null while the level is being learnt. */
  readonly steps: readonly FindableStep[] | null;
}

/** `recent`: ids of the last runs of the host. */
function stateOf(series: RecordedSeries, recent: ReadonlySet<string>): SeriesState {
  const line = series.lines.at(-1);
  const detector = watchAll(series);
  const finding = detect(series, detector);
  const change = finding.kind === 'learning' ? null : Math.exp(finding.change);
  const kind = line === undefined || !recent.has(line.run) ? 'gone' : kindOf(finding);
  const says = kind === 'moved' || kind === 'suspect';
  return {
    kind,
    finding,
    change,
    steps: findableSteps(series, detector),
    direction:
      says && line !== undefined && finding.kind !== 'learning' ? directionOf(line, finding.change) : null,
  };
}

function kindOf({ kind }: SeriesFinding): Exclude<StateKind, 'gone'> {
  if (kind === 'standing') return 'moved';
  return kind === 'quiet' ? 'steady' : kind;
}

/** Maximum length of a slug, characters: names may be hostile or generated, and addresses must stay short. */
const longest = 100;

/**
 * Slugs of series: the letters and digits of their names, with a number if names collide. The prefix `s-` distinguishes them
 * from other anchors of a page.
 */
export function slugsOf(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Map<string, number>();
  return new Map(
    names.toSorted().map((name) => {
      const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? [];
      const plain = ['s', ...words].join('-').slice(0, longest).replace(/-$/, '');
      const count = (taken.get(plain) ?? 0) + 1;
      taken.set(plain, count);
      return [name, count === 1 ? plain : `${plain}--${count}`];
    }),
  );
}

/** A series with all data for its pages, independent of the language. */
export interface SeriesView {
  readonly slug: string;
  readonly arm: string;
  readonly subject: string;
  readonly recorded: RecordedSeries;
  /** Line of its newest night. */
  readonly line: HeadlineLine;
  readonly state: SeriesState;
  /** Oldest first. */
  readonly alarms: readonly SeriesAlarm[];
  /** Slug of the series with the reference's own values. */
  readonly control: string | null;
}

/** A comparison, such as `runc ÷ runc-pin`, and its colour. */
export interface SeriesArm {
  readonly name: string;
  readonly color: string;
}

/** The series of one host, and its nights. */
export interface HostView {
  readonly host: string;
  /** In the order of categories, subjects, and kinds of series. */
  readonly series: readonly SeriesView[];
  /** Without reruns, oldest first. */
  readonly nights: readonly NightLine[];
  /** Newest first. */
  readonly alarms: readonly AlarmLine[];
  /** Alarm → why it was accepted. */
  readonly accepted: ReadonlyMap<string, string>;
}

/** The hosts of a history, the one with the newest night first. */
export function hostViews(history: History): readonly HostView[] {
  const newest = Map.groupBy(history.nights, ({ host }) => host);
  const hosts = [...newest].toSorted(([, a], [, b]) =>
    (a.at(-1)?.at ?? '') < (b.at(-1)?.at ?? '') ? 1 : -1,
  );
  const names = hosts.map(([host]) => host);
  const all = history.headlines.map(({ host, series }) => keyOf(names, host, series));
  const slugs = slugsOf([...new Set(all)]);
  return names.map((host) =>
    hostView(history, host, (series) => slugs.get(keyOf(names, host, series)) ?? ''),
  );
}

/** Key of a series, unique across hosts: for all hosts but the first, it includes the host. */
function keyOf([first]: readonly string[], host: string, series: string): string {
  return JSON.stringify(host === first ? [series] : [host, series]);
}

function hostView(history: History, host: string, slugOf: (series: string) => string): HostView {
  const nights = history.nights.filter((night) => night.host === host && night.stage === 'night');
  const alarms = history.alarms.filter((alarm) => alarm.host === host);
  const accepted = acceptedAlarms(history, host);
  const recent = recentRuns(history, host);
  const recorded = recordedSeries(history, host);
  const controls = new Map<string, string>();
  for (const { lines } of recorded)
    for (const line of lines.slice(-1))
      if (line.against !== 'pin') controls.set(armKey(line, line.runtime), line.series);
  const series = recorded.flatMap((one): readonly SeriesView[] => {
    const line = one.lines.at(-1);
    if (line === undefined) return [];
    const control = line.reference === null ? undefined : controls.get(armKey(line, line.reference));
    return [
      {
        slug: slugOf(one.id),
        arm: line.reference === null ? line.runtime : `${line.runtime} ÷ ${line.reference}`,
        subject: subjectLabel(line),
        recorded: one,
        line,
        state: stateOf(one, recent),
        alarms: alarms.flatMap((alarm) => seriesAlarms(alarm, one.id, accepted.has(alarm.id))),
        control: control === undefined ? null : slugOf(control),
      },
    ];
  });
  return { host, series: inOrder(series, baselineOf(series)), nights, alarms: alarms.toReversed(), accepted };
}

/** Key of a runtime's own values of a subject and metric. */
function armKey({ workload, params, layer, profile, metric }: HeadlineLine, runtime: string): string {
  return JSON.stringify([runtime, workload, params, layer, profile, metric]);
}

function seriesAlarms(alarm: AlarmLine, name: string, accepted: boolean): readonly SeriesAlarm[] {
  const { id, night, direction } = alarm;
  return alarm.series.flatMap(({ series, since = alarm.since, change, low, high }) =>
    series === name ? [{ id, night, since, direction, change, low, high, accepted }] : [],
  );
}

const kinds = ['pin', 'baseline', 'none'];

/** The runtime whose pin is the baseline; empty if no series has absolute values. */
function baselineOf(series: readonly SeriesView[]): string {
  const pin = series.find(({ line }) => line.against === 'none')?.line.runtime ?? '';
  return series.find(({ line }) => line.against === 'pin' && line.reference === pin)?.line.runtime ?? '';
}

/** Sorts series; within a subject, those of the baseline come first. */
function inOrder(series: readonly SeriesView[], baseline: string): readonly SeriesView[] {
  const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return series.toSorted(
    ({ line: a, subject }, { line: b, subject: other }) =>
      categoryOrder.indexOf(a.category) - categoryOrder.indexOf(b.category) ||
      text(subject, other) ||
      kinds.indexOf(a.against) - kinds.indexOf(b.against) ||
      Number(b.runtime === baseline) - Number(a.runtime === baseline) ||
      text(a.runtime, b.runtime),
  );
}
