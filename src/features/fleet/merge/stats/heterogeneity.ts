import { normalScore, studentTwoSided, upperGamma } from '../../../../core/analyze/stats/distributions.ts';

/** A mean, the square of its standard error, and the degrees of freedom of that; all above 0 but for the mean. */
export interface EstimatedMean {
  readonly mean: number;
  readonly variance: number;
  readonly df: number;
}

/** Whether several means of one value differ by more than their errors. */
export interface Heterogeneity {
  /** Sum of squared normal scores; as Cochran's Q where the errors are known. */
  readonly q: number;
  /** Number of means less one. */
  readonly df: number;
  /** p of "they do not differ"; 1 for a single mean. */
  readonly p: number;
}

/**
 * Cochran's Q for errors that are estimated from few blocks: sums the squared normal scores of each mean's t test against
 * their weighted mean. Q itself assumes known errors, and Welch's analysis of variance is valid for few means only: with 100
 * means of 8 blocks, its false positive rate is three times the level.
 */
export function heterogeneity(means: readonly EstimatedMean[]): Heterogeneity {
  if (means.length < 2) return { q: 0, df: 0, p: 1 };
  const total = means.reduce((sum, { variance }) => sum + 1 / variance, 0);
  const centre = means.reduce((sum, { mean, variance }) => sum + mean / variance, 0) / total;
  const q = means.reduce((all, { mean, variance, df }) => {
    // Corrects for the mean's own part in the centre.
    const apart = 1 - 1 / variance / total;
    if (!(apart > 0)) return all;
    const t = Math.abs(mean - centre) / Math.sqrt(variance * apart);
    return all + apart * normalScore(studentTwoSided(t, df)) ** 2;
  }, 0);
  const df = means.length - 1;
  return { q, df, p: upperGamma(df / 2, q / 2) };
}
