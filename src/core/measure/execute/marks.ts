import type { Mark, MarkName } from '../../model/trial.ts';

/** Collects marks relative to the first mark, or to the first mark of the trial that they are part of. */
export class Marks {
  readonly list: Mark[] = [];
  readonly now: () => bigint;
  readonly #whole: Marks | null;
  #origin: bigint | null = null;

  constructor(now: () => bigint, whole: Marks | null = null) {
    this.now = now;
    this.#whole = whole;
  }

  /** The instant that marks count from; the first call sets it. */
  origin(at: bigint): bigint {
    if (this.#whole !== null) return this.#whole.origin(at);
    this.#origin ??= at;
    return this.#origin;
  }

  set(name: MarkName, at: bigint = this.now()): void {
    this.list.push({ name, atNs: Math.max(0, Number(at - this.origin(at))) });
  }
}
