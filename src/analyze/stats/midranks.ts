import { at } from './finite.ts';

/** The ranks of values among themselves, and how many of them share one. */
export interface Midranks {
  /** Twice the midrank of each value, in the order given: twice, so that they are integers. */
  readonly doubled: readonly number[];
  /** Σ(t³−t) over groups of t tied values; 0 without ties. */
  readonly tieSum: number;
}

/**
 * Ranks from 1 up, tied values sharing the mean of theirs. Values tie that exceed the smallest of their group by at
 * most `tolerance` times its absolute value; with 0 (the default) equal values only.
 */
export function midranks(values: readonly number[], tolerance = 0): Midranks {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const doubled = new Array<number>(values.length).fill(0);
  let tieSum = 0;
  let begin = 0;
  while (begin < order.length) {
    const first = at(order, begin).value;
    let end = begin + 1;
    while (end < order.length && at(order, end).value - first <= tolerance * Math.abs(first)) end++;
    for (let i = begin; i < end; i++) doubled[at(order, i).index] = begin + 1 + end;
    const tied = end - begin;
    tieSum += tied ** 3 - tied;
    begin = end;
  }
  return { doubled, tieSum };
}
