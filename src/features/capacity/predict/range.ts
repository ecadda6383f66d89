import { quantity } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { saidAs } from '../../../core/model/said.ts';
import { percent } from '../sandbox/shown.ts';
import type { Costs } from './attribution.ts';
import { callsOf, type Demand } from './features.ts';
import { type FeatureId, featureIds, type PredictionRefusal } from './prediction.ts';
import { featureName } from './words.ts';

/** Leave-one-out result of an application. */
export interface Score {
  /** Application; its parameter sets share one weight. */
  readonly application: string;
  /** |ln(measured / predicted)|. */
  readonly error: number;
  /** Prediction for the service by the model fitted without this application. */
  readonly predicted: number;
}

/** Minimum number k of applications for an interval: its highest confidence is 1 − 1/(k + 1). */
export function applicationsNeeded(confidence: number): number {
  // Guards against rounding: 1/(1 − 0.9) is 10.000000000000002.
  return Math.ceil(1 / (1 - confidence) - 1 - 1e-9);
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
 * logarithmic scale: each application's error around the prediction of the model without it. The parameter sets of an
 * application share its weight of 1/(k + 1); the remaining weight is at infinity (pooled as in Dunn, Wasserman, Ramdas, JASA
 * 118 (2023) 2491). It covers a new, similar application with a probability of about `confidence`. Null for fewer applications
 * than {@link applicationsNeeded}.
 */
export function jackknifeInterval(
  scores: readonly Score[],
  confidence: number,
): { readonly low: number; readonly high: number } | null {
  const variants = Map.groupBy(scores, ({ application }) => application);
  if (variants.size < applicationsNeeded(confidence)) return null;
  const bound = (sign: 1 | -1) => {
    const ends = [...variants.values()].flatMap((own) =>
      own.map(({ error, predicted }): WeightedValue => {
        return [sign * Math.log(predicted) + error, 1 / own.length / (variants.size + 1)];
      }),
    );
    return Math.exp(sign * weightedQuantile(ends, confidence));
  };
  return { low: bound(-1), high: bound(1) };
}

/** Allowed factor beyond the largest value of any application. */
const beyond = 1.25;
/** A class with a smaller share of the predicted time cannot distort it. */
const smallShare = 0.05;
/** Allowed factor for threads and bytes per call, whose effect depends on the order of magnitude. */
const sizes = 4;

/** A quantity out of range, without its message. */
export type Excess = Pick<PredictionRefusal, 'kind' | 'feature' | 'value' | 'limit'>;

/** Share of each feature in the CPU time predicted by the costs. */
function sharesOf({ features, cpuNs }: Demand, costs: Costs): ReadonlyMap<FeatureId, number> {
  const parts = featureIds.map((id) => [id, (features[id] ?? 0) * (costs[id] ?? 0)] as const);
  const whole = parts.reduce((sum, [, ns]) => sum + ns, cpuNs);
  return new Map(parts.map(([id, ns]) => [id, ns / whole]));
}

/** The largest known value; null if none is known. */
function most(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => value !== null && value !== undefined);
  return known.length === 0 ? null : Math.max(...known);
}

/**
 * Quantities of a recording that exceed the range of the run's applications, largest excess first; empty if all are within.
 * Costs are learnt and checked only within that range: outside of it, gVisor has cliffs.
 */
export function outOfRange(demand: Demand, applications: readonly Demand[], costs: Costs): readonly Excess[] {
  const found: Excess[] = [];
  const check = (
    kind: Excess['kind'],
    feature: FeatureId | null,
    value: number | null | undefined,
    limit: number | null,
  ) => {
    if (value !== null && value !== undefined && limit !== null && value > limit)
      found.push({ kind, feature, value, limit });
  };
  const times = (factor: number, value: number | null) => (value === null ? null : factor * value);
  const shares = sharesOf(demand, costs);
  const others = applications.map((application) => sharesOf(application, costs));
  for (const id of featureIds) {
    const share = shares.get(id) ?? 0;
    if (id === 'user' || share < smallShare) continue;
    check('share', id, share, beyond * (most(others.map((each) => each.get(id))) ?? 0));
    // `kernel` is a time, which has no rate.
    if (id !== 'kernel')
      check(
        'rate',
        id,
        rateOf(demand, id),
        times(beyond, most(applications.map((each) => rateOf(each, id)))),
      );
  }
  check('rate', null, callRate(demand), times(beyond, most(applications.map(callRate))));
  check(
    'concurrency',
    null,
    demand.concurrency,
    times(beyond, most(applications.map(({ concurrency }) => concurrency))),
  );
  check('threads', null, demand.tasks, times(sizes, most(applications.map(({ tasks }) => tasks))));
  const moves =
    (shares.get('call.read') ?? 0) + (shares.get('call.write') ?? 0) + (shares.get('call.socket') ?? 0);
  if (moves >= smallShare)
    check(
      'size',
      'bytes',
      demand.bytesOfCall,
      times(sizes, most(applications.map(({ bytesOfCall }) => bytesOfCall))),
    );
  return found.toSorted((a, b) => timesOver(b) - timesOver(a));
}

/** Value ÷ limit; for a limit of 0, the largest number. */
function timesOver({ value, limit }: Excess): number {
  return limit > 0 ? value / limit : Number.MAX_VALUE;
}

/** Count of a feature per second of native CPU time. */
function rateOf({ features, cpuNs }: Demand, id: FeatureId): number {
  return ((features[id] ?? 0) / cpuNs) * 1e9;
}

/** System calls per second of native CPU time. */
export function callRate({ features, cpuNs }: Demand): number {
  return (callsOf(features) / cpuNs) * 1e9;
}

const text = notices('predict', {
  share:
    '{feature} would take {value} of its CPU time; the applications that the model was checked with have up to {limit}',
  rate: '{feature}: {value} in a second of CPU time; the applications that the model was checked with have up to {limit}',
  callRate:
    'it makes {value} system calls in a second of CPU time; the applications that the model was checked with make up to {limit}',
  concurrency:
    'it uses {value} CPUs at once; the applications that the model was checked with use up to {limit}, and beyond that a runtime can have cliffs',
  threads: 'it has {value} tasks; the applications that the model was checked with have up to {limit}',
  size: 'a call of it moves {value} bytes; those of the applications that the model was checked with move up to {limit}',
});

function sentence({ kind, feature, value, limit }: Excess): Message {
  const whole = { value: quantity(value, ''), limit: quantity(limit, '') };
  const named = (id: FeatureId) => ({ feature: featureName(id) });
  switch (kind) {
    case 'share':
      return text.share({ ...named(feature ?? 'user'), value: percent(value), limit: percent(limit) });
    case 'rate':
      return feature === null ? text.callRate(whole) : text.rate({ ...named(feature), ...whole });
    case 'concurrency':
      return text.concurrency({ value: quantity(value, '', 2), limit: quantity(limit, '', 2) });
    case 'threads':
      return text.threads(whole);
    case 'size':
      return text.size(whole);
  }
}

/** An excess with its message. */
export function refusalOf(excess: Excess): PredictionRefusal {
  return { ...excess, ...saidAs('reason', sentence(excess)) };
}
