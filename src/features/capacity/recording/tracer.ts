import type { CallNames } from '../../../core/syscalls/call-names.ts';
import type { WatchedCgroup } from './bpftrace/program.ts';
import type { Loop } from './loop.ts';
import { classOf } from './names/call-classes.ts';
import type { CallPlace, RecordedCall, TracerFacts, TracerKind } from './recording.ts';
import type { Reason } from './words.ts';

/** A window of CLOCK_MONOTONIC, ns. */
export interface Window {
  readonly beginNs: number;
  readonly endNs: number;
}

/** Counts of a tracer in the window; null: the tracer cannot count it. */
export interface TracerCounts {
  readonly window: Window;
  readonly calls: readonly RecordedCall[];
  readonly places: readonly CallPlace[];
  /** Context switches; perf does not distinguish voluntary ones. */
  readonly switches:
    | { readonly voluntary: number; readonly involuntary: number }
    | { readonly total: number }
    | null;
  /** Page faults. */
  readonly faults: number | null;
  /**
   * New tasks, and executed programs; perf does not distinguish threads and processes. `vforks`: new processes that share their
   * parent's memory until they execute a program.
   */
  readonly tasks: {
    readonly forks:
      | { readonly processes: number; readonly vforks: number; readonly threads: number }
      | { readonly total: number }
      | null;
    readonly execs: number | null;
  };
  /** Call name → number of the loop's calls that were counted. */
  readonly loopCalls: ReadonlyMap<string, number>;
  /** Did the tracer see calls of 32-bit programs? */
  readonly saw32Bit: boolean;
  /** Number of counts that the tracer reports as lost. */
  readonly lost: number;
}

/** Sums over the calls of one name. */
interface CallSums {
  readonly count: number;
  readonly timed?: { readonly count: number; readonly totalNs: number } | undefined;
  readonly bytes?: number | undefined;
}

/**
 * Makes the record of the calls of one name. Their time is the time of the timed calls × the ratio of all calls to timed calls.
 */
export function recordedCall(name: string, { count, timed, bytes }: CallSums): RecordedCall {
  const has = timed !== undefined && timed.count > 0;
  return {
    name,
    class: classOf(name),
    count,
    timed: has ? timed.count : 0,
    timeNs: has ? Math.round((timed.totalNs / timed.count) * count) : null,
    bytes: bytes ?? null,
  };
}

/** Sorts calls by frequency, then by name. */
export function byCount(calls: readonly RecordedCall[]): readonly RecordedCall[] {
  return calls
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

/** The target, as tracers need it. */
export interface TracedTarget {
  /** Its cgroup, relative to the hierarchies' roots. */
  readonly path: string;
  readonly cgroup: WatchedCgroup;
  /** Pids of its current processes, in the host's namespace; for a target that the recording starts, of the waiting process. */
  pids(): readonly number[];
  /**
   * Event that opens the window: `now`: none; `program`: the next exec in the cgroup; `init`: the first exec in a new PID
   * namespace, since a runtime may execute its own programs before it is in that namespace.
   */
  readonly begins: 'now' | 'program' | 'init';
  /** Was it started for the recording? Then a tracer may slow it down. */
  readonly isOurs: boolean;
}

/** Input for attaching a tracer. */
export interface TracerPlace {
  readonly watched: TracedTarget;
  readonly loop: Loop;
  /** null if the call numbers of this architecture are unknown. */
  readonly names: CallNames | null;
  /** Index of the v1 controller that identifies cgroups; null on v2. */
  readonly controller: number | null;
  readonly architecture: string;
  /** One call out of this many is timed; a power of two. 0: no call is timed, and no result is read. */
  readonly timedOneOf: number;
  /** Directory only for this recording's temporary files. */
  readonly scratch: string;
}

/** A tracer attached to target and loop; it does not count the target yet. Disposing of it ends its process. */
export interface Tracer extends AsyncDisposable {
  readonly facts: Omit<TracerFacts, 'passedOver'>;
  /**
   * Opens the window: now, or at the first program that the target executes. Resolves when the target may start.
   */
  open(): Promise<void>;
  /** Resolves when the window has begun. */
  readonly began: Promise<void>;
  /** Closes the window; the tracer stays attached. */
  close(): Promise<void>;
  /** Ends the tracer; returns its counts between `open` and `close`. */
  counted(): Promise<TracerCounts>;
  /** Aborted when its process ends before it is asked to. */
  readonly ended: AbortSignal;
  /** Its output on stderr. */
  said(): string;
}

/** Attaches a tracer, or returns the reason why it cannot be used here; then nothing that it started is left. */
export interface TracerKindDefinition {
  readonly kind: TracerKind;
  attach(place: TracerPlace): Promise<Tracer | Reason>;
}

/** Is it a tracer, rather than the reason for none? */
export function isTracer(found: Tracer | Reason): found is Tracer {
  return 'facts' in found;
}
