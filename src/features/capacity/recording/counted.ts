import { classOf } from './names/call-classes.ts';
import type { Place, RecordedCall } from './recording.ts';

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
