import { engineLost } from '../execute/engine-guard.ts';
import { mostTries } from '../execute/run-loop.ts';
import type { TrialRunner } from '../execute/runner.ts';
import type { CalibrationCheck } from '../model/calibration.ts';
import { type Cell, cellKey } from '../model/cell.ts';
import type { PlannedBlock } from '../model/plan.ts';
import type { Reading, TrialRecord } from '../model/trial.ts';
import { planBlock } from '../plan/block.ts';
import type { RunWriter } from '../store/run-directory.ts';
import { type Comparison, cellOf } from './comparisons.ts';
import { isPrecise, judgeComparison, trialsByArm } from './judge.ts';

/** What a calibration's trials need. */
export interface CalibrationLoop {
  readonly comparisons: readonly Comparison[];
  readonly seed: number;
  readonly minBlocks: number;
  readonly maxBlocks: number;
  readonly maxTimeMs: number;
  readonly runTrial: TrialRunner;
  readonly writer: Pick<RunWriter, 'appendBlock' | 'appendTrial' | 'appendReadings'>;
  readonly interrupt: AbortSignal;
  /** Asked after every trial: how the engine was lost; null while it is well. */
  readonly engineLost: () => string | null;
  /** A block has ended; these comparisons are not yet precise enough. */
  readonly onBlock: (block: PlannedBlock, open: number) => void;
  /** ms, monotonic. */
  readonly now: () => number;
}

/** Every cell that the comparisons need, once. */
function cellsOf(comparisons: readonly Comparison[]): readonly Cell[] {
  const cells = comparisons.flatMap(({ treatment, control }) => [cellOf(treatment), cellOf(control)]);
  return [...new Map(cells.map((cell) => [cellKey(cell), cell])).values()];
}

/**
 * Runs complete random blocks, the first of them to warm up, until every comparison is precise enough or blocks or
 * time are used up. A comparison that is precise costs no more trials. Returns the checks in the order of the comparisons.
 */
export async function runCalibration(loop: CalibrationLoop): Promise<readonly CalibrationCheck[]> {
  const trials: TrialRecord[] = [];
  const series = new Map<string, readonly Reading[]>();
  const started = loop.now();
  const judgeAll = () => {
    const byArm = trialsByArm(trials);
    return loop.comparisons.map((comparison) => ({
      comparison,
      check: judgeComparison(comparison, byArm, series),
    }));
  };
  let open = loop.comparisons;
  for (let number = 0; number <= loop.maxBlocks && open.length > 0; number++) {
    const phase = number === 0 ? 'warmup' : 'measure';
    const block = planBlock({ seed: loop.seed, block: number, phase, cells: cellsOf(open) });
    loop.writer.appendBlock(block);
    for (const spec of block.trials) {
      if (loop.interrupt.aborted || loop.now() - started > loop.maxTimeMs) break;
      for (let attempt = 1, ended = false; !ended && attempt <= mostTries; attempt++) {
        const { record, readings } = await loop.runTrial(spec, { block: number, phase, attempt });
        const { outcome } = record;
        if (outcome.status !== 'interrupted') loop.writer.appendReadings(readings);
        loop.writer.appendTrial(record);
        trials.push(record);
        series.set(record.trialId, readings);
        const lost = loop.engineLost();
        if (lost !== null) throw engineLost(lost);
        ended = outcome.status !== 'interrupted' || loop.interrupt.aborted;
      }
    }
    if (loop.interrupt.aborted || loop.now() - started > loop.maxTimeMs) break;
    if (number >= loop.minBlocks)
      open = judgeAll().flatMap(({ comparison, check }) => (isPrecise(check) ? [] : [comparison]));
    loop.onBlock(block, open.length);
  }
  return judgeAll().map(({ check }) => check);
}
