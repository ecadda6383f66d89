import { median } from 'simple-statistics';
import { blocksForInterval } from '../../../core/analyze/claims/looks.ts';
import { engineLost } from '../../../core/measure/execute/engine-guard.ts';
import { measureBlocks } from '../../../core/measure/execute/run-loop.ts';
import type { TrialRunner } from '../../../core/measure/execute/runner.ts';
import type { TrialResult } from '../../../core/measure/execute/trial.ts';
import { attemptTrial } from '../../../core/measure/execute/trial-attempts.ts';
import { scheduleBlock } from '../../../core/measure/schedule/block.ts';
import { quantity } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { givenUp } from '../../../core/model/run/given-up.ts';
import type { ScheduledBlock } from '../../../core/model/run/schedule.ts';
import { type Cell, cellKey } from '../../../core/model/trial/cell.ts';
import type { Reading, TrialRecord } from '../../../core/model/trial/trial.ts';
import type { RunWriter } from '../../../core/store/run-directory.ts';
import { confidence, withNote } from './allowance.ts';
import type { CalibrationCheck } from './calibration.ts';
import { cellOf, type ProbeComparison } from './comparisons.ts';
import { type CheckState, judgeComparison, trialsByArm } from './judge.ts';

/** Minimum number of pairs for a check to settle. */
const pairsForInterval = blocksForInterval(1 - confidence);

const text = notices('calibration', {
  needs: 'inconclusive: about {pairs} more pairs would settle it, {time} (--max-time)',
  atLimit: 'the error is close to the limit: more pairs would not decide',
});

/** Pairs that settle a check, at least those of an interval; that many while its scatter is unknown. */
const pairsNeeded = (pairsToSettle: number | null) => Math.max(pairsForInterval, pairsToSettle ?? 0);

/** The check; if inconclusive, with the effort that would settle it. `pairMs`: wall time of one more pair. */
function withNeeds({ check, settled, pairsToSettle }: CheckState, pairMs: number): CalibrationCheck {
  if (check.verdict !== 'inconclusive') return check;
  if (settled === 'precise') return withNote(check, text.atLimit);
  const needed = pairsNeeded(pairsToSettle);
  if (settled !== null || needed <= check.n) return check;
  const morePairs = needed - check.n;
  const needs = { morePairs, moreMs: morePairs * pairMs };
  const time = quantity(Math.ceil(needs.moreMs / 1000), 's');
  return { ...withNote(check, text.needs({ pairs: morePairs, time })), needs };
}

/** A comparison that needs more pairs. */
interface OpenComparison {
  readonly comparison: ProbeComparison;
  /** Number of pairs needed to settle it at the scatter so far; at least 1. */
  readonly missing: number;
}

/** Median wall time of a cell's trials, ms; 0 before the first. */
type CellCost = (cell: Cell) => number;

/** Both cells of a comparison. */
export function cellsOf({ treatment, control }: ProbeComparison): readonly Cell[] {
  return [cellOf(treatment), cellOf(control)];
}

/**
 * The comparisons of the next block: all, if the time left can settle all. Otherwise the cheapest ones that it can settle, at
 * least one: half of the checks settled is better than all of them half measured. A trial that several comparisons share counts
 * once.
 */
export function chooseForBlock(
  open: readonly OpenComparison[],
  costOf: CellCost,
  timeLeftMs: number,
): readonly ProbeComparison[] {
  const costOfPair = (comparison: ProbeComparison) =>
    cellsOf(comparison).reduce((sum, cell) => sum + costOf(cell), 0);
  const cheapestFirst = open
    .map((each) => ({ ...each, costMs: each.missing * costOfPair(each.comparison) }))
    .toSorted((a, b) => a.costMs - b.costMs);
  const trials = new Map<string, number>();
  const chosen = new Set<ProbeComparison>();
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
 * The cells of the warm-up: one per runtime, so that its files are cached, and one per program. Other first-time effects are
 * equal in both arms of a comparison.
 */
export function firstCells(cells: readonly Cell[]): readonly Cell[] {
  const seen = new Set<string>();
  return cells.filter(({ runtime, workload }) => {
    const isNew = !seen.has(runtime) || !seen.has(workload);
    seen.add(runtime).add(workload);
    return isNew;
  });
}

/** Input of a calibration's trials. */
export interface CalibrationLoop {
  readonly comparisons: readonly ProbeComparison[];
  readonly seed: number;
  readonly minBlocks: number;
  readonly maxBlocks: number;
  readonly maxTimeMs: number;
  readonly runTrial: TrialRunner;
  readonly writer: Pick<RunWriter, 'appendBlock' | 'appendTrial' | 'appendReadings'>;
  readonly interrupt: AbortSignal;
  /** Called after every trial: why the engine is lost; null if it responds. */
  readonly engineLost: () => Message | null;
  /** Called after every block; `open`: the comparisons that are not settled yet. */
  readonly onBlock: (block: ScheduledBlock, open: readonly ProbeComparison[]) => void;
  /** ms, monotonic. */
  readonly now: () => number;
}

/** The trials so far, and values derived only from them. */
class Records {
  readonly #trials: TrialRecord[] = [];
  readonly #series = new Map<string, readonly Reading[]>();
  readonly #costs = new Map<string, number[]>();

  add({ record, readings }: TrialResult): void {
    this.#trials.push(record);
    this.#series.set(record.trialId, readings);
  }

  /** Notes the wall time of a trial, with what comes before and after the life of its container. */
  spend(cell: Cell, ms: number): void {
    const key = cellKey(cell);
    this.#costs.set(key, [...(this.#costs.get(key) ?? []), ms]);
  }

  /** Median wall time of a cell's trials, ms; 0 before the first. */
  costOf(cell: Cell): number {
    const own = this.#costs.get(cellKey(cell));
    return own === undefined ? 0 : median(own);
  }

  standings(
    comparisons: readonly ProbeComparison[],
  ): readonly (CheckState & { readonly comparison: ProbeComparison })[] {
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
 * Runs a warm-up, then complete random blocks until every comparison is settled or given up, or blocks or time are used up. A
 * settled comparison gets no more trials; if time is short, it goes to comparisons that can still settle. Until then, the
 * schedule depends only on the seed and the records. Returns the checks in the order of the comparisons.
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
          ? firstCells(allCells)
          : distinct(chooseForBlock(open, (cell) => records.costOf(cell), timeLeft()).flatMap(cellsOf));
      const scheduled = scheduleBlock({ seed: loop.seed, block, phase, cells });
      loop.writer.appendBlock(scheduled);
      return scheduled;
    },
    itemsOf: (block) => block.trials,
    async measure(spec, { block, phase }) {
      const begin = loop.now();
      const hooks = { ...loop, onEnd: (result: TrialResult) => records.add(result) };
      const { lost } = await attemptTrial(hooks, spec, { block, phase, attempt: 1 });
      if (lost !== null) throw engineLost(lost);
      if (phase === 'measure') records.spend(spec.cell, loop.now() - begin);
    },
    isCutOff: () => loop.interrupt.aborted || timeLeft() <= 0,
    onBlockEnd(block) {
      open = openNow().map(({ comparison, check, pairs, pairsToSettle }) => ({
        comparison,
        missing: Math.max(1, minBlocks - pairs, pairsNeeded(pairsToSettle) - check.n),
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

/** The distinct cells. */
function distinct(cells: readonly Cell[]): readonly Cell[] {
  return [...new Map(cells.map((cell) => [cellKey(cell), cell])).values()];
}
