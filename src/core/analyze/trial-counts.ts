import type { Analysis } from '../model/analysis.ts';
import { cellKey } from '../model/cell.ts';
import type { Measurement } from '../model/metric.ts';
import { isFailure } from './effective-trial.ts';

/** Counts of a run's measured blocks and trials. */
type Counts = Pick<Analysis, 'blocks' | 'completeBlocks' | 'trials'>;

/** Count measured blocks and trials. Interrupted and unsupported trials are neither ok nor failed. */
export function countTrials(measurements: readonly Measurement[]): Counts {
  /** Block → the cells that were measured in it. */
  const blocks = new Map<number, Set<string>>();
  const cells = new Set<string>();
  const ids = { ok: new Set<string>(), failed: new Set<string>(), warmup: new Set<string>() };
  // The values of a trial are consecutive: they count once.
  let last: Measurement | undefined;
  for (const measurement of measurements) {
    const { phase, block, trialId, cell, outcome } = measurement;
    const same = last?.trialId === trialId && last.outcome === outcome && last.phase === phase;
    last = measurement;
    if (same) continue;
    if (phase === 'warmup') {
      ids.warmup.add(trialId);
      continue;
    }
    if (outcome !== 'interrupted') {
      const key = cellKey(cell);
      cells.add(key);
      blocks.set(block, (blocks.get(block) ?? new Set()).add(key));
    }
    if (outcome === 'ok') ids.ok.add(trialId);
    else if (isFailure(outcome)) ids.failed.add(trialId);
  }
  const complete = [...blocks.values()].filter((members) => members.size === cells.size);
  return {
    blocks: blocks.size,
    completeBlocks: complete.length,
    trials: { ok: ids.ok.size, failed: ids.failed.size, warmup: ids.warmup.size },
  };
}
