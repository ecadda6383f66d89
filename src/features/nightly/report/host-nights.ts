import { categoryOrder, subjectLabel } from '../../../report/document/labels.ts';
import type { AlarmLine, HeadlineLine, NightLine } from '../history/record.ts';
import { acceptedAlarms, type History } from '../history/recorded-series.ts';
import { evaluateSeries, type SeriesState } from '../history/series-state.ts';

/** The nights of one host, evaluated. */
export interface HostNights {
  readonly host: string;
  /** In the order of categories, subjects and references. */
  readonly series: readonly SeriesState[];
  /** Without reruns, oldest first. */
  readonly nights: readonly NightLine[];
  /** Its newest night. */
  readonly last: NightLine;
  /** Newest first. */
  readonly alarms: readonly AlarmLine[];
  /** Alarm → why it was accepted. */
  readonly accepted: ReadonlyMap<string, string>;
}

/** A comparison, such as `runc ÷ runc-pin`; for values, the runtime. */
export function nameComparison({ runtime, reference }: Pick<HeadlineLine, 'runtime' | 'reference'>): string {
  return reference === null ? runtime : `${runtime} ÷ ${reference}`;
}

/** Anchor of a series in the page, and the name of its picture. */
export function anchorSeries({ host, series }: Pick<HeadlineLine, 'host' | 'series'>): string {
  return ['s', ...(`${host} ${series}`.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])].join('-');
}

/** Evaluates a history; the host with the newest night comes first. */
export function evaluateHosts(history: History): readonly HostNights[] {
  const nights = history.nights.filter(({ stage }) => stage === 'night');
  return [...Map.groupBy(nights.toReversed(), ({ host }) => host)].flatMap(([host, own]) => {
    const [last] = own;
    if (last === undefined) return [];
    return {
      host,
      series: evaluateSeries(history, host).toSorted((a, b) => compareLines(a.line, b.line)),
      nights: own.toReversed(),
      last,
      alarms: history.alarms.filter((alarm) => alarm.host === host).toReversed(),
      accepted: acceptedAlarms(history, host),
    };
  });
}

const references: readonly HeadlineLine['against'][] = ['pin', 'baseline', 'none'];

function compareLines(a: HeadlineLine, b: HeadlineLine): number {
  const text = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
  return (
    categoryOrder.indexOf(a.category) - categoryOrder.indexOf(b.category) ||
    text(subjectLabel(a), subjectLabel(b)) ||
    references.indexOf(a.against) - references.indexOf(b.against) ||
    text(a.runtime, b.runtime)
  );
}
