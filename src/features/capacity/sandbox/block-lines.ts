import { linearRegression } from 'simple-statistics';
import { hodgesLehmann } from '../../../core/analyze/stats/hodges-lehmann.ts';
import type { OverheadEstimate } from './overhead-record.ts';

/** A measured value and what it was measured at. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line through the points of every block. */
export interface BlockLines {
  readonly intercept: OverheadEstimate;
  readonly slope: OverheadEstimate;
  /** The largest intercept that a single point has with the common slope, and the number of points. */
  readonly largest: number;
  readonly points: number;
}

/** The centre of one value a block, with its interval; null without values. */
export function centreOf(values: readonly number[], confidence: number): OverheadEstimate | null {
  if (values.length === 0) return null;
  const { estimate, low, high } = hodgesLehmann(values, confidence);
  return { value: estimate, low, high, blocks: values.length };
}

/**
 * The centre of the lines of all blocks: least squares within a block, Hodges–Lehmann over the blocks. What drifts from
 * block to block stays out of the slope, and a block that went wrong hardly moves either. Blocks with fewer than `atLeast`
 * different x have no line. Null where no block has one.
 */
export function blockLines(
  blocks: Iterable<readonly Point[]>,
  { atLeast, confidence }: { readonly atLeast: number; readonly confidence: number },
): BlockLines | null {
  const whole = [...blocks].filter((points) => new Set(points.map(({ x }) => x)).size >= atLeast);
  const lines = whole.map((points) => linearRegression(points.map(({ x, y }) => [x, y])));
  const intercept = centreOf(
    lines.map(({ b }) => b),
    confidence,
  );
  const slope = centreOf(
    lines.map(({ m }) => m),
    confidence,
  );
  if (intercept === null || slope === null) return null;
  const own = whole.flat().map(({ x, y }) => y - slope.value * x);
  return { intercept, slope, largest: Math.max(...own), points: own.length };
}
