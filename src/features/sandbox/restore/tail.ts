/** Answers after the first that are compared with settled ones, and the number of settled ones. */
export const tailAnswers = 100;
export const settledAnswers = 100;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/**
 * The time that the first answers took beyond as many settled ones, ns: the sum of the first {@link tailAnswers} less as many
 * times the median of the {@link settledAnswers} that follow. Negative where the first were faster.
 */
export function tailNs(latencies: readonly number[]): number {
  const first = latencies.slice(0, tailAnswers).reduce((sum, each) => sum + each, 0);
  return first - tailAnswers * median(latencies.slice(tailAnswers, tailAnswers + settledAnswers));
}
