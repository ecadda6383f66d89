import type { Costs } from '../../src/features/capacity/predict/attribution.ts';
import { callsOf, candidates } from '../../src/features/capacity/predict/features.ts';
import {
  type ApplicationSample,
  Learner,
  type LeaveOneOutResult,
  logError,
  predictedNs,
} from '../../src/features/capacity/predict/learn.ts';
import { jackknifeInterval } from '../../src/features/capacity/predict/range.ts';

/** What a model and two that know nothing of costs say of an application that none of them has seen. */
export interface Row extends LeaveOneOutResult {
  readonly low: number | null;
  readonly high: number | null;
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

/** The interval that the applications without this one give it: none of them has seen it. */
function intervalOf(
  sample: ApplicationSample,
  others: readonly ApplicationSample[],
  priors: Costs,
  confidence: number,
) {
  const left = new Learner(others, priors, candidates).leaveOneOut();
  const scores = left.map((each) => ({
    application: each.application,
    error: logError(each, each.predictedNs),
    predicted: predictedNs(each.model.costs, sample.features, sample.nativeNs),
  }));
  return jackknifeInterval(scores, confidence);
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
      ...{ low: interval?.low ?? null, high: interval?.high ?? null },
      meanNs: left.nativeNs * meanSlowdown(others),
      callsNs: left.nativeNs + costOfCall(others) * callsOf(left.features),
    };
  });
}
