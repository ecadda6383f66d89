import type { Costs } from '../../src/features/capacity/predict/attribution.ts';
import { callsOf, candidates } from '../../src/features/capacity/predict/features.ts';
import { jackknifeInterval, scoreOf } from '../../src/features/capacity/predict/interval.ts';
import {
  type ApplicationSample,
  Learner,
  type LeaveOneOutResult,
  logError,
} from '../../src/features/capacity/predict/learn.ts';

/** What a model and two that know nothing of costs say of an application that none of them has seen. */
export interface Row extends LeaveOneOutResult {
  readonly low: number | null;
  readonly high: number | null;
  /** An interval by the same errors that is as wide for every service, as it would be without the spread. */
  readonly uniform: { readonly low: number; readonly high: number } | null;
  /** The others' mean slow-down. */
  readonly meanNs: number;
  /** Gregg's rule: so much for each call, fitted to the others. */
  readonly callsNs: number;
}

/** Relative error of a prediction. */
export function errorOf({ subjectNs }: ApplicationSample, predicted: number): number {
  return predicted / subjectNs - 1;
}

/** The mean of the others' slow-downs, on a logarithmic scale; an application's parameter sets share a weight of 1. */
function meanSlowdown(others: readonly ApplicationSample[]): number {
  const byApplication = [...Map.groupBy(others, ({ application }) => application).values()];
  const means = byApplication.map(
    (own) =>
      own.reduce((sum, { subjectNs, nativeNs }) => sum + Math.log(subjectNs / nativeNs), 0) / own.length,
  );
  return Math.exp(means.reduce((sum, mean) => sum + mean, 0) / means.length);
}

/** CPU time that a call adds, by the least squares of relative errors over the others. */
function costOfCall(others: readonly ApplicationSample[]): number {
  let [cross, square] = [0, 0];
  const sizes = Map.groupBy(others, ({ application }) => application);
  for (const { application, features, nativeNs, subjectNs } of others) {
    const weight = 1 / (sizes.get(application)?.length ?? 1);
    const calls = callsOf(features) / subjectNs;
    cross += weight * calls * (1 - nativeNs / subjectNs);
    square += weight * calls ** 2;
  }
  return square > 0 ? Math.max(0, cross / square) : 0;
}

/** The intervals that the applications without this one give it: none of them has seen it. */
function intervalOf(
  sample: ApplicationSample,
  others: readonly ApplicationSample[],
  priors: Costs,
  confidence: number,
) {
  const left = new Learner(others, priors, candidates).leaveOneOut();
  const { features, nativeNs } = sample;
  const scores = left.map((each) => ({
    scored: scoreOf(each, { features, cpuNs: nativeNs }),
    error: logError(each, each.predictedNs),
  }));
  const uniform = scores.map(({ scored, error }) => ({ ...scored, error, spread: 1 }));
  return {
    own: jackknifeInterval(
      scores.map(({ scored }) => scored),
      confidence,
    ),
    uniform: jackknifeInterval(uniform, confidence),
  };
}

/** Every application, left out of all that is said of it: costs' corrections, the model's form, intervals, rivals. */
export function rowsOf(
  samples: readonly ApplicationSample[],
  priors: Costs,
  confidence: number,
): readonly Row[] {
  return new Learner(samples, priors, candidates).leaveOneOut().map((left) => {
    const others = samples.filter(({ application }) => application !== left.application);
    const interval = intervalOf(left, others, priors, confidence);
    return {
      ...left,
      low: interval.own?.low ?? null,
      high: interval.own?.high ?? null,
      uniform: interval.uniform,
      meanNs: left.nativeNs * meanSlowdown(others),
      callsNs: left.nativeNs + costOfCall(others) * callsOf(left.features),
    };
  });
}
