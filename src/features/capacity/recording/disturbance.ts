import { shift } from '../../../core/analyze/stats/shift.ts';
import { type Bursts, burstCalls } from './loop.ts';
import { byteCalls } from './names/call-classes.ts';
import type { CallCost, Disturbance, RecordedCall } from './recording.ts';

const confidence = 0.95;
/** The rate at which costs are stated, calls a second. */
const statedRate = 50_000;

/** The loop's phases: without the tracer, with it, with it, without it; so that a steady drift cancels. */
export interface Phases {
  readonly before: Bursts;
  readonly attached: readonly Bursts[];
  readonly after: Bursts;
}

/** What is known of the target in the window. */
interface Seen {
  readonly calls: readonly RecordedCall[];
  /** null where the cgroup does not tell. */
  readonly cpuNs: number | null;
  /** Plain calls of the loop that the tracer counted. */
  readonly counted: number;
}

/** What tracing cost: per call, and for the target. */
export function disturbanceOf(phases: Phases, { calls, cpuNs, counted }: Seen): Disturbance {
  const plain = costOf(phases, 'plain');
  const read = costOf(phases, 'read');
  const added = calls.reduce(
    (sum, { name, count }) => sum + count * Math.max(0, (byteCalls.includes(name) ? read : plain).ns),
    0,
  );
  const own = cpuNs === null ? null : cpuNs - added;
  return {
    plain,
    read,
    shareAt50k: (((plain.ns + read.ns) / 2) * statedRate) / 1e9,
    cpuNs: Math.round(added),
    shareOfCpu: own === null || own <= 0 ? null : added / own,
    madeCalls: phases.attached.reduce((sum, bursts) => sum + bursts.plain.length * burstCalls, 0),
    countedCalls: counted,
  };
}

function costOf({ before, attached, after }: Phases, kind: keyof Bursts): CallCost {
  const without = [...before[kind], ...after[kind]];
  const withTracer = attached.flatMap((bursts) => bursts[kind]);
  const { estimate, low, high } = shift(without, withTracer, confidence);
  return { ns: estimate, low, high, withTracer: withTracer.length, without: without.length };
}
