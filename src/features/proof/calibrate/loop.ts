import { median } from 'simple-statistics';
import { blocksForInterval } from '../../../core/analyze/looks.ts';
import { engineLost } from '../../../core/measure/execute/engine-guard.ts';
import { measureBlocks } from '../../../core/measure/execute/run-loop.ts';
import type { TrialRunner } from '../../../core/measure/execute/runner.ts';
import type { TrialResult } from '../../../core/measure/execute/trial.ts';
import { attemptTrial } from '../../../core/measure/execute/trial-attempts.ts';
import { scheduleBlock } from '../../../core/measure/schedule/block.ts';
import { quantity } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { type Cell, cellKey } from '../../../core/model/cell.ts';
import { givenUp } from '../../../core/model/given-up.ts';
import type { ScheduledBlock } from '../../../core/model/schedule.ts';
import type { Reading, TrialRecord } from '../../../core/model/trial.ts';
import type { RunWriter } from '../../../core/store/run-directory.ts';
import { confidence, withNote } from './allowance.ts';
import type { CalibrationCheck } from './calibration.ts';
import { type Comparison, cellOf } from './comparisons.ts';
import { judgeComparison, type Standing, trialsByArm } from './judge.ts';

/** Fewest pairs after which a check can settle. */
const pairsForInterval = blocksForInterval(1 - confidence);

const text = notices('calibration', {
  needs: 'not settled: about {pairs} more pairs would settle it, {time} (--max-time)',
  atLimit: 'the error lies near the limit: more of the same would not show on which side',
});

/** The check; where it is inconclusive, with what would settle it. `pairMs`: wall time of one more pair. */
export function withNeeds({ check, settled, pairsToSettle }: Standing, pairMs: number): CalibrationCheck {
  if (check.verdict !== 'inconclusive') return check;
  if (settled === 'precise') return withNote(check, text.atLimit);
  // Without an interval the scatter is not known: at least as many as an interval takes.
  const needed = pairsToSettle ?? pairsForInterval;
  if (settled !== null || needed <= check.n) return check;
  const morePairs = needed - check.n;
  const needs = { morePairs, moreMs: morePairs * pairMs };
  const time = quantity(Math.ceil(needs.moreMs / 1000), 's');
  return { ...withNote(check, text.needs({ pairs: morePairs, time })), needs };
}

/** A comparison that needs more pairs. */
interface OpenComparison {
  readonly comparison: Comparison;
  /** Pairs that it needs to settle, at the scatter so far; at least 1. */
  readonly missing: number;
}

/** Median wall time of a cell's trials, ms; 0 before the first. */
type CostOf = (cell: Cell) => number;

/** Both cells of a comparison. */
export function cellsOf({ treatment, control }: Comparison): readonly Cell[] {
  return [cellOf(treatment), cellOf(control)];
}

/**
 * The comparisons of the next block: all, while the time left is enough to settle all. Otherwise those that it is enough
 * for, the cheapest first, and at least one: half of the checks settled is worth more than all of them half measured.
 * A trial that several of them share is paid for once.
 */
export function chooseForBlock(
  open: readonly OpenComparison[],
  costOf: CostOf,
  timeLeftMs: number,
): readonly Comparison[] {
  const costOfPair = (comparison: Comparison) =>
    cellsOf(comparison).reduce((sum, cell) => sum + costOf(cell), 0);
  const cheapestFirst = open
    .map((each) => ({ ...each, costMs: each.missing * costOfPair(each.comparison) }))
    .toSorted((a, b) => a.costMs - b.costMs);
  const trials = new Map<string, number>();
  const chosen = new Set<Comparison>();
  let spentMs = 0;
  for (const { comparison, missing } of cheapestFirst) {
    const cells = cellsOf(comparison);
    const moreMs = cells.reduce(
      (sum, cell) => sum + Math.max(0, missing - (trials.get(cellKey(cell)) ?? 0)) * costOf(cell),
      0,
    );
    if (chosen.size > 0 && spentMs + moreMs > timeLeftMs) continue;
    spentMs += moreMs;
    chosen.add(comparison);
    for (const cell of cells) trials.set(cellKey(cell), Math.max(missing, trials.get(cellKey(cell)) ?? 0));
  }
  return open.map(({ comparison }) => comparison).filter((comparison) => chosen.has(comparison));
}

/**
 * The cells that warm up: one of every runtime, the first time that its files are read, and one of every program. What is left
 * to get used to is the same in both arms of a comparison.
 */
export function warmUpCells(cells: readonly Cell[]): readonly Cell[] {
  const seen = new Set<string>();
  return cells.filter(({ runtime, workload }) => {
    const isNew = !seen.has(runtime) || !seen.has(workload);
    seen.add(runtime).add(workload);
    return isNew;
  });
}

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
