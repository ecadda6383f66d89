import { cellKey } from '../model/cell.ts';
import type { CategoryMember } from './categories-members.ts';
import { type LookTest, lookFamily } from './look-tests.ts';
import { isTested, type Look, ownBlocks } from './looks.ts';
import { minimumPairs } from './stats/paired-centre.ts';
import { type PooledMean, pooledMean, pooledP } from './stats/pooled-mean.ts';

/** All categories of all runtimes: corrected together by Holm's method. */
const family = { name: 'categories', headline: false };

/**
 * The tests of "the category costs what the baseline costs", one for each look of the run. The run itself tests with the subjects
 * that have enough pairs. An extension tests with its own blocks, and only a category of which it holds every subject: of a
 * part, it would be another question.
 */
export function categoryTests(
  members: readonly CategoryMember[],
  looks: readonly Look[],
  widening: number,
): readonly LookTest[] {
  return looks.flatMap((look) => {
    if (!members.every(({ row }) => isTested(look, cellKey(row)))) return [];
    const series = members
      .map(({ logCosts }) => ownBlocks(look, logCosts))
      .filter(({ size }) => size >= minimumPairs);
    if (series.length === 0 || (look.number > 0 && series.length < members.length)) return [];
    const p = pooledP(widened(pooledMean(series), widening));
    return [{ look, family: lookFamily(look, family), p }];
  });
}

/** The mean with its error times a factor. */
export function widened(pooled: PooledMean, factor: number): PooledMean {
  return { ...pooled, standardError: factor * pooled.standardError };
}
