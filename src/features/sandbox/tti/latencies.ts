/** Marks that a sandbox adds to those of its start: the exec call, its first byte, and its exit code. */
export const commandMarks = { begin: 'command-begin', output: 'command-output', end: 'command-end' } as const;

/** Mark of the trial: every sandbox has answered or failed. */
export const settledMark = 'all-settled';

/** The fewest sandboxes of which a percentile says more than the slowest one does. */
export const leastFor = { p50: 1, p95: 20, p99: 100, max: 1 } as const;
export type Percentile = keyof typeof leastFor;

const shares: Readonly<Record<Percentile, number>> = { p50: 0.5, p95: 0.95, p99: 0.99, max: 1 };

/**
 * A percentile over `count` sandboxes, of which those without a latency took infinitely long: Infinity where it falls among
 * them. Between two latencies it is interpolated (Hyndman and Fan 1996, definition 7).
 */
export function percentileOf(latencies: readonly number[], count: number, which: Percentile): number {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (count - 1) * shares[which];
  const [below, above] = [Math.floor(at), Math.ceil(at)].map((i) => sorted[i] ?? Number.POSITIVE_INFINITY);
  if (below === undefined || above === undefined || above === Number.POSITIVE_INFINITY)
    return Number.POSITIVE_INFINITY;
  return below + (above - below) * (at - Math.floor(at));
}
