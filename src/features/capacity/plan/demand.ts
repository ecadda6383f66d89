import type { Resource } from './capacity-plan.ts';
import type { Draw } from './draw.ts';
import type { HostType, Interval, PlannedService } from './input-record.ts';
import { highestUtilisation } from './queue.ts';
import type { RuntimeCost } from './runtime-cost.ts';

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
