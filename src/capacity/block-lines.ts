import { linearRegression } from 'simple-statistics';
import { hodgesLehmann } from '../analyze/stats/hodges-lehmann.ts';
import type { OverheadEstimate } from '../model/overhead.ts';

/** A measured value and what it was measured at. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line through the points of every block. */
export interface BlockLines {
  readonly intercept: OverheadEstimate;
  readonly slope: OverheadEstimate;
  /** How far the centre of the points at one x lies above the line, at most; 0 where none does. */
  readonly above: number;
  /** The largest intercept that a single point has with the common slope. */
  readonly largest: number;
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
  const points = whole.flat();
  const own = points.map(({ x, y }) => ({ x, intercept: y - slope.value * x }));
  const centres = [...Map.groupBy(own, ({ x }) => x).values()].map((at) =>
    hodgesLehmann(
      at.map((each) => each.intercept),
      confidence,
    ),
  );
  return {
    intercept,
    slope,
    above: Math.max(0, ...centres.map(({ estimate }) => estimate - intercept.value)),
    largest: Math.max(...own.map((each) => each.intercept)),
  };
}
