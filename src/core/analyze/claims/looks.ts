import type { RunRecord } from '../../model/run/run.ts';
import { type Centre, minimumPairs } from '../stats/paired-centre.ts';
import { criticalWalshRank } from '../stats/signed-rank.ts';
import { type ComparisonFamily, questionOf } from './families.ts';

/** Minimum number of paired blocks for an interval of a ratio with confidence 1 − `alpha`, and so for a verdict; at 0.05: 6. */
export function blocksForInterval(alpha: number): number {
  let n = minimumPairs;
  while (criticalWalshRank(n, 1 - alpha) === null) n++;
  return n;
}

/**
 * One look at a run's comparisons: that of the run as planned, or of an extension. Each look tests with its own blocks
 * only, because an extension is chosen by the results of the blocks before it.
 */
export interface InterimLook {
  /** 0 for the run itself, k for its k-th extension. */
  readonly number: number;
  /** Its first block. */
  readonly fromBlock: number;
  /** The first block after it; null for the last look. */
  readonly toBlock: number | null;
  /** Keys of the cells that it tests, which are one family; null: all cells, in the families of a run. */
  readonly cells: ReadonlySet<string> | null;
  /**
   * Level at which it claims: α for the run, and α·4⁻ᵏ for its k-th extension. Together they claim falsely with
   * probability at most 4/3·α. In simulations of one comparison it is α, because a claim also needs an interval that
   * excludes 1 and a difference beyond the practical threshold (`test/core/analyze/claims/looks.test.ts`).
   */
  readonly alpha: number;
}

/** The looks of a run in order. */
export function looksOf({
  config,
  extensions = [],
}: Pick<RunRecord, 'config' | 'extensions'>): readonly InterimLook[] {
  const starts = extensions.map(({ fromBlock }) => fromBlock);
  const { alpha } = config.thresholds;
  return [
    { number: 0, fromBlock: 0, toBlock: starts[0] ?? null, cells: null, alpha },
    ...extensions.map(({ fromBlock, cells }, index) => ({
      number: index + 1,
      fromBlock,
      toBlock: starts[index + 1] ?? null,
      cells: new Set(cells),
      alpha: alpha * 4 ** -(index + 1),
    })),
  ];
}

/** Does the look test the cell of this key? */
export function isTested({ cells }: InterimLook, cell: string): boolean {
  return cells === null || cells.has(cell);
}

/** The values of a cell, by block, in the blocks of the look. */
export function ownBlocks<T>(look: InterimLook, byBlock: ReadonlyMap<number, T>): ReadonlyMap<number, T> {
  const { fromBlock, toBlock } = look;
  return new Map([...byBlock].filter(([block]) => block >= fromBlock && block < (toBlock ?? Infinity)));
}

/**
 * The adjusted p of a cell over all its looks, on the scale of the run's own α: below α exactly if the p of one look is
 * below the level of that look. A claim of an earlier look therefore stands. `adjusted`: p of each look, adjusted
 * within its family. Null without looks.
 */
export function overLooks(
  adjusted: readonly { readonly look: InterimLook; readonly p: number }[],
  alpha: number,
): number | null {
  if (adjusted.length === 0) return null;
  return Math.min(1, ...adjusted.map(({ look, p }) => p * (alpha / look.alpha)));
}

/** A comparison at one look of an extended run, with the blocks of that look. */
export interface LookComparison {
  readonly look: InterimLook;
  /** Centre of its log ratios, or of its differences where the ratio is undefined; null without pairs. */
  readonly centre: Centre | null;
}

/** The p value of a comparison at one look. */
export interface LookTest {
  readonly look: InterimLook;
  readonly family: ComparisonFamily;
  readonly p: number;
}

/** The chosen cells of an extension are one family for each question that they belong to. */
export function lookFamily({ number }: InterimLook, usual: ComparisonFamily): ComparisonFamily {
  return number === 0
    ? usual
    : { name: `extension/${number}/${usual.headline ? questionOf(usual) : usual.name}`, headline: false };
}
