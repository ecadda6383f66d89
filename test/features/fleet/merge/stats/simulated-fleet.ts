import type { Random } from '../../../../../src/core/model/prng.ts';
import {
  centreInterval,
  hostEstimate,
  predictionInterval,
} from '../../../../../src/features/fleet/merge/stats/host-estimate.ts';
import type { LogMean } from '../../../../../src/features/fleet/merge/stats/log-mean.ts';
import { gaussian } from '../../../../core/analyze/simulated-run.ts';

/** How hosts differ, as the logarithm of a cost: mean 0 and standard deviation 1 over all hosts there are. */
export const kinds = {
  normal: (random: Random) => gaussian(random),
  /** One host in five is of another kind. */
  'two kinds': (random: Random) => (random() < 0.2 ? 2 : -0.5),
  /** Some hosts cost much more. */
  skewed: (random: Random) => -Math.log(1 - random()) - 1,
} as const;

/** A fleet: how many hosts, how they differ, and how noisy their runs are. */
export interface FleetShape {
  readonly hosts: number;
  readonly kind: keyof typeof kinds;
  /** Standard deviation of the hosts' true logarithms. */
  readonly tau: number;
  /** Standard deviation of a block; of every other host it is `unequal` times as much. */
  readonly noise: number;
  readonly unequal: number;
  readonly blocks: number;
}

/** What the run of one host says, and the truth about it. */
export function simulateHost(
  shape: FleetShape,
  at: number,
  random: Random,
): LogMean & { readonly truth: number } {
  const truth = shape.tau * kinds[shape.kind](random);
  const scale = at % 2 === 1 ? shape.noise * shape.unequal : shape.noise;
  const blocks = Array.from({ length: shape.blocks }, () => truth + scale * gaussian(random));
  const mean = blocks.reduce((sum, value) => sum + value, 0) / shape.blocks;
  const squares = blocks.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const df = shape.blocks - 1;
  return { mean, variance: squares / df / shape.blocks, df, truth };
}

/** Shares of simulated fleets. */
export interface FleetLevels {
  /** The interval of the robust centre, and that of the mean, hold the mean of all hosts. */
  readonly covered: number;
  readonly meanCovered: number;
  /** The prediction holds what a run on one more host says, and what is true of that host; NaN where none is made. */
  readonly predicted: number;
  readonly predictedTruth: number;
  /** The test of differences between hosts claims one at 5 %. */
  readonly differ: number;
  /** Median half-width of the robust interval, as a logarithm. */
  readonly halfWidth: number;
}

export function fleetLevels(shape: FleetShape, fleets: number, random: Random): FleetLevels {
  let [covered, meanCovered, predicted, predictedTruth, differ, predictions] = [0, 0, 0, 0, 0, 0];
  const widths: number[] = [];
  for (let fleet = 0; fleet < fleets; fleet++) {
    const votes = Array.from({ length: shape.hosts }, (_, at) => simulateHost(shape, at, random));
    const found = hostEstimate(votes, Math.log1p(0.05));
    const [interval, ofMean] = [centreInterval(found, 0.05), centreInterval(found.mean, 0.05)];
    if (interval !== null) {
      if (interval.low <= 0 && interval.high >= 0) covered++;
      widths.push((interval.high - interval.low) / 2);
    }
    if (ofMean !== null && ofMean.low <= 0 && ofMean.high >= 0) meanCovered++;
    if ((found.differP ?? 1) < 0.05) differ++;
    const next = simulateHost(shape, Math.floor(2 * random()), random);
    const prediction = predictionInterval(found, 0.05);
    if (prediction === null) continue;
    predictions++;
    if (prediction.low <= next.mean && next.mean <= prediction.high) predicted++;
    if (prediction.low <= next.truth && next.truth <= prediction.high) predictedTruth++;
  }
  const sorted = widths.toSorted((a, b) => a - b);
  return {
    covered: covered / fleets,
    meanCovered: meanCovered / fleets,
    predicted: predicted / predictions,
    predictedTruth: predictedTruth / predictions,
    differ: differ / fleets,
    halfWidth: sorted[sorted.length >> 1] ?? Number.NaN,
  };
}
