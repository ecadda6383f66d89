import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import type {
  ComputedOverhead,
  Overhead,
  OverheadEstimate,
  OverheadLine,
  RuntimeOverhead,
} from '../overhead/overhead-record.ts';
import { mebibytes } from '../overhead/shown.ts';
import type { Interval } from './input-record.ts';

const words = messages('capacityPlan.cost', {
  noIdle: '{runtime}: the CPU time of an idle sandbox is unknown, and assumed to be zero ({why})',
  noInterval: '{runtime}: its overhead has too few blocks for an interval, and is assumed to be exact',
  computed: '{runtime}: its overhead is computed, not measured, and has no interval',
  guest:
    '{runtime}: each guest counts with all of its memory, {memory} beyond its programs, because it eventually takes all',
  notMeasured: 'it was not measured',
  emulated:
    '{runtime}: the processor of its guests was emulated ({by}), so their figures say nothing about guests under KVM. Measure where /dev/kvm works.',
});

/** How many idle sandboxes ran side by side on the measured host before one of its limits was met. */
export interface CrowdKnee {
  readonly fit: number;
  readonly cause: Message;
  /** The resource of a host that the number grows with; null: a limit that is the same on every host. */
  readonly by: 'cpus' | 'memory' | null;
  readonly host: { readonly cpus: number; readonly memoryBytes: number };
}

/** Overhead of a runtime for each replica. */
export interface RuntimeCost {
  readonly runtime: string;
  readonly kind: 'measured' | 'computed';
  /** Overhead that the scheduler adds to a pod's requests. */
  readonly podFixed: { readonly memoryBytes: number; readonly cpus: number };
  readonly fixedBytes: Interval;
  /** Bytes per byte of program memory. */
  readonly share: Interval;
  /** Memory needed once per host, such as program text. */
  readonly onceBytes: Interval;
  readonly idleCpus: Interval;
  /** CPU time of a start, ns; null if unknown. */
  readonly startCpuNs: Interval | null;
  /** Part of the overhead that counts against a container's memory limit; null if none does. */
  readonly inside: OverheadLine | null;
  /** Bounds the sandboxes of a host; null if none is known. */
  readonly knee: CrowdKnee | null;
  readonly notes: readonly Message[];
}

/** An exact value. */
export const exactly = (value: number): Interval => ({ estimate: value, low: value, high: value });

/** The interval of an estimate; exact if there were too few blocks for an interval. */
function intervalOf({ value, low, high }: Pick<OverheadEstimate, 'value' | 'low' | 'high'>): Interval {
  return { estimate: value, low: low ?? value, high: high ?? value };
}

/** Runtime → its cost, or a reason if its memory or podFixed is missing. */
export function runtimeCosts({
  runtimes,
  computed,
}: Pick<Overhead, 'runtimes' | 'computed'>): ReadonlyMap<string, RuntimeCost | Message> {
  return new Map<string, RuntimeCost | Message>([
    ...computed.map((each) => [each.runtime, computedCost(each)] as const),
    ...runtimes.map((each) => [each.runtime, measuredCost(each)] as const),
  ]);
}

function measuredCost(overhead: RuntimeOverhead): RuntimeCost | Message {
  const { runtime, size, count, podFixed, idleCpus, startCpuNs, guest, emulation, absent } = overhead;
  const why = (part: string) => {
    const found = absent.find((each) => each.part === part);
    return found === undefined ? words.notMeasured : recalled(found, 'reason');
  };
  if (emulation !== null) return words.emulated({ runtime, by: emulation });
  if (size === null || podFixed === null) return why('size');
  if (count === null) return why('count');
  const { fixedBytes, share } = size.total;
  return {
    runtime,
    kind: 'measured',
    podFixed: { memoryBytes: podFixed.memoryBytes, cpus: (podFixed.milliCpu ?? 0) / 1000 },
    // A guest in time takes all of its memory, as its podFixed does; what the program holds is then within it.
    fixedBytes: guest === null ? intervalOf(fixedBytes) : exactly(podFixed.memoryBytes),
    share: guest === null ? intervalOf(share) : exactly(0),
    onceBytes: intervalOf(count.oncePerHostBytes),
    idleCpus: idleCpus === null ? exactly(0) : intervalOf(idleCpus),
    startCpuNs: startCpuNs === null ? null : intervalOf(startCpuNs),
    // The limit of a container is its guest's.
    inside: guest === null ? size.inside : null,
    knee: null,
    notes: [
      ...(guest === null ? [] : [words.guest({ runtime, memory: mebibytes(podFixed.memoryBytes) })]),
      ...(idleCpus === null ? [words.noIdle({ runtime, why: why('idle') })] : []),
      ...([count.oncePerHostBytes, idleCpus, startCpuNs].some((each) => each !== null && each.high === null)
        ? [words.noInterval({ runtime })]
        : []),
    ],
  };
}

/** Cost of a computed runtime. A guest keeps all memory it once touched, so it counts with all of its memory. */
function computedCost({ runtime, podFixed }: ComputedOverhead): RuntimeCost {
  return {
    runtime,
    kind: 'computed',
    podFixed: { memoryBytes: podFixed.memoryBytes, cpus: 0 },
    fixedBytes: exactly(podFixed.memoryBytes),
    share: exactly(0),
    onceBytes: exactly(0),
    idleCpus: exactly(0),
    startCpuNs: null,
    inside: null,
    knee: null,
    notes: [words.computed({ runtime }), words.noIdle({ runtime, why: words.notMeasured })],
  };
}
