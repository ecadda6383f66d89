import { cellKey } from '../../model/cell.ts';
import type { TrialRecord } from '../../model/trial.ts';

/** Wall time of a trial by its marks, ms; a trial of a duet costs half of it. */
export function trialMs({ marks, duet }: Pick<TrialRecord, 'marks' | 'duet'>): number {
  return (marks.at(-1)?.atNs ?? 0) / 1e6 / (duet === undefined ? 1 : 2);
}

/** Median wall time of each cell's successful trials, ms, by its key. */
export function costsOf(trials: readonly TrialRecord[]): ReadonlyMap<string, number> {
  const groups = Map.groupBy(
    trials.filter(({ outcome }) => outcome.status === 'ok'),
    ({ cell }) => cellKey(cell),
  );
  return new Map(
    [...groups].map(([key, own]) => {
      const sorted = own.map(trialMs).toSorted((a, b) => a - b);
      return [key, sorted[Math.floor(sorted.length / 2)] ?? 0];
    }),
  );
}
