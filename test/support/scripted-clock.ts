import { setImmediate as turn } from 'node:timers/promises';
import { vi } from 'vitest';
import type { Clock } from '../../src/app/reporter.ts';

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

const realNs = process.hrtime.bigint.bind(process.hrtime);

/** The clock by which trials are timed (`process.hrtime`). What it is told to pass, nobody waits for. */
export class TrialClock implements Disposable {
  #passedNs = 0n;
  #isReal = true;
  readonly #spy;

  constructor() {
    this.#spy = vi.spyOn(process.hrtime, 'bigint').mockImplementation(() => {
      if (this.#isReal) return realNs() + this.#passedNs;
      this.#passedNs += 1_000_000n;
      return this.#passedNs;
    });
  }

  pass = async (ms: number) => {
    this.#passedNs += BigInt(ms) * 1_000_000n;
    await turn();
  };

  /** From now on every look at it is a millisecond later, however late this process is. */
  tick(): void {
    this.#passedNs = process.hrtime.bigint();
    this.#isReal = false;
  }

  [Symbol.dispose](): void {
    this.#spy.mockRestore();
  }
}
