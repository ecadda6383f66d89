import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Memory shared by this process and the heartbeat thread: one number at each of {@link slots}. */
export type HeartbeatMemory = Int32Array<SharedArrayBuffer>;

/**
 * Indices in {@link HeartbeatMemory}: number of the last requested beat, number of the last answered one, request to
 * end, and time that the process stood still, ms.
 */
export const slots = { asked: 0, answered: 1, end: 2, stoodMs: 3 } as const;

/** A thread of this process that detects when the whole process stands still. */
interface Heartbeat extends Disposable {
  /**
   * Time that this process has stood still since the start, ms. Includes the time up to this call, because it waits for
   * its own beat.
   */
  stoodMs(): Promise<number>;
}

/** Starts the thread. Rejects where it cannot start; `stoodMs` rejects once the thread has ended. */
export async function startHeartbeat(): Promise<Heartbeat> {
  const bytes = Object.keys(slots).length * Int32Array.BYTES_PER_ELEMENT;
  const control: HeartbeatMemory = new Int32Array(new SharedArrayBuffer(bytes));
  // The suffix is that of this file: .js in the compiled package.
  const thread = new URL(`./heartbeat-thread${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(thread, { workerData: control, execArgv: [], env: {}, name: 'heartbeat' });
  const ended = once(worker, 'exit').then(() => {
    throw new Error('the thread of the heartbeat has ended');
  });
  // Every wait for a beat awaits the thread's end too.
  ended.catch(() => undefined);

  const beat = async () => {
    const request = Atomics.add(control, slots.asked, 1) + 1;
    Atomics.notify(control, slots.asked);
    for (;;) {
      const answered = Atomics.load(control, slots.answered);
      if (answered >= request) return;
      const answer = Atomics.waitAsync(control, slots.answered, answered);
      if (answer.async) await Promise.race([answer.value, ended]);
    }
  };
  await beat();
  return {
    async stoodMs() {
      await beat();
      return Atomics.load(control, slots.stoodMs);
    },
    [Symbol.dispose]() {
      Atomics.store(control, slots.end, 1);
      Atomics.add(control, slots.asked, 1);
      Atomics.notify(control, slots.asked);
    },
  };
}

/** Time between two beats, ms. Each beat costs some 50 to 100 µs, and no pause of {@link maxGapMs} fits in between. */
export const beatMs = 100;

/** A longer gap between two beats may be a standstill, ms; a shorter one is not. */
const maxGapMs = 250;

/** Maximum delay of a beat that hardly waited for a processor, ms. */
const punctualMs = 2;
/** The queue time is read at the latest after this many punctual beats. Reading it costs twice as much as a beat. */
const punctualBeats = 20;

/**
 * Measures how long the process stood still, from a thread that sleeps {@link beatMs} over and over. A busy host also
 * delays beats, but then the thread is in the scheduler's queue, and the kernel counts that time. A thread that is
 * frozen, stopped or on a stopped machine is in no queue. Load is noise of a trial, not a standstill: a workload that
 * keeps all processors busy must not have its trials interrupted.
 */
export class StandstillMeter {
  #atMs: number;
  #waitedMs: number;
  #unread = 0;
  readonly #readWaitedMs: () => number;

  /**
   * `readWaitedMs`: time that the thread has spent in the queue so far, ms; always 0 where the kernel does not report
   * it.
   */
  constructor(nowMs: number, readWaitedMs: () => number) {
    this.#atMs = nowMs;
    this.#readWaitedMs = readWaitedMs;
    this.#waitedMs = readWaitedMs();
  }

  /**
   * Records a beat at this CLOCK_MONOTONIC. Returns how long the process stood still since the previous beat, ms; 0 if
   * it did not.
   */
  beat(nowMs: number): number {
    const gapMs = nowMs - this.#atMs;
    this.#atMs = nowMs;
    this.#unread++;
    if (gapMs < beatMs + punctualMs && this.#unread < punctualBeats) return 0;
    // This includes queue time of earlier beats that was not read: punctualBeats × punctualMs at most.
    const waited = this.#readWaitedMs();
    const stoodMs = gapMs - (waited - this.#waitedMs);
    this.#waitedMs = waited;
    this.#unread = 0;
    return stoodMs > maxGapMs ? stoodMs - beatMs : 0;
  }
}

/**
 * Parses the time in the scheduler's queue, ms, from `<ns on processor> <ns waited> <slices>` (/proc/<pid>/schedstat,
 * Documentation/scheduler/sched-stats.rst); null where the text has another form.
 */
export function waitedInQueue(schedstat: string): number | null {
  const [, waited] = /^\d+ (\d+) \d+$/.exec(schedstat.trim()) ?? [];
  return waited === undefined ? null : Number(waited) / 1e6;
}

/**
 * A reading of CLOCK_BOOTTIME between two readings of CLOCK_MONOTONIC, ms. Only CLOCK_BOOTTIME continues while the host
 * is suspended.
 */
export interface ClockPair {
  readonly beforeMs: number;
  readonly bootMs: number;
  readonly afterMs: number;
}

/**
 * Minimum time that the host was suspended between two readings of its clocks, ms; 0 where it is within
 * {@link maxGapMs}. Each clock pair has a reading on either side, because a process may lose the processor between the
 * two clocks.
 */
export function suspendedMs(begin: ClockPair, end: ClockPair): number {
  const suspended = end.bootMs - end.afterMs - (begin.bootMs - begin.beforeMs);
  return suspended > maxGapMs ? suspended : 0;
}
