/** Answers after the first that are compared with settled ones: together they read all that the service holds, once. */
export const tailAnswers = 100;

/**
 * The time that the first {@link tailAnswers} answers took beyond the same ones asked again, ns. Negative where the first were
 * faster.
 */
export function tailNs(latencies: readonly number[]): number {
  const sum = (values: readonly number[]) => values.reduce((all, each) => all + each, 0);
  return sum(latencies.slice(0, tailAnswers)) - sum(latencies.slice(tailAnswers, 2 * tailAnswers));
}
