import { seededRandom } from '../../model/prng.ts';
import { at, sortedFinite } from './finite.ts';

/** Minimum number of values for telling two groups from chance. */
export const minimumN = 10;

/** Each group has at least this share of the values, and this many: a few outliers are not a mode. */
const minimumShare = 0.2;
const minimumGroup = 3;

const replicates = 4_000;

/** The best split of a sample into a lower and an upper group. */
export interface Bimodality {
  /** Values in the lower group. */
  readonly lower: number;
  readonly lowerMean: number;
  readonly upperMean: number;
  /** Share of the variance that is between the groups, from 0 to 1. */
  readonly between: number;
  /**
   * Probability that a uniform sample of this size has at least this share; at least 1/4001. Where it is not below the level
   * that was asked for, a number between that level and it.
   */
  readonly p: number;
}

/**
 * Test whether a sample has two modes. The sample is split where the variance between the two groups is largest (Otsu
 * 1979; k-means for two groups in one dimension, exactly). Each group has at least {@link minimumShare}. The share of
 * that variance is compared with the shares of uniform samples of the same size.
 *
 * Of all symmetric unimodal distributions, the uniform one has the largest share when split in the middle, ¾: such a
 * distribution is a mixture of uniform ones, and (E|X|)²/Var X ≤ ¾ by Jensen. Exponential tails have less (0.65). A
 * small p therefore means "two groups", not "a long tail". It does not show more than two, nor modes closer than about
 * four standard deviations of each. Simulated, with a seed that depends only on n; costs O(n log n) and the simulation
 * once per n, of which most values need a tenth: it ends once p cannot be below `level`. Null below {@link minimumN} values,
 * or where all are equal.
 *
 * Pass logarithms where values have a ratio scale. Throws RangeError on a value that is not finite.
 */
export function bimodality(values: readonly number[], level = 1): Bimodality | null {
  const sorted = sortedFinite(values);
  if (sorted.length < minimumN) return null;
  const split = bestSplit(sorted);
  if (split === null) return null;
  const shareOf = uniformShares(sorted.length);
  let atLeast = 0;
  for (let replicate = 0; replicate < replicates; replicate++) {
    if (shareOf(replicate) >= split.between) atLeast++;
    if ((atLeast + 1) / (replicates + 1) >= level) break;
  }
  return { ...split, p: (atLeast + 1) / (replicates + 1) };
}

function bestSplit(sorted: Float64Array): Omit<Bimodality, 'p'> | null {
  const n = sorted.length;
  const first = at(sorted, 0);
  // Relative to the smallest value, so that a small spread on a large level keeps its digits.
  let [sum, squares] = [0, 0];
  for (const value of sorted) {
    sum += value - first;
    squares += (value - first) ** 2;
  }
  const total = squares - (sum * sum) / n;
  if (!(total > 0)) return null;
  const minSize = Math.max(minimumGroup, Math.ceil(minimumShare * n));
  let [best, lower, lowerSum, below] = [-1, 0, 0, 0];
  for (let k = 1; k <= n - minSize; k++) {
    below += at(sorted, k - 1) - first;
    if (k < minSize) continue;
    const between = (k * (n - k) * (below / k - (sum - below) / (n - k)) ** 2) / n;
    if (between > best) [best, lower, lowerSum] = [between, k, below];
  }
  return {
    lower,
    lowerMean: first + lowerSum / lower,
    upperMean: first + (sum - lowerSum) / (n - lower),
    between: Math.min(1, best / total),
  };
}

const known = new Map<number, (replicate: number) => number>();

/** The share of each of the uniform samples of n values, drawn as far as it is asked for. */
function uniformShares(n: number): (replicate: number) => number {
  let shareOf = known.get(n);
  if (shareOf === undefined) {
    const random = seededRandom(`bimodality ${n}`);
    const sample = new Float64Array(n);
    const shares = new Float64Array(replicates);
    let drawn = 0;
    shareOf = (replicate) => {
      for (; drawn <= replicate; drawn++) {
        for (let i = 0; i < n; i++) sample[i] = random();
        shares[drawn] = bestSplit(sample.sort())?.between ?? 0;
      }
      return at(shares, replicate);
    };
    known.set(n, shareOf);
  }
  return shareOf;
}
