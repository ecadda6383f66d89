import { type Cell, cellKey } from '../../../core/model/cell.ts';
import { type Comparison, cellOf } from './comparisons.ts';

/** A comparison that needs more pairs. */
export interface OpenComparison {
  readonly comparison: Comparison;
  /** Pairs that it needs to settle, at the scatter so far; at least 1. */
  readonly missing: number;
}

/** Median wall time of a cell's trials, ms; 0 before the first. */
export type CostOf = (cell: Cell) => number;

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
