import { at } from './finite.ts';

/** Added before rounding down, so that 7 as a sum of parts stays 7. */
const rounding = 1e-9;

export interface BlockWeights {
  readonly blocks: ReadonlySet<number>;
  readonly weights: readonly number[];
  /** The weights for the contribution of one block. */
  readonly without: (block: number) => readonly number[];
}

/** Variance of a weighted mean of series, and its degrees of freedom (a positive integer). */
export interface BlockVariance {
  readonly variance: number;
  readonly df: number;
}

/**
 * Cluster-robust variance of Σ weight·mean over series of one value a block, where the blocks are the clusters (A. C.
 * Cameron & D. L. Miller, J. Human Resources 50 (2015) 317): the sum over blocks of the square of Σ
 * weight·residual/√(n(n−1)). The square root makes it unbiased for independent series of any lengths n. The residuals
 * of a block are summed before they are squared, so that correlation within a block counts.
 *
 * Degrees of freedom by Satterthwaite for independent series, each with its part of the variance (R. M. Bell & D. F.
 * McCaffrey, Survey Methodology 28 (2002) 169), rounded down; at most those with every part replaced by the weight of
 * its series, which bounds them where a part is small by chance. Series of n values in the same blocks have n−1.
 *
 * `residuals`: value minus mean of the series, by block.
 */
export function blockVariance(
  residuals: readonly ReadonlyMap<number, number>[],
  { blocks, weights, without }: BlockWeights,
): BlockVariance {
  const sizes = residuals.map(({ size }) => size);
  let variance = 0;
  for (const block of blocks) {
    const own = without(block);
    let share = 0;
    residuals.forEach((values, s) => {
      const residual = values.get(block);
      const n = at(sizes, s);
      if (residual !== undefined) share += (at(own, s) * residual) / Math.sqrt(n * (n - 1));
    });
    variance += share * share;
  }
  const observed = residuals.map((values, s) => {
    const n = at(sizes, s);
    let squares = 0;
    for (const residual of values.values()) squares += residual * residual;
    return (at(weights, s) ** 2 * squares) / (n * (n - 1));
  });
  const overlaps = overlapsOf(residuals);
  const df = Math.min(degrees(observed, overlaps), degrees(weights, overlaps));
  return { variance, df: Math.max(1, Math.floor(df + rounding)) };
}

/** Series s, series t → tr(M_s M_t)/((n_s−1)(n_t−1)), where M_s subtracts the mean from the values in the blocks of s. */
type Overlaps = readonly (readonly number[])[];

function overlapsOf(residuals: readonly ReadonlyMap<number, number>[]): Overlaps {
  return residuals.map((a) =>
    residuals.map((b) => {
      let both = 0;
      for (const block of a.keys()) if (b.has(block)) both++;
      const [n, m] = [a.size, b.size];
      return (both * (1 - 1 / n - 1 / m + both / (n * m))) / ((n - 1) * (m - 1));
    }),
  );
}

/** (Σ part)² / Σ Σ part·part·overlap; the maximum where there is no part, since nothing needs a bound then. */
function degrees(parts: readonly number[], overlaps: Overlaps): number {
  let [total, squares] = [0, 0];
  parts.forEach((part, s) => {
    total += part;
    parts.forEach((other, t) => {
      squares += part * other * at(at(overlaps, s), t);
    });
  });
  return squares === 0 ? Number.POSITIVE_INFINITY : (total * total) / squares;
}
