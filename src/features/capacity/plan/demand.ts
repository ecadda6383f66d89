import { normalQuantile } from '../../../core/analyze/stats/distributions.ts';
import { erlangC } from '../../../core/analyze/stats/erlang-c.ts';
import { seededRandom } from '../../../core/model/prng.ts';
import type { Resource } from './capacity-plan.ts';
import type { HostType, Interval, PlannedService, Slo } from './input-record.ts';
import type { RuntimeCost } from './runtime-cost.ts';

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

/** The value of a quantity in one possible world; `key` names the quantity. */
export type Draw = (key: string, interval: Interval) => number;

/** The world in which every quantity is as estimated. */
export const asEstimated: Draw = (_, { estimate }) => estimate;

/**
 * Possible worlds. In each, every quantity has one value, whatever plan asks for it: so what two plans differ by is a difference
 * in the same world. Equal seeds give equal worlds.
 */
export function worlds(seed: number, draws: number, confidence: number): readonly Draw[] {
  const end = normalQuantile((1 + confidence) / 2);
  return Array.from({ length: draws }, (_, number) => {
    const known = new Map<string, number>();
    return (key, interval) => {
      let deviate = known.get(key);
      if (deviate === undefined) {
        deviate = normalDeviate(`${seed}:${number}:${key}`) / end;
        known.set(key, deviate);
      }
      return valueAt(interval, deviate);
    };
  });
}

/** A standard normal deviate (Box and Muller 1958). */
function normalDeviate(seed: string): number {
  const random = seededRandom(seed);
  // The generator can give 0, which has no logarithm.
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}

/**
 * The value at a deviate, where 1 is the upper end of the interval and -1 the lower one. The scale is logarithmic, since ratios
 * and amounts err by factors; each side has its own width. What may be zero or less is on a linear scale.
 */
export function valueAt({ estimate, low, high }: Interval, deviate: number): number {
  const isFactor = low > 0 && estimate > 0;
  if (isFactor) return estimate * (deviate >= 0 ? (high / estimate) ** deviate : (estimate / low) ** deviate);
  return estimate + deviate * (deviate >= 0 ? high - estimate : estimate - low);
}

/** The dimensions of every demand and capacity, in this order. */
export const resources: readonly Resource[] = [
  'cpu.request',
  'memory.request',
  'cpu.usage',
  'memory.usage',
  'pods',
];

/** The dimensions that the scheduler looks at, and those that are really used; pods count for both. */
const views = {
  all: resources,
  requests: ['cpu.request', 'memory.request', 'pods'],
  usage: ['cpu.usage', 'memory.usage', 'pods'],
} as const satisfies Readonly<Record<string, readonly Resource[]>>;
export type View = keyof typeof views;

/** A service under a runtime, with all that is known of both. */
export interface Placed {
  readonly service: PlannedService;
  readonly cost: RuntimeCost;
  /** CPUs that a replica uses natively. */
  readonly cpuUsage: Interval;
  /** Bytes that it holds natively. */
  readonly memoryUsage: Interval;
  /** CPU time ÷ native CPU time. */
  readonly ratio: Interval;
}

/** What a replica really uses in a world. */
export interface Use {
  readonly ratio: number;
  /** On average. */
  readonly cpus: number;
  /** null where the service cannot keep its promise. */
  readonly utilisation: number | null;
  readonly memoryBytes: number;
}

/** CPUs that one replica works on at once. */
function serversOf({ concurrency, cpu }: PlannedService): number {
  const most = Math.max(1, Math.floor(cpu.limit ?? Number.POSITIVE_INFINITY));
  return Math.min(concurrency ?? 1, most);
}

/** What a replica uses: its work, dearer by the ratio, and a sandbox that also wakes when nothing is to be done. */
export function useOf({ service, cost, cpuUsage, memoryUsage, ratio }: Placed, draw: Draw): Use {
  const { name } = service;
  const { runtime } = cost;
  const factor = Math.max(0, draw(`ratio/${name}/${runtime}`, ratio));
  const idle = Math.max(0, draw(`idle/${runtime}`, cost.idleCpus));
  const held = Math.max(0, draw(`memory/${name}`, memoryUsage));
  const fixed = draw(`fixed/${runtime}`, cost.fixedBytes);
  const share = draw(`share/${runtime}`, cost.share);
  return {
    ratio: factor,
    cpus: Math.max(0, draw(`cpu/${name}`, cpuUsage)) * factor + idle,
    utilisation: highestUtilisation(service.slo, factor, serversOf(service)),
    // A sandbox does not shrink with its program.
    memoryBytes: Math.max(0, held * (1 + Math.max(0, share)) + fixed),
  };
}

/** What the scheduler takes as a replica's. As Kubernetes does, a limit stands for a request that is missing. */
export function requestOf({ service, cost }: Pick<Placed, 'service' | 'cost'>): {
  readonly cpus: number;
  readonly bytes: number;
} {
  const { cpu, memory } = service;
  return {
    cpus: (cpu.request ?? cpu.limit ?? 0) + cost.podFixed.cpus,
    bytes: (memory.request ?? memory.limit ?? 0) + cost.podFixed.memoryBytes,
  };
}

/** What a replica takes of a host in a world, by {@link resources}; infinite CPUs where its promise cannot be kept. */
export function demandOf(placed: Placed, draw: Draw): readonly number[] {
  const { cpus, bytes } = requestOf(placed);
  const use = useOf(placed, draw);
  const cpusAtSlo = use.utilisation === null ? Number.POSITIVE_INFINITY : use.cpus / use.utilisation;
  return [cpus, bytes, cpusAtSlo, use.memoryBytes, 1];
}

/** What a host has for replicas under these runtimes in a world; what a view does not look at is infinite. */
export function capacityOf(
  { cpus, memoryBytes, reserved, maxPods }: HostType,
  costs: readonly RuntimeCost[],
  draw: Draw,
  view: View,
): readonly number[] {
  const once = [...new Set(costs)].reduce(
    (sum, { runtime, onceBytes }) => sum + Math.max(0, draw(`once/${runtime}`, onceBytes)),
    0,
  );
  const [freeCpus, freeBytes] = [cpus - reserved.cpus, memoryBytes - reserved.memoryBytes];
  const all: readonly number[] = [
    freeCpus,
    freeBytes,
    freeCpus,
    Math.max(0, freeBytes - once),
    maxPods ?? Number.POSITIVE_INFINITY,
  ];
  const seen: readonly Resource[] = views[view];
  return all.map((capacity, at) =>
    seen.includes(resources[at] ?? 'pods') ? capacity : Number.POSITIVE_INFINITY,
  );
}
