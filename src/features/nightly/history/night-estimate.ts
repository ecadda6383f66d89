import { resolution } from './rules.ts';
import type { Measure, Night } from './series.ts';

/** A value with its variance. */
export interface Estimate {
  readonly log: number;
  readonly variance: number;
}

/** First run and rerun of a night together, weighted by precision. */
export function estimateOf({ confirmation, ...first }: Night): Estimate {
  const measures: readonly Measure[] = confirmation === undefined ? [first] : [first, confirmation];
  return pooled(measures.map(({ log, se }) => ({ log, variance: Math.max(se, resolution) ** 2 })));
}

/** The mean of estimates of one value, weighted by precision. */
export function pooled(estimates: readonly Estimate[]): Estimate {
  let [sum, weight] = [0, 0];
  for (const { log, variance } of estimates) {
    sum += log / variance;
    weight += 1 / variance;
  }
  return { log: sum / weight, variance: 1 / weight };
}
