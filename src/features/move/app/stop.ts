import type { Clock } from '../../../app/reporter.ts';

/** A signal that is given at an interruption, or at a time that is set later. */
export interface Stop extends Disposable {
  readonly signal: AbortSignal;
  /** On the clock, ms; infinite before it is set. */
  readonly deadline: number;
  at(deadline: number): void;
}

/** A signal that an interruption gives, and the clock once a deadline is set. */
export function openStop(clock: Clock, interrupt: AbortSignal): Stop {
  const late = new AbortController();
  const disposed = new AbortController();
  let deadline = Number.POSITIVE_INFINITY;
  return {
    signal: AbortSignal.any([interrupt, late.signal]),
    get deadline() {
      return deadline;
    },
    at(time) {
      deadline = time;
      // Node takes a longer time as 1 ms.
      clock.sleep(Math.min(time - clock.now(), 2 ** 31 - 1), disposed.signal).then(
        () => late.abort(),
        () => undefined,
      );
    },
    [Symbol.dispose]: () => disposed.abort(),
  };
}
