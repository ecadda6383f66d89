import { seededRandom } from '../../../core/model/prng.ts';
import type { FleetRun, RunCategory, RunHeadline } from './fleet-run.ts';
import { whatOf } from './impossible.ts';

/** Up to this many runs, all are recomputed from their records; of more, a sample of this size and outlying runs. */
export const sampleSize = 16;

/**
 * Draws a random sample of runs to recompute. The seed depends on the records of all runs, so nobody who hands in a run can
 * predict it.
 */
export function sampleOf(runs: readonly FleetRun[]): readonly FleetRun[] {
  if (runs.length <= sampleSize) return runs;
  const records = runs.map((run) => run.records ?? run.runId).toSorted();
  const random = seededRandom(records.join(' '));
  return runs
    .map((run) => ({ run, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .slice(0, sampleSize)
    .map(({ run }) => run);
}

/** A figure whose published value differs from the recomputed one; null: the figure is missing there. */
export interface Contradiction {
  readonly what: string;
  readonly published: number | null;
  readonly records: number | null;
}

/** Tolerance: logarithms may differ in the last bits between processors. */
const tolerance = 1e-6;

/** The first figure of a published analysis that its records contradict; null if there is none. */
export function contradictionOf(published: FleetRun, made: FleetRun): Contradiction | null {
  if (published.trials !== made.trials)
    return { what: 'trials', published: published.trials, records: made.trials };
  return (
    impossibleIn(published, made) ??
    firstOf(published.comparisons, made.comparisons) ??
    firstOf(published.categories, made.categories)
  );
}

/** The first impossible figure of a published analysis that the records do not have. */
function impossibleIn(published: FleetRun, made: FleetRun): Contradiction | null {
  const own = new Map(made.impossible.map((each) => [each.key, each.figure]));
  const found = published.impossible.find(({ key, figure }) => !alike(figure, own.get(key) ?? null));
  if (found === undefined) return null;
  const { key, what, figure } = found;
  const cost = [...made.comparisons, ...made.categories].find((each) => each.key === key);
  const records = own.get(key) ?? (cost === undefined ? null : costOf(cost));
  return { what, published: figure, records };
}

function firstOf(
  published: readonly (RunHeadline | RunCategory)[],
  made: readonly (RunHeadline | RunCategory)[],
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

type Cost = RunHeadline | RunCategory;
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
  return whatOf('cell' in of ? of.cell : { ...of, workload: of.category, params: '' });
}
