import type { CallNames } from '../../../core/syscalls/call-names.ts';
import type { WatchedCgroup } from './bpftrace/program.ts';
import type { Loop } from './loop.ts';
import { classOf } from './names/call-classes.ts';
import type { Place, RecordedCall, TracerFacts, TracerKind } from './recording.ts';
import type { Reason } from './words.ts';

/** A window of CLOCK_MONOTONIC, ns. */
export interface Window {
  readonly beginNs: number;
  readonly endNs: number;
}

/** What a tracer counted in the window; null where it cannot count that. */
export interface Counted {
  readonly window: Window;
  readonly calls: readonly RecordedCall[];
  readonly places: readonly Place[];
  /** Context switches; perf does not tell why. */
  readonly switches:
    | { readonly voluntary: number; readonly involuntary: number }
    | { readonly total: number }
    | null;
  /** Page faults. */
  readonly faults: number | null;
  /**
   * New tasks, and programs that were executed; perf does not tell threads from processes. `vforks`: of the processes, those
   * that share their parent's memory until they execute a program.
   */
  readonly tasks: {
    readonly forks:
      | { readonly processes: number; readonly vforks: number; readonly threads: number }
      | { readonly total: number }
      | null;
    readonly execs: number | null;
  };
  /** Calls of the loop that it counted while it was attached, by name. */
  readonly loopCalls: ReadonlyMap<string, number>;
  /** Did the tracer see calls of 32-bit programs? */
  readonly saw32Bit: boolean;
  /** Counts that the tracer says it lost. */
  readonly lost: number;
}

/** What is known of the calls of one name. */
interface CallSums {
  readonly count: number;
  readonly timed?: { readonly count: number; readonly totalNs: number } | undefined;
  readonly bytes?: number | undefined;
}

/**
 * Make the record of the calls of one name. The time of all is that of the timed ones, times the calls for each of
 * them.
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

/** Most frequent first; equals by name. */
export function byCount(calls: readonly RecordedCall[]): readonly RecordedCall[] {
  return calls
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

/** What is watched, as the tracers need it. */
export interface Watched {
  /** Its cgroup, relative to the hierarchies' roots. */
  readonly path: string;
  readonly cgroup: WatchedCgroup;
  /** Host ids of its processes now; for what is started for the recording, the one that waits. */
  pids(): readonly number[];
  /**
   * What the window begins with: `now`; the next `program` that is executed in the cgroup; or the first program of a new
   * PID namespace, `init`, because a runtime may execute its own before it is in that namespace.
   */
  readonly begins: 'now' | 'program' | 'init';
  /** Was it started for the recording, so that it may be slowed down at will? */
  readonly isOurs: boolean;
}

/** Where a tracer works. */
export interface TracerPlace {
  readonly watched: Watched;
  readonly loop: Loop;
  /** null where the calls of this architecture are not known by number. */
  readonly names: CallNames | null;
  /** Position of the v1 controller by which cgroups are told apart; null on v2. */
  readonly controller: number | null;
  readonly architecture: string;
  /** One of so many calls is timed; a power of two. 0: none, and no result is looked at. */
  readonly timedOneOf: number;
  /** Directory for files of the recording alone. */
  readonly scratch: string;
}

/** A tracer that is attached to target and loop, and counts nothing of the target yet. Closing it ends its process. */
export interface Tracer extends AsyncDisposable {
  readonly facts: Omit<TracerFacts, 'passedOver'>;
  /**
   * Begin the window: at once, or with the first program that the target executes. Resolves when the target may begin.
   */
  open(): Promise<void>;
  /** Resolves when the window has begun. */
  readonly began: Promise<void>;
  /** End the window; the tracer stays attached. */
  close(): Promise<void>;
  /** End the tracer. What it counted between `open` and `close`. */
  counted(): Promise<Counted>;
  /** Aborted when its process has ended by itself, before it was asked to. */
  readonly ended: AbortSignal;
  /** What it printed on stderr. */
  said(): string;
}

/** Attaches a tracer, or says why it cannot be used here. Whatever it has started has ended then. */
export interface TracerKindDefinition {
  readonly kind: TracerKind;
  attach(place: TracerPlace): Promise<Tracer | Reason>;
}

/** Is it a tracer, not the reason why there is none? */
export function isTracer(found: Tracer | Reason): found is Tracer {
  return 'facts' in found;
}
