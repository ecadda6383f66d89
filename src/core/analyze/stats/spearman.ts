import { studentTwoSided } from './distributions.ts';
import { at, requireFinite } from './finite.ts';
import { midranks } from './rank-sum.ts';

/** Up to this many pairs p is exact (all n! orders, also with ties); beyond, by Student's t. */
const exactLimit = 9;

export interface RankCorrelation {
  /** From −1 to 1; null where one side has no two different values. */
  readonly rho: number | null;
  /** Two-sided p of "no association"; null without `rho`, and below three pairs. */
  readonly p: number | null;
}

/** Spearman's rank correlation: Pearson's of the midranks. Null below two pairs or where one side does not vary. */
function spearmanRho(xs: readonly number[], ys: readonly number[]): number | null {
  if (xs.length !== ys.length) throw new RangeError(`${xs.length} values cannot be paired with ${ys.length}`);
  requireFinite(xs);
  requireFinite(ys);
  return rankCorrelation(midranks(xs).doubled, midranks(ys).doubled);
}

/** Pearson's correlation of doubled midranks, whose mean is n+1. */
function rankCorrelation(xs: readonly number[], ys: readonly number[]): number | null {
  const mean = xs.length + 1;
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < xs.length; i++) {
    const [x, y] = [at(xs, i) - mean, at(ys, i) - mean];
    xy += x * y;
    xx += x * x;
    yy += y * y;
  }
  return xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy);
}

/**
 * Spearman's rank correlation with its p value. Correlating values with their times shows whether the host, or what is
 * measured, drifts in one direction.
 *
 * Up to {@link exactLimit} pairs p is 2·min(P(R ≤ r), P(R ≥ r)) when all orders are equally likely, given the midranks.
 * Beyond, it is that of t = r·√((n−2)/(1−r²)) with n−2 degrees of freedom (as R's cor.test(exact = FALSE)). The test
 * detects monotone trends only. Throws RangeError on samples of different length and on values that are not finite.
 */
export function spearman(xs: readonly number[], ys: readonly number[]): RankCorrelation {
  const rho = spearmanRho(xs, ys);
  const n = xs.length;
  if (rho === null || n < 3) return { rho, p: null };
  if (n <= exactLimit) return { rho, p: exactP(midranks(xs).doubled, midranks(ys).doubled) };
  const t = Math.abs(rho) >= 1 ? Number.POSITIVE_INFINITY : rho * Math.sqrt((n - 2) / (1 - rho * rho));
  return { rho, p: studentTwoSided(t, n - 2) };
}

/**
 * Dynamic programming over sets of ys: count the orders that give each value of Σ xᵢ·y. There are 2ⁿ sets, each with
 * its possible sums.
 */
function exactP(xs: readonly number[], ys: readonly number[]): number {
  const n = xs.length;
  const sums: Map<number, number>[] = Array.from({ length: 2 ** n }, () => new Map());
  at(sums, 0).set(0, 1);
  for (let taken = 0; taken < sums.length - 1; taken++) {
    const x = at(xs, bitCount(taken));
    for (let j = 0; j < n; j++) {
      if ((taken >> j) & 1) continue;
      const to = at(sums, taken | (1 << j));
      const product = x * at(ys, j);
      for (const [sum, ways] of at(sums, taken)) to.set(sum + product, (to.get(sum + product) ?? 0) + ways);
    }
  }
  const observed = xs.reduce((sum, x, i) => sum + x * at(ys, i), 0);
  let [below, above, all] = [0, 0, 0];
  for (const [sum, ways] of at(sums, sums.length - 1)) {
    all += ways;
    if (sum <= observed) below += ways;
    if (sum >= observed) above += ways;
  }
  return Math.min(1, (2 * Math.min(below, above)) / all);
}

function bitCount(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count++;
  return count;
}
