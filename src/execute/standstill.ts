/** Time between two beats, ms: each costs some 50 to 100 µs, and no pause of {@link longestGapMs} fits in between. */
export const beatMs = 100;

/** A gap between two beats above which something stood still, ms; a beat that is late by less says nothing. */
const longestGapMs = 250;

/** A beat that is late by less has hardly waited for a processor, ms. */
const punctualMs = 2;
/** The queue is read after so many punctual beats at the latest: reading it costs twice as much as a beat. */
const punctualBeats = 20;

/**
 * How long the process stood still, from a thread that sleeps {@link beatMs} over and over. A busy host makes a beat late too,
 * but then the thread stands in the scheduler's queue, and the kernel counts that time. Whoever is frozen, stopped, or on a
 * machine that is itself stopped, stands in no queue. Load is the business of a trial's noise: a workload that keeps all
 * processors busy must not have its trials interrupted for that.
 */
export class StandstillMeter {
  #atMs: number;
  #waitedMs: number;
  #unread = 0;
  readonly #readWaitedMs: () => number;

  /** `readWaitedMs`: how long the thread has stood in the queue so far; always 0 where the kernel does not tell. */
  constructor(nowMs: number, readWaitedMs: () => number) {
    this.#atMs = nowMs;
    this.#readWaitedMs = readWaitedMs;
    this.#waitedMs = readWaitedMs();
  }

  /** A beat, at this CLOCK_MONOTONIC. Returns how long the process stood still since the one before, ms; 0 where it did not. */
  beat(nowMs: number): number {
    const gapMs = nowMs - this.#atMs;
    this.#atMs = nowMs;
    this.#unread++;
    if (gapMs < beatMs + punctualMs && this.#unread < punctualBeats) return 0;
    // What earlier beats waited that were not read is in it too: punctualBeats × punctualMs at most.
    const waited = this.#readWaitedMs();
    const stoodMs = gapMs - (waited - this.#waitedMs);
    this.#waitedMs = waited;
    this.#unread = 0;
    return stoodMs > longestGapMs ? stoodMs - beatMs : 0;
  }
}

/**
 * Time in the scheduler's queue, ms, of `<ns on processor> <ns waited> <slices>` (/proc/<pid>/schedstat,
 * Documentation/scheduler/sched-stats.rst); null where the text is another.
 */
export function waitedInQueue(schedstat: string): number | null {
  const [, waited] = /^\d+ (\d+) \d+$/.exec(schedstat.trim()) ?? [];
  return waited === undefined ? null : Number(waited) / 1e6;
}

/** A look at CLOCK_BOOTTIME, which goes on while the host is suspended, between two at CLOCK_MONOTONIC, which does not; ms. */
export interface ClockPair {
  readonly beforeMs: number;
  readonly bootMs: number;
  readonly afterMs: number;
}

/**
 * For how long the host was suspended between two looks at its clocks, ms, at least; 0 where that is within
 * {@link longestGapMs}. Whoever loses the processor between the two clocks sees them apart, hence a look on either side.
 */
export function suspendedMs(begin: ClockPair, end: ClockPair): number {
  const suspended = end.bootMs - end.afterMs - (begin.bootMs - begin.beforeMs);
  return suspended > longestGapMs ? suspended : 0;
}
