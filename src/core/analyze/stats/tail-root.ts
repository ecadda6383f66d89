import { requireFraction } from './finite.ts';

/** A distribution on the positive numbers. */
export interface Positive {
  /** P(X ≥ x), falling from 1 at 0 to 0. */
  readonly tail: (x: number) => number;
  readonly density: (x: number) => number;
}

/**
 * The x with P(X ≥ x) = `p`, to the last digits of a double: Newton's method on the logarithm of the tail, which also finds
 * values far out, kept inside a bracket. Throws RangeError unless 0 < `p` < 1.
 */
export function tailQuantile({ tail, density }: Positive, p: number): number {
  requireFraction('p', p);
  let [low, high] = [0, 1];
  while (tail(high) > p) [low, high] = [high, 2 * high];
  let x = (low + high) / 2;
  for (let step = 0; step < 200; step++) {
    const there = tail(x);
    if (there > p) low = x;
    else high = x;
    const newton = x + (Math.log(there / p) * there) / density(x);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - x) <= 2 * Number.EPSILON * x) return next;
    x = next;
  }
  return x;
}
