import { seededRandom } from '../../../core/model/prng.ts';
import type { FleetRun, RunCategory, RunComparison } from './fleet-run.ts';

/** Runs of which all figures are made again from their records; of more, as many, and those that stand apart. */
export const sampleSize = 16;

/**
 * Which runs of many are made again first: drawn at random, by a seed that nobody knows who hands in a run, as it depends on the
 * records of all.
 */
export function sampleOf(runs: readonly FleetRun[], seed: number): readonly FleetRun[] {
  if (runs.length <= sampleSize) return runs;
  const records = runs.map((run) => run.records ?? run.runId).toSorted();
  const random = seededRandom([seed, ...records].join(' '));
  return runs
    .map((run) => ({ run, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .slice(0, sampleSize)
    .map(({ run }) => run);
}

/** A figure of an analysis that is not that of the records; null where one of them has none. */
export interface Contradiction {
  readonly what: string;
  readonly published: number | null;
  readonly records: number | null;
}

/** Logarithms may differ in the last bits between processors; no figure that matters differs by less. */
const tolerance = 1e-6;

/** The first figure of a published analysis that its records contradict; null where they do not. */
export function contradictionOf(published: FleetRun, made: FleetRun): Contradiction | null {
  if (published.trials !== made.trials)
    return { what: 'trials', published: published.trials, records: made.trials };
  return firstOf(published.comparisons, made.comparisons) ?? firstOf(published.categories, made.categories);
}

function firstOf(
  published: readonly (RunComparison | RunCategory)[],
  made: readonly (RunComparison | RunCategory)[],
): Contradiction | null {
  const own = new Map(made.map((each) => [each.key, each]));
  for (const each of published) {
    const other = own.get(each.key);
    own.delete(each.key);
    for (const read of [costOf, lowOf, highOf, dfOf, lackOf]) {
      const [said, found] = [read(each), other === undefined ? null : read(other)];
      if (!alike(said, found)) return { what: labelOf(each), published: said, records: found };
    }
  }
  const [left] = own.values();
  return left === undefined ? null : { what: labelOf(left), published: null, records: costOf(left) };
}

type Cost = RunComparison | RunCategory;
const costOf = ({ mean }: Cost): number | null => Math.exp(mean);
const lowOf = ({ low }: Cost) => low;
const highOf = ({ high }: Cost) => high;
const dfOf = ({ df }: Cost) => df;
const lackOf = (of: Cost) => ('subjects' in of ? of.subjects : null);

function alike(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}

function labelOf(of: Cost): string {
  if (!('cell' in of)) return [of.runtime, of.layer, of.category].join(' ');
  const { runtime, layer, workload, params } = of.cell;
  return [runtime, layer, workload, params].filter((part) => part !== '').join(' ');
}
