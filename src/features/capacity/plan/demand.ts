import { normalQuantile } from '../../../core/analyze/stats/distributions.ts';
import { seededRandom } from '../../../core/model/prng.ts';
import type { Resource } from './capacity-plan.ts';
import { erlangC } from './erlang-c.ts';
import type { HostType, Interval, PlannedService, Slo } from './input-record.ts';
import type { CrowdKnee, RuntimeCost } from './runtime-cost.ts';

/** Default for services without an SLO: leaves room for short peaks. */
export const usualUtilisation = 0.8;

/** Bisection steps: precise to a millionth. */
const steps = 20;

/** Maximum utilisation, whatever the SLO. */
const most = 0.99;

/**
 * The highest utilisation of a service's CPUs at which it meets its SLO; null if it meets it at none.
 *
 * For an SLO on the response time: service times are exponential on `servers` CPUs with a common queue (M/M/c; Gross and
 * Harris, Fundamentals of Queueing Theory, 2.3), and `ratio` times as long under a runtime.
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

/** Share of responses that take longer than `time` mean service times, waiting included. */
export function lateShare(time: number, utilisation: number, servers: number): number {
  const waits = erlangC(servers, utilisation * servers);
  const free = servers * (1 - utilisation);
  // Both exponentials have the same rate here, and the general form would divide by zero.
  if (Math.abs(free - 1) < 1e-6) return Math.exp(-time) * (1 + waits * time);
  return Math.exp(-time) + (waits * (Math.exp(-time) - Math.exp(-time * free))) / (free - 1);
}

/** Draws the value of a quantity in one scenario ("world"); `key` names the quantity. */
export type Draw = (key: string, interval: Interval) => number;

/** The world in which every quantity has its estimate. */
export const asEstimated: Draw = (_, { estimate }) => estimate;

/**
 * Monte Carlo draws ("worlds"). Within a world, a quantity has the same value in every plan, so plans are compared in equal
 * conditions (common random numbers). Equal seeds give equal worlds.
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
  // The generator can return 0, whose logarithm is infinite.
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}

/**
 * The value at a deviate: 1 is the upper end of the interval, -1 the lower end; each side has its own width. The scale is
 * logarithmic, since ratios and amounts err by factors; linear if the interval includes zero or less.
 */
export function valueAt({ estimate, low, high }: Interval, deviate: number): number {
  const isFactor = low > 0 && estimate > 0;
  if (isFactor) return estimate * (deviate >= 0 ? (high / estimate) ** deviate : (estimate / low) ** deviate);
  return estimate + deviate * (deviate >= 0 ? high - estimate : estimate - low);
}

/** Kinds of knees, a dimension each: the knee of one runtime says nothing of what another kind lets another runtime have. */
const kneeKinds = ['cpus', 'memory', null] as const satisfies readonly CrowdKnee['by'][];

/** The dimensions of every demand and capacity, in this order. */
export const resources: readonly Resource[] = [
  'cpu.request',
  'memory.request',
  'cpu.usage',
  'memory.usage',
  'pods',
  ...kneeKinds.map(() => 'sandboxes' as const),
];

/** Dimensions by view: what the scheduler considers, and real use; pods count in both. */
const views = {
  all: resources,
  requests: ['cpu.request', 'memory.request', 'pods'],
  usage: ['cpu.usage', 'memory.usage', 'pods', 'sandboxes'],
} as const satisfies Readonly<Record<string, readonly Resource[]>>;
export type View = keyof typeof views;

/** A service under a runtime, with the amounts and costs of both. */
export interface PlacedService {
  readonly service: PlannedService;
  readonly cost: RuntimeCost;
  /** CPUs that a replica uses natively. */
  readonly cpuUsage: Interval;
  /** Memory that it uses natively, bytes. */
  readonly memoryUsage: Interval;
  /** CPU time ÷ native CPU time. */
  readonly ratio: Interval;
}

/** Real use of a replica in a world. */
export interface Use {
  readonly ratio: number;
  /** CPUs used on average. */
  readonly cpus: number;
  /** Highest utilisation that meets the SLO; null if none does. */
  readonly utilisation: number | null;
  readonly memoryBytes: number;
}

/** CPUs that one replica uses in parallel. */
function serversOf({ concurrency, cpu }: PlannedService): number {
  const most = Math.max(1, Math.floor(cpu.limit ?? Number.POSITIVE_INFINITY));
  return Math.min(concurrency ?? 1, most);
}

/** Real use of a replica: its work times the ratio, plus the idle use of its sandbox. */
export function useOf({ service, cost, cpuUsage, memoryUsage, ratio }: PlacedService, draw: Draw): Use {
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
    // A larger program never makes its sandbox smaller.
    memoryBytes: Math.max(0, held * (1 + Math.max(0, share)) + fixed),
  };
}

/** The resources that the scheduler reserves for a replica. As in Kubernetes, a missing request defaults to the limit. */
export function requestOf({ service, cost }: Pick<PlacedService, 'service' | 'cost'>): {
  readonly cpus: number;
  readonly bytes: number;
} {
  const { cpu, memory } = service;
  return {
    cpus: (cpu.request ?? cpu.limit ?? 0) + cost.podFixed.cpus,
    bytes: (memory.request ?? memory.limit ?? 0) + cost.podFixed.memoryBytes,
  };
}

/** Demand of a replica in a world, in the order of {@link resources}; infinite CPUs if it cannot meet its SLO. */
export function demandOf(placed: PlacedService, draw: Draw): readonly number[] {
  const { cpus, bytes } = requestOf(placed);
  const use = useOf(placed, draw);
  const cpusAtSlo = use.utilisation === null ? Number.POSITIVE_INFINITY : use.cpus / use.utilisation;
  // Its share of the measured host.
  const { knee } = placed.cost;
  const shares = kneeKinds.map((by) => (knee?.by === by ? amountOf(by, knee.host) / knee.fit : 0));
  return [cpus, bytes, cpusAtSlo, use.memoryBytes, 1, ...shares];
}

/** What a host has of that which a kind of knee grows with; 1 where every host has the same. */
function amountOf(by: CrowdKnee['by'], { cpus, memoryBytes }: CrowdKnee['host']): number {
  if (by === null) return 1;
  return by === 'cpus' ? cpus : memoryBytes;
}

/** Capacity of a host for replicas under these runtimes in a world; dimensions outside the view are infinite. */
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
    ...kneeKinds.map((by) =>
      costs.some(({ knee }) => knee?.by === by)
        ? amountOf(by, { cpus, memoryBytes })
        : Number.POSITIVE_INFINITY,
    ),
  ];
  const seen: readonly Resource[] = views[view];
  return all.map((capacity, at) =>
    seen.includes(resources[at] ?? 'pods') ? capacity : Number.POSITIVE_INFINITY,
  );
}
