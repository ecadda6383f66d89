import { at, requireFinite } from './finite.ts';

/**
 * Correlation of each value with the next, in the given order: Σ(xᵢ−x̄)(xᵢ₊₁−x̄) ÷ Σ(xᵢ−x̄)², the estimate of Box &
 * Jenkins and of R's acf(). For independent values it is about −1/n ± 1/√n; it is biased towards −1/n in short series.
 * Null below three values or where all are equal. Throws RangeError on a value that is not finite.
 */
export function lag1Autocorrelation(values: readonly number[]): number | null {
  requireFinite(values);
  const n = values.length;
  if (n < 3) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  let [own, next] = [0, 0];
  for (let i = 0; i < n; i++) {
    const deviation = at(values, i) - mean;
    own += deviation * deviation;
    if (i > 0) next += deviation * (at(values, i - 1) - mean);
  }
  // The mean of equal values may be rounded, which leaves deviations of rounding size.
  return own <= 1e-24 * n * mean * mean ? null : next / own;
}
