import type { Demand } from './features.ts';
import { type LeaveOneOutResult, logError, predictedNs } from './learn.ts';

/** Leave-one-out result of an application, and what its model says of the service. */
export interface Score {
  /** Application; its parameter sets share one weight. */
  readonly application: string;
  /** |ln(measured / predicted)| ÷ its {@link spreadOf}. */
  readonly error: number;
  /** Prediction for the service by the model fitted without this application. */
  readonly predicted: number;
  /** {@link spreadOf} of the service by that model. */
  readonly spread: number;
}

/** Minimum number k of applications for an interval: its highest confidence is 1 − 1/(k + 1). */
export function applicationsNeeded(confidence: number): number {
  // Guards against rounding: 1/(1 − 0.9) is 10.000000000000002.
  return Math.ceil(1 / (1 - confidence) - 1 - 1e-9);
}

/**
 * Part of an error that is the measurement's own, in units of the error that the added part alone would have. Measured slow-downs
 * of one application differ between the recorded runs by 10 % (standard deviation), and applications from the model by 20 %.
 */
const ownNoise = 0.5;

/**
 * How far a prediction is off, up to a factor that the applications give: native CPU time is known, and only what a runtime adds
 * is the model's, so the error on a logarithmic scale grows with its share.
 */
export function spreadOf(predicted: number, nativeNs: number): number {
  return Math.hypot(1 - nativeNs / predicted, ownNoise);
}

/** The score that a prediction of an application gives to an interval of the service. */
export function scoreOf(left: LeaveOneOutResult, service: Pick<Demand, 'features' | 'cpuNs'>): Score {
  const predicted = predictedNs(left.model.costs, service.features, service.cpuNs);
  return {
    application: left.application,
    error: logError(left, left.predictedNs) / spreadOf(left.predictedNs, left.nativeNs),
    predicted,
    spread: spreadOf(predicted, service.cpuNs),
  };
}

/** A value and its weight. */
type WeightedValue = readonly [value: number, weight: number];

/** The smallest value at which the cumulative weight reaches `share`; Infinity if it never does. */
function weightedQuantile(values: readonly WeightedValue[], share: number): number {
  let sum = 0;
  for (const [value, weight] of values.toSorted((a, b) => a[0] - b[0])) {
    sum += weight;
    if (sum >= share - 1e-9) return value;
  }
  return Infinity;
}

/**
 * Interval of a service's CPU time by jackknife+ (Barber, Candès, Ramdas, Tibshirani, Ann. Stat. 49 (2021) 486), on a
 * logarithmic scale: each application's error around the prediction of the model without it. Errors are normalized by
 * {@link spreadOf} (normalized or locally weighted conformal prediction: Papadopoulos, Gammerman, Vovk, AIA 2008; Lei, G'Sell,
 * Rinaldo, Tibshirani, Wasserman, JASA 113 (2018) 1094), so that the interval follows the service. The parameter sets of an
 * application share its weight of 1/(k + 1); the remaining weight is at infinity (pooled as in Dunn, Wasserman, Ramdas, JASA
 * 118 (2023) 2491). It covers a new, similar application with a probability of about `confidence`. Null for fewer applications
 * than {@link applicationsNeeded}. An interval can reach below the native CPU time, which measuring does as well: cut there, it would
 * cover too few of the services that are near it.
 */
export function jackknifeInterval(
  scores: readonly Score[],
  confidence: number,
): { readonly low: number; readonly high: number } | null {
  const variants = Map.groupBy(scores, ({ application }) => application);
  if (variants.size < applicationsNeeded(confidence)) return null;
  const bound = (sign: 1 | -1) => {
    const ends = [...variants.values()].flatMap((own) =>
      own.map(({ error, predicted, spread }): WeightedValue => {
        return [sign * Math.log(predicted) + error * spread, 1 / own.length / (variants.size + 1)];
      }),
    );
    return Math.exp(sign * weightedQuantile(ends, confidence));
  };
  return { low: bound(-1), high: bound(1) };
}
