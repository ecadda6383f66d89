import { erlangC } from '../../../core/analyze/stats/erlang-c.ts';
import type { Bounded, WallPrediction } from './prediction.ts';

/** Time in the system over the service time, at a utilisation below 1. */
export function stretch(cpus: number, utilisation: number): number {
  return 1 + erlangC(cpus, cpus * utilisation) / (cpus * (1 - utilisation));
}

/**
 * Response time of the same load where each request takes `ratio` times the CPU time: it is longer by itself, and it waits
 * longer for a CPU. From a utilisation of 1 on the queue grows without end: then there is no ratio, or no upper end.
 */
export function wallOf(
  ratio: Bounded,
  { utilisation, cpus }: Pick<WallPrediction, 'utilisation' | 'cpus'>,
): WallPrediction {
  const native = stretch(cpus, utilisation);
  const of = (factor: number | null) =>
    factor === null || factor * utilisation >= 1
      ? null
      : (factor * stretch(cpus, factor * utilisation)) / native;
  const value = of(ratio.value);
  return {
    ...{ utilisation, cpus },
    subjectUtilisation: ratio.value * utilisation,
    ratio: value === null ? null : { value, low: of(ratio.low), high: of(ratio.high) },
  };
}
