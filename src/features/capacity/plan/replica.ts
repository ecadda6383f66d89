import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { saidAs } from '../../../core/model/failure/said.ts';
import { confidenceShown, mebibytes } from '../overhead/shown.ts';
import type { Replica } from './capacity-plan.ts';
import { asEstimated, type Draw, type PlacedService, requestOf, type Use, useOf } from './demand.ts';
import { interval } from './host-count.ts';
import type { HostType } from './input-record.ts';
import { aloneOn } from './option.ts';
import type { ResolvedService } from './resolved.ts';
import type { RuntimeCost } from './runtime-cost.ts';

const words = messages('capacityPlan.replica', {
  noRatio: 'its CPU time under {runtime} is unknown',
  noPromise:
    'it misses its SLO under {runtime} even on an idle host: more than {share} of its answers take longer than {withinMs} ms',
  limit:
    '{service}: its memory limit of {limit} is too small under {runtime}: its cgroup needs {needed}, and the kernel would kill it',
});

/** A service under a runtime, or why it cannot be planned. */
export type Placement = { readonly placed: PlacedService } | { readonly refusals: readonly Message[] };

/** Puts a service under a runtime. */
export function placement(
  { service, cpuUsage, memoryUsage, ratios }: ResolvedService,
  runtime: string,
  cost: RuntimeCost | Message,
): Placement {
  if ('text' in cost) return { refusals: [cost] };
  const known = ratios.get(runtime);
  if (known === undefined) return { refusals: [words.noRatio({ runtime })] };
  if ('refusals' in known) return { refusals: known.refusals };
  const placed = { service, cost, cpuUsage, memoryUsage, ratio: known.ratio };
  return useOf(placed, asEstimated).utilisation === null ? { refusals: [noPromise(placed)] } : { placed };
}

function noPromise({ service: { slo }, cost: { runtime } }: PlacedService): Message {
  const { percentile, withinMs } =
    slo?.kind === 'response' ? slo : { percentile: Number.NaN, withinMs: Number.NaN };
  return words.noPromise({ share: confidenceShown(1 - percentile), withinMs, runtime });
}

/** Worlds and settings for the intervals of a replica. */
export interface ReplicaOptions {
  readonly hosts: readonly HostType[];
  readonly worlds: readonly Draw[];
  readonly confidence: number;
}

/** The record of a replica under a runtime. */
export function replicaOf(
  { ratios }: ResolvedService,
  runtime: string,
  placement: Placement,
  options: ReplicaOptions,
): Replica {
  const known = ratios.get(runtime);
  const ratio = known !== undefined && 'ratio' in known ? known : null;
  const base = { runtime, ratio: ratio?.ratio ?? null, ratioFrom: ratio?.from ?? null };
  if ('refusals' in placement)
    return {
      ...base,
      cpus: null,
      utilisation: null,
      cpusAtSlo: null,
      memoryBytes: null,
      requestCpus: null,
      requestBytes: null,
      alone: [],
      refusals: placement.refusals.map((reason) => saidAs('reason', reason)),
    };
  const { placed } = placement;
  const estimate = useOf(placed, asEstimated);
  const drawn = options.worlds.map((draw) => useOf(placed, draw));
  const bounded = (of: (use: Use) => number) => {
    const { low, high } = interval([...drawn.map(of), of(estimate)], options.confidence);
    return { estimate: of(estimate), low, high };
  };
  const request = requestOf(placed);
  return {
    ...base,
    cpus: bounded(({ cpus }) => cpus),
    utilisation: estimate.utilisation,
    cpusAtSlo: bounded(({ cpus, utilisation }) => cpus / (utilisation ?? leastUtilisation)),
    memoryBytes: bounded(({ memoryBytes }) => memoryBytes),
    requestCpus: request.cpus,
    requestBytes: request.bytes,
    alone: options.hosts.map((type) => alone(placed, type, options)),
    refusals: [],
  };
}

/** Utilisation for worlds in which the SLO cannot be met, so that the upper end of the CPUs stays finite. */
const leastUtilisation = 0.01;

function alone(
  placed: PlacedService,
  type: HostType,
  { worlds, confidence }: ReplicaOptions,
): Replica['alone'][number] {
  const byRequests = aloneOn(placed, type, asEstimated, 'requests');
  const value = aloneOn(placed, type, asEstimated, 'usage');
  const { low, high } = interval(
    [value, ...worlds.map((draw) => aloneOn(placed, type, draw, 'usage'))],
    confidence,
  );
  return {
    host: type.name,
    byRequests: Number.isFinite(byRequests) ? byRequests : null,
    byUsage: [value, low, high].every(Number.isFinite) ? { value, low, high } : null,
  };
}

/** A note if a service's memory limit is below the memory charged to its container's cgroup. */
export function limitNote({ service, cost, memoryUsage }: PlacedService): readonly Message[] {
  const { limit } = service.memory;
  const { inside, runtime } = cost;
  if (limit === null || inside === null) return [];
  const { fixedBytes, share } = inside;
  const held = memoryUsage.estimate;
  const needed =
    held + Math.max(0, fixedBytes.high ?? fixedBytes.value) + Math.max(0, share.high ?? share.value) * held;
  return needed > limit
    ? [
        words.limit({
          service: service.name,
          runtime,
          limit: mebibytes(limit),
          needed: mebibytes(needed),
        }),
      ]
    : [];
}
