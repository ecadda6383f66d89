import { median } from 'simple-statistics';
import { measureBlocks } from '../../../core/measure/execute/block-loop.ts';
import { engineLost } from '../../../core/measure/execute/engine-guard.ts';
import type { TrialRunner } from '../../../core/measure/execute/runner.ts';
import type { TrialResult } from '../../../core/measure/execute/trial.ts';
import { attemptTrial } from '../../../core/measure/execute/trial-attempts.ts';
import { scheduleBlock } from '../../../core/measure/schedule/block.ts';
import type { Message } from '../../../core/messages/message.ts';
import { type Cell, cellKey } from '../../../core/model/cell.ts';
import { givenUp } from '../../../core/model/given-up.ts';
import type { ScheduledBlock } from '../../../core/model/schedule.ts';
import type { Reading, TrialRecord } from '../../../core/model/trial.ts';
import type { RunWriter } from '../../../core/store/run-directory.ts';
import { cellsOf, chooseForBlock, warmUpCells } from './allocation.ts';
import type { CalibrationCheck } from './calibration.ts';
import type { Comparison } from './comparisons.ts';
import { judgeComparison, type Standing } from './judge.ts';
import { pairsForInterval, withNeeds } from './needs.ts';
import { trialsByArm } from './pair-errors.ts';

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
  /** A block has ended; `open` are the comparisons that are not settled yet. */
  readonly onBlock: (block: ScheduledBlock, open: readonly Comparison[]) => void;
  /** ms, monotonic. */
  readonly now: () => number;
}

/** The trials so far, and what follows from them alone. */
class Records {
  readonly #trials: TrialRecord[] = [];
  readonly #series = new Map<string, readonly Reading[]>();
  readonly #costs = new Map<string, number[]>();

  add({ record, readings }: TrialResult): void {
    this.#trials.push(record);
    this.#series.set(record.trialId, readings);
    if (record.iterationNs === null) return;
    const key = cellKey(record.cell);
    this.#costs.set(key, [...(this.#costs.get(key) ?? []), record.iterationNs / 1e6]);
  }

  /** Median wall time of a cell's trials, ms; 0 before the first. */
  costOf(cell: Cell): number {
    const own = this.#costs.get(cellKey(cell));
    return own === undefined ? 0 : median(own);
  }

  standings(comparisons: readonly Comparison[]): readonly (Standing & { readonly comparison: Comparison })[] {
    const byArm = trialsByArm(this.#trials);
    return comparisons.map((comparison) => ({
      comparison,
      ...judgeComparison(comparison, byArm, this.#series),
    }));
  }

  givenUp(cells: readonly Cell[]): ReadonlySet<string> {
    return new Set(givenUp(cells, this.#trials).keys());
  }
}

/**
 * Run complete random blocks after a warm-up until every comparison is settled or was given up, or blocks or time are used
 * up. A settled comparison gets no more trials, and where the time left is short it goes to those that it can still settle.
 * Until then the schedule follows from the seed and the records. Returns the checks in the order of the comparisons.
 */
export async function runCalibration(loop: CalibrationLoop): Promise<readonly CalibrationCheck[]> {
  const { comparisons, minBlocks, maxBlocks } = loop;
  const records = new Records();
  const started = loop.now();
  const timeLeft = () => loop.maxTimeMs - (loop.now() - started);
  const allCells = distinct(comparisons.flatMap(cellsOf));
  const openNow = () => {
    const lost = records.givenUp(allCells);
    return records
      .standings(comparisons)
      .filter(
        ({ comparison, settled, pairs }) =>
          settled !== 'absent' &&
          pairs < maxBlocks &&
          (pairs < minBlocks || settled === null) &&
          !cellsOf(comparison).some((cell) => lost.has(cellKey(cell))),
      );
  };
  let open = comparisons.map((comparison) => ({ comparison, missing: minBlocks }));
  let number = 0;
  await measureBlocks({
    next() {
      if (open.length === 0) return null;
      const block = number++;
      const phase = block === 0 ? 'warmup' : 'measure';
      const cells =
        phase === 'warmup'
          ? warmUpCells(allCells)
          : distinct(chooseForBlock(open, (cell) => records.costOf(cell), timeLeft()).flatMap(cellsOf));
      const scheduled = scheduleBlock({ seed: loop.seed, block, phase, cells });
      loop.writer.appendBlock(scheduled);
      return scheduled;
    },
    itemsOf: (block) => block.trials,
    async measure(spec, { block, phase }) {
      const hooks = { ...loop, onEnd: (result: TrialResult) => records.add(result) };
      const { lost } = await attemptTrial(hooks, spec, { block, phase, attempt: 1 });
      if (lost !== null) throw engineLost(lost);
    },
    isCutOff: () => loop.interrupt.aborted || timeLeft() <= 0,
    onBlockEnd(block) {
      open = openNow().map(({ comparison, check, pairs, pairsToSettle }) => ({
        comparison,
        missing: Math.max(1, minBlocks - pairs, (pairsToSettle ?? pairsForInterval) - check.n),
      }));
      loop.onBlock(
        block,
        open.map(({ comparison }) => comparison),
      );
    },
  });
  return records.standings(comparisons).map((standing) => {
    const pairMs = cellsOf(standing.comparison).reduce((sum, cell) => sum + records.costOf(cell), 0);
    return withNeeds(standing, pairMs);
  });
}

/** Every cell once. */
function distinct(cells: readonly Cell[]): readonly Cell[] {
  return [...new Map(cells.map((cell) => [cellKey(cell), cell])).values()];
}
