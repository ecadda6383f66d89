import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/app/context.ts';

/** Time that goes on only when it is waited for, or told to. */
export class ScriptedClock implements Clock {
  #ms = 0;
  readonly #due: { readonly at: number; readonly event: () => void }[] = [];

  now = () => this.#ms;
  date = () => new Date(Date.UTC(2026, 0, 1) + this.#ms);
  sleep = async (ms: number, signal?: AbortSignal) => {
    this.advance(ms);
    await turn();
    signal?.throwIfAborted();
  };

  /** Once so much time has gone by, from now on. */
  after(ms: number, event: () => void): void {
    this.#due.push({ at: this.#ms + ms, event });
  }

  advance(ms: number): void {
    this.#ms += ms;
    for (const due of this.#due.splice(0))
      if (due.at <= this.#ms) due.event();
      else this.#due.push(due);
  }
}
