import { midranks } from '../../../core/analyze/stats/rank-sum.ts';
import { leastNights } from './alarm-thresholds.ts';

/** Least number of paired blocks that a level is learnt from: two for each night that they stand for. */
export const fewestToLearn = 2 * leastNights;

/** Blocks on either side of a change that is looked for, at least. */
const fewestAside = leastNights / 2;

/** Normal score of the largest difference at which an evening holds a change: chance reaches it in one of 1,000 (a test). */
const enough = 4;

/** What an evening says of a series. */
type LearningResult = 'learnt' | 'moved' | 'too-few';

/**
 * Did the series keep its level over an evening? The blocks before each moment are held against those after it by their ranks,
 * so that outliers do not matter (A. N. Pettitt, Appl. Statist. 28 (1979) 126, each moment in its own standard errors). `logs`:
 * logarithm of the ratio in each block, in their order.
 */
export function learningResult(logs: readonly number[]): LearningResult {
  const n = logs.length;
  if (n < fewestToLearn) return 'too-few';
  let [sum, most] = [0, 0];
  for (const [i, doubled] of midranks(logs).doubled.entries()) {
    sum += (doubled - (n + 1)) / 2;
    const [before, after] = [i + 1, n - i - 1];
    if (Math.min(before, after) >= fewestAside)
      most = Math.max(most, Math.abs(sum) / Math.sqrt((before * after * (n + 1)) / 12));
  }
  return most >= enough ? 'moved' : 'learnt';
}
