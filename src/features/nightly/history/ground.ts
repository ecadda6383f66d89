import { studentQuantile } from '../../../core/analyze/stats/distributions.ts';
import type { Category } from '../../../core/model/workload/metric.ts';
import { changesBetween, type VersionChange } from './changes.ts';
import type { HeadlineLine } from './record.ts';
import type { RecordedSeries } from './recorded-series.ts';
import { comparisonKey } from './series.ts';

/** What a change of the ground costs: the pinned baseline's values of one category, since ÷ before, above 1 costs more. */
interface GroundCost {
  readonly category: Category;
  readonly change: number;
  /** 95 % interval over nights. */
  readonly low: number;
  readonly high: number;
  /** Nights before and since. */
  readonly before: number;
  readonly since: number;
}

/** Kernel, host or engine changed between two nights. */
export interface GroundChange {
  /** First night on the new ground. */
  readonly night: string;
  readonly changes: readonly VersionChange[];
  /** One per category of which both grounds have {@link fewest} nights. */
  readonly costs: readonly GroundCost[];
}

/** Nights of each ground that are compared: those nearest to the change, so that a host's drift matters little. */
const window = 14;
/** Fewest nights of each, for an estimate of what nights differ by. */
const fewest = 3;
const miss = 0.05;

/**
 * Changes of the ground, oldest first, and what each costs. The program that is measured is the same before and since: a pinned
 * copy. The mean over a category's subjects is taken night by night, and nights are the sample (Welch's t): whatever moves all
 * subjects of a night moves the figure of that night alone.
 */
export function groundChanges(series: readonly RecordedSeries[]): readonly GroundChange[] {
  const values = series.filter(({ against }) => against === 'null');
  const events = new Map<string, VersionChange[]>();
  for (const { lines } of values)
    for (const [i, line] of lines.entries()) {
      const before = lines[i - 1];
      if (before === undefined) continue;
      const own = changesBetween(before, line).filter(
        ({ part }) => part !== 'runtime' && part !== 'workload',
      );
      if (own.length > 0) events.set(line.night, [...(events.get(line.night) ?? []), ...own]);
    }
  const nights = [...events.keys()].toSorted();
  return nights.map((night, i) => {
    const [from, to] = [nights[i - 1] ?? '', nights[i + 1] ?? '\uffff'];
    const categories = Map.groupBy(values, ({ lines: [first] }) => first?.category);
    return {
      night,
      changes: distinct(events.get(night) ?? []),
      costs: [...categories].flatMap(([category, own]) => {
        if (category === undefined || category === 'isolation') return [];
        const comparable = own.flatMap(({ lines }) => sameWork(lines, night));
        const around = comparable.filter((line) => line.night >= from && line.night < to);
        const known = (isSince: boolean) =>
          new Set(around.filter((line) => line.night >= night === isSince).map(({ series }) => series));
        const [seriesBefore, seriesSince] = [known(false), known(true)];
        const means = nightMeans(
          around.filter(({ series }) => seriesBefore.has(series) && seriesSince.has(series)),
        );
        const before = means.filter((mean) => mean.night < night).slice(-window);
        const since = means.filter((mean) => mean.night >= night).slice(0, window);
        const cost = difference(before.map(logOf), since.map(logOf));
        return cost === null ? [] : [{ category, ...cost }];
      }),
    };
  });
}

const logOf = ({ log }: { readonly log: number }) => log;

function distinct(changes: readonly VersionChange[]): readonly VersionChange[] {
  return [...new Map(changes.map((change) => [JSON.stringify(change), change])).values()];
}

/** The lines of a series that measured the same work in the same image with the same copy as that night's. */
function sameWork(lines: readonly HeadlineLine[], night: string): readonly HeadlineLine[] {
  const first = lines.find((line) => line.night >= night);
  if (first === undefined || first.better === 'neither') return [];
  const key = comparisonKey(first);
  return lines.filter((line) => comparisonKey(line) === key);
}

/** The mean log cost of each night that has every subject. */
function nightMeans(
  lines: readonly HeadlineLine[],
): readonly { readonly night: string; readonly log: number }[] {
  const subjects = new Set(lines.map(({ series }) => series)).size;
  return [...Map.groupBy(lines, ({ run }) => run).values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined || own.length < subjects) return [];
    const costs = own.map(({ estimate, better }) => (better === 'higher' ? -1 : 1) * Math.log(estimate));
    return [{ night: first.night, log: costs.reduce((sum, cost) => sum + cost, 0) / costs.length }];
  });
}

/** Since ÷ before with its interval by Welch's t; null for too few nights. */
function difference(
  before: readonly number[],
  since: readonly number[],
): Omit<GroundCost, 'category'> | null {
  if (before.length < fewest || since.length < fewest) return null;
  const [a, b] = [spread(before), spread(since)];
  const variance = a.error + b.error;
  const change = b.mean - a.mean;
  const df = variance ** 2 / (a.error ** 2 / (before.length - 1) + b.error ** 2 / (since.length - 1));
  const half =
    variance === 0 ? 0 : -studentQuantile(miss / 2, Math.max(1, Math.floor(df))) * Math.sqrt(variance);
  return {
    change: Math.exp(change),
    low: Math.exp(change - half),
    high: Math.exp(change + half),
    before: before.length,
    since: since.length,
  };
}

/** Mean, and the variance of the mean. */
function spread(values: readonly number[]): { readonly mean: number; readonly error: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: squares / (values.length - 1) / values.length };
}
