/** Of fewer values the middle would be chance; a single one is its own. */
export const fewestForMiddle = 3;

/** Weights of the middle of several values: the lowest and the highest weigh nothing, the others the same. */
export function middleWeights(values: readonly number[]): readonly number[] {
  const n = values.length;
  const out = n < fewestForMiddle ? 0 : 1;
  const order = values.map((value, place) => ({ value, place })).toSorted((a, b) => a.value - b.value);
  const counted = new Set(order.slice(out, n - out).map(({ place }) => place));
  return values.map((_, place) => (counted.has(place) ? 1 / counted.size : 0));
}

/** The mean of the values in the middle: of three or more without the lowest and the highest. */
export function middleOf(values: readonly number[]): number {
  const weights = middleWeights(values);
  return values.reduce((sum, value, place) => sum + value * (weights[place] ?? 0), 0);
}

/**
 * The place of a value without which the middle of the others lies within the band, or on the other side of 0; null where there is
 * none. A category whose claim needs that subject says no more than the subject does.
 */
export function carrierOf(centres: readonly number[], estimate: number, band: number): number | null {
  const place = centres.findIndex((_, left) => {
    const others = middleOf(centres.filter((_value, at) => at !== left));
    return Math.sign(others) !== Math.sign(estimate) || Math.abs(others) <= band;
  });
  return place < 0 ? null : place;
}
