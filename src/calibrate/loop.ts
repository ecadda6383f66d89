import { measureBlocks } from '../execute/block-loop.ts';
import { engineLost } from '../execute/engine-guard.ts';
import type { TrialRunner } from '../execute/runner.ts';
import type { TrialResult } from '../execute/trial.ts';
import { attemptTrial } from '../execute/trial-attempts.ts';
import type { Message } from '../messages/message.ts';
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
  /** Called after every trial: how the engine was lost; null while it responds. */
  readonly engineLost: () => Message | null;
  /** A block has ended; `open` comparisons are not yet precise enough. */
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
 * Run complete random blocks, the first as warm-up, until every comparison is precise enough or blocks or time are used
 * up. A precise comparison gets no more trials. Returns the checks in the order of the comparisons.
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
  let number = 0;
  await measureBlocks({
    next() {
      if (number > loop.maxBlocks || open.length === 0) return null;
      const phase = number === 0 ? 'warmup' : 'measure';
      const block = planBlock({ seed: loop.seed, block: number++, phase, cells: cellsOf(open) });
      loop.writer.appendBlock(block);
      return block;
    },
    itemsOf: (block) => block.trials,
    async measure(spec, { block, phase }) {
      const hooks = {
        ...loop,
        onEnd({ record, readings }: TrialResult) {
          trials.push(record);
          series.set(record.trialId, readings);
        },
      };
      const { lost } = await attemptTrial(hooks, spec, { block, phase, attempt: 1 });
      if (lost !== null) throw engineLost(lost);
    },
    isCutOff: () => loop.interrupt.aborted || loop.now() - started > loop.maxTimeMs,
    onBlockEnd(block) {
      if (block.block >= loop.minBlocks)
        open = judgeAll().flatMap(({ comparison, check }) => (isPrecise(check) ? [] : [comparison]));
      loop.onBlock(block, open.length);
    },
  });
  return judgeAll().map(({ check }) => check);
}
