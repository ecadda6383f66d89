import type { Costs } from './attribution.ts';
import { callsOf, type Demand } from './features.ts';
import { type FeatureId, featureIds, type Refusal } from './prediction.ts';

/** How far beyond the applications a recording may be: a quarter more than the most of any. */
const beyond = 1.25;
/** A class with a smaller share of the predicted time cannot spoil it. */
const smallShare = 0.05;
/** Threads and bytes of a call matter by their size, not by some more. */
const sizes = 4;

/** What the recording is outside of, without words. */
export type Excess = Pick<Refusal, 'kind' | 'feature' | 'value' | 'limit'>;

/** Share of each feature in the CPU time that the costs give. */
function sharesOf({ features, cpuNs }: Demand, costs: Costs): ReadonlyMap<FeatureId, number> {
  const parts = featureIds.map((id) => [id, (features[id] ?? 0) * (costs[id] ?? 0)] as const);
  const whole = parts.reduce((sum, [, ns]) => sum + ns, cpuNs);
  return new Map(parts.map(([id, ns]) => [id, ns / whole]));
}

/** The largest of the values that are known; null where none is. */
function most(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => value !== null && value !== undefined);
  return known.length === 0 ? null : Math.max(...known);
}

/**
 * What a recording asks for beyond what the applications of the run have shown, greatest excess first; empty where it is like
 * them. Costs were learnt, and checked, within that range only: gVisor has cliffs outside of it.
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
    // Time has no rate.
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

/** How many times the limit; a limit of nothing is passed by most. */
function timesOver({ value, limit }: Excess): number {
  return limit > 0 ? value / limit : Number.MAX_VALUE;
}

/** Of a feature, in a second of the native CPU time. */
function rateOf({ features, cpuNs }: Demand, id: FeatureId): number {
  return ((features[id] ?? 0) / cpuNs) * 1e9;
}

/** System calls in a second of the native CPU time. */
export function callRate({ features, cpuNs }: Demand): number {
  return (callsOf(features) / cpuNs) * 1e9;
}
