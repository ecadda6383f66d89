import { at } from './finite.ts';

/** The ranks of values, and the extent of ties. */
export interface Midranks {
  /** Twice the midrank of each value, in the given order: doubled, so that they are integers. */
  readonly doubled: readonly number[];
  /** Σ(t³−t) over groups of t tied values; 0 without ties. */
  readonly tieSum: number;
}

/**
 * Ranks from 1 up; tied values share their mean rank. A value ties with the smallest of its group if it exceeds that
 * value by at most `tolerance` times its magnitude. With 0 (the default), only equal values tie.
 */
export function midranks(values: readonly number[], tolerance = 0): Midranks {
  // Sorting numbers without a comparison function, and finding each again, is several times faster than sorting
  // indices.
  const sorted = Float64Array.from(values).sort();
  const ranks = new Uint32Array(sorted.length);
  let tieSum = 0;
  let begin = 0;
  while (begin < sorted.length) {
    const first = at(sorted, begin);
    const limit = tolerance * Math.abs(first);
    let end = begin + 1;
    while (end < sorted.length && at(sorted, end) - first <= limit) end++;
    ranks.fill(begin + 1 + end, begin, end);
    const tied = end - begin;
    tieSum += tied ** 3 - tied;
    begin = end;
  }
  return { doubled: values.map((value) => at(ranks, firstIndex(sorted, value))), tieSum };
}

/** The first index of a value that the sorted array contains. */
function firstIndex(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
