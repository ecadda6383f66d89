/**
 * Throws RangeError that names the first NaN or infinite value. Every statistic calls this first: simple-statistics
 * answers NaN input with plausible nonsense (`min([1, NaN])` is 1).
 */
export function requireFinite(values: ArrayLike<number> | Iterable<number>): void {
  // By index, as an iteration makes an object for each value.
  const list = 'length' in values ? values : [...values];
  for (let index = 0; index < list.length; index++)
    if (!Number.isFinite(list[index]))
      throw new RangeError(`value ${index} is ${list[index]}: statistics need finite numbers`);
}

/** Throws RangeError unless 0 < `value` < 1. */
export function requireFraction(name: string, value: number): void {
  if (!(value > 0 && value < 1)) throw new RangeError(`${name} is ${value}: it must lie between 0 and 1`);
}

/** A sorted copy; throws RangeError on a value that is not finite. */
export function sortedFinite(values: readonly number[]): Float64Array {
  const sorted = Float64Array.from(values).sort();
  // What is not finite stands at an end: −∞ first, ∞ and then NaN last.
  if (sorted.length > 0 && !(Number.isFinite(sorted[0]) && Number.isFinite(sorted.at(-1))))
    requireFinite(values);
  return sorted;
}

/** `values[index]` (0-based) of a range that the caller has checked; throws RangeError outside it. */
export function at<T>(values: ArrayLike<T>, index: number): T {
  const value = values[index];
  if (value === undefined) throw new RangeError(`index ${index} is outside 0…${values.length - 1}`);
  return value;
}
