import { at, sortedFinite } from './finite.ts';

/**
 * Cliff's delta: the share of pairs (x, y) with x > y less the share with x < y, from −1 to 1. 0 where neither sample
 * tends to be larger; ±1 where they do not overlap (N. Cliff, Psychological Bulletin 114 (1993) 494). It is 2U/(mn) − 1.
 *
 * O(n log n): two sorts and one sweep. Throws RangeError on an empty sample or a value that is not finite.
 */
export function cliffsDelta(first: readonly number[], second: readonly number[]): number {
  if (first.length === 0 || second.length === 0) throw new RangeError('an empty sample cannot be compared');
  const [xs, ys] = [sortedFinite(first), sortedFinite(second)];
  let below = 0;
  let notAbove = 0;
  let difference = 0;
  for (const x of xs) {
    while (below < ys.length && at(ys, below) < x) below++;
    notAbove = Math.max(notAbove, below);
    while (notAbove < ys.length && at(ys, notAbove) <= x) notAbove++;
    difference += below - (ys.length - notAbove);
  }
  return difference / xs.length / ys.length;
}
