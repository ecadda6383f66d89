import type { FactRow } from '../model/analysis.ts';
import type { Cell } from '../model/cell.ts';
import type { EffectiveTrial } from './effective-trial.ts';

/** No fact is longer than this many UTF-16 units in a result; what a container prints has no limit of its own. */
const longest = 1000;

interface Collected {
  readonly cell: Cell;
  readonly id: string;
  /** Value → trials that said it, in order of first appearance. */
  readonly counts: Map<string, number>;
}

/**
 * What measured trials say that is not a quantity: one row per cell and fact, in order of first appearance. Warm-up
 * trials are left out, as they are everywhere.
 */
export function collectFacts(trials: readonly Pick<EffectiveTrial, 'trial' | 'facts'>[]): FactRow[] {
  const collected = new Map<string, Collected>();
  for (const { trial, facts } of trials) {
    if (trial.phase === 'warmup') continue;
    const { cell } = trial;
    for (const { id, value } of facts) {
      const key = JSON.stringify([cell.runtime, cell.profile, cell.layer, cell.workload, cell.params, id]);
      const entry = collected.get(key) ?? { cell, id, counts: new Map<string, number>() };
      const said = value.slice(0, longest).toWellFormed();
      entry.counts.set(said, (entry.counts.get(said) ?? 0) + 1);
      collected.set(key, entry);
    }
  }
  return [...collected.values()].map(({ cell, id, counts }) => {
    const [value = ''] = [...counts].reduce((most, other) => (other[1] > most[1] ? other : most));
    const { runtime, profile, layer, workload, params } = cell;
    const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
    return { runtime, profile, layer, workload, params, id, value, trials: all, varies: counts.size > 1 };
  });
}
