import { erlangC } from '../../../core/analyze/stats/erlang-c.ts';
import type { Slo } from './input-record.ts';

/** Used where a service promises nothing: CPUs that are busier have no room for a busier second. */
export const usualUtilisation = 0.8;

/** Bisection steps: to a millionth. */
const steps = 20;

/** No promise lets CPUs be busier. */
const most = 0.99;

/**
 * The highest utilisation of the CPUs of a service at which its promise holds; null where it holds at none.
 *
 * Of a response time: answers take exponential times on `servers` CPUs with a common queue (M/M/c; Gross and Harris,
 * Fundamentals of Queueing Theory, 2.3), and under a runtime each takes `ratio` times as long.
 */
export function highestUtilisation(slo: Slo | null, ratio: number, servers: number): number | null {
  if (slo === null) return usualUtilisation;
  if (slo.kind === 'utilisation') return slo.utilisation;
  const { percentile, withinMs, aloneMs } = slo;
  const holds = (utilisation: number) =>
    lateShare(withinMs / (aloneMs * ratio), utilisation, servers) <= 1 - percentile;
  if (!holds(0)) return null;
  if (holds(most)) return most;
  let [low, high] = [0, most];
  for (let i = 0; i < steps; i++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low > 0 ? low : null;
}

/** Share of the answers that take longer than `time` mean service times, waiting included. */
export function lateShare(time: number, utilisation: number, servers: number): number {
  const waits = erlangC(servers, utilisation * servers);
  const free = servers * (1 - utilisation);
  // The two exponentials are equal there, and the general form divides by zero.
  if (Math.abs(free - 1) < 1e-6) return Math.exp(-time) * (1 + waits * time);
  return Math.exp(-time) + (waits * (Math.exp(-time) - Math.exp(-time * free))) / (free - 1);
}
