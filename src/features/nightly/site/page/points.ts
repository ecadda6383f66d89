import { dayMs, type MonthData, type MonthRun, type MonthSeries, siteVersion } from '../data.ts';
import type { Range } from './address.ts';

/** A figure of a run. */
export interface RunFigure {
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly pairs: number;
}

/** A night of a series. */
export interface NightPoint extends RunFigure {
  readonly at: Date;
  readonly night: string;
  /** Disturbed trials, percent. */
  readonly disturbed: number;
  readonly failures: number;
  readonly program: string;
  /** Medians in the same run: `median`: of the runtime's values; `control`: of the reference's values. */
  readonly median: number;
  readonly control: number | null;
  readonly rerun: RunFigure | null;
}

/** Parses the text of a data page. Throws if it is not a month, or if its version differs. */
export function monthOf(text: unknown): MonthData {
  const month = JSON.parse(String(text)) as MonthData;
  if (month.version !== siteVersion) throw new Error(`version ${month.version}`);
  return month;
}

/**
 * The months that a range needs. `months`: such as `2026-11`; `last`: start of the last night, such as `2026-11-26T02:00:00Z`.
 */
export function monthsFor(months: readonly string[], last: string, range: Range): readonly string[] {
  if (range === null) return months;
  const first = startOf(last, range).toISOString().slice(0, 7);
  return months.filter((month) => month >= first && month <= last.slice(0, 7));
}

/** Start of a range of `range` days that ends with the night started at `last`. */
export function startOf(last: string, range: number): Date {
  return new Date(new Date(last).valueOf() - (range - 0.5) * dayMs);
}

/** The nights of a series in these months, by time. `control`: the series with the reference's own values. */
export function pointsOf(
  months: readonly MonthData[],
  slug: string,
  control: string | null,
): readonly NightPoint[] {
  return months.flatMap((month) => {
    const own = seriesOf(month, slug);
    if (own === null) return [];
    const beside = control === null ? null : seriesOf(month, control);
    const medians = new Map(beside?.run.map((run, i) => [run, beside.median[i] ?? 0]));
    const nights: NightPoint[] = [];
    own.run.forEach((place, i) => {
      const run = month.runs[place];
      if (run === undefined) return;
      const figure = figureAt(own, i);
      if (run.rerun) {
        const of = nights.findLastIndex(({ night }) => night === run.night);
        const night = nights[of];
        if (night !== undefined) nights[of] = { ...night, rerun: figure };
        return;
      }
      nights.push({
        ...figure,
        ...restOf(month, own, i, run),
        control: medians.get(place) ?? null,
        rerun: null,
      });
    });
    return nights;
  });
}

function seriesOf({ series }: MonthData, slug: string): MonthSeries | null {
  return Object.hasOwn(series, slug) ? (series[slug] ?? null) : null;
}

/** Element `i`; a list of length one holds for all. */
const at = (list: readonly number[], i: number) => list[list.length === 1 ? 0 : i] ?? 0;

function figureAt({ estimate, low, high, pairs }: MonthSeries, i: number): RunFigure {
  return { estimate: estimate[i] ?? 1, low: low[i] ?? null, high: high[i] ?? null, pairs: at(pairs, i) };
}

function restOf({ programs }: MonthData, own: MonthSeries, i: number, run: MonthRun) {
  return {
    at: new Date(run.at),
    night: run.night,
    disturbed: at(own.disturbed, i),
    failures: at(own.failures, i),
    program: programs[at(own.program, i)] ?? '',
    median: own.median[i] ?? 0,
  };
}

/** Nights further apart than this many usual steps are not joined by a line: the time between is unknown. */
const gap = 1.6;

/** Splits nights at gaps and at new segments. `breaks`: starts of segments. */
export function stretchesOf(
  points: readonly NightPoint[],
  breaks: readonly Date[],
): readonly (readonly NightPoint[])[] {
  const steps = points.slice(1).map(({ at }, i) => at.valueOf() - (points[i]?.at.valueOf() ?? 0));
  const usual = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? dayMs;
  const stretches: NightPoint[][] = [];
  points.forEach((point, i) => {
    const before = points[i - 1];
    const joins =
      before !== undefined &&
      point.at.valueOf() - before.at.valueOf() <= gap * usual &&
      !breaks.some((begin) => before.at < begin && begin <= point.at);
    const last = stretches.at(-1);
    if (joins && last !== undefined) last.push(point);
    else stretches.push([point]);
  });
  return stretches;
}
