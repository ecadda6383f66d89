import { notices } from '../messages/define.ts';
import { MessageError } from '../model/said.ts';

const words = notices('output', { notPrinted: "''{text}'' was not printed" });

/**
 * Length of the output that is kept for searching, bytes. A text may be split over chunks, and may arrive before
 * the search.
 */
const memory = 64 * 1024;

interface Waiting {
  readonly text: string;
  readonly found: (at: bigint) => void;
}

/** Reports when a text has been printed. Remembers the last 64 KiB, so that a text that came before the call counts. */
export class OutputMatcher {
  readonly #now: () => bigint;
  #seen = '';
  /** Length of the output after each chunk, and the time of its arrival. */
  readonly #arrivals: { end: number; at: bigint }[] = [];
  #length = 0;
  #waiting: readonly Waiting[] = [];

  constructor(now: () => bigint) {
    this.#now = now;
  }

  add(chunk: Buffer): void {
    const at = this.#now();
    this.#length += chunk.length;
    this.#arrivals.push({ end: this.#length, at });
    if (this.#arrivals.length > 4096) this.#arrivals.shift();
    this.#seen = (this.#seen + chunk.toString('latin1')).slice(-memory);
    const open = this.#waiting;
    this.#waiting = open.filter(({ text }) => !this.#seen.includes(text));
    for (const waiting of open) if (!this.#waiting.includes(waiting)) waiting.found(at);
  }

  /** Resolves with the instant at which the whole text had arrived; rejects when the signal is aborted. */
  until(text: string, signal: AbortSignal): Promise<bigint> {
    const at = this.#seen.indexOf(text);
    if (at !== -1) {
      const end = this.#length - this.#seen.length + at + text.length;
      return Promise.resolve(this.#arrivals.find((arrival) => arrival.end >= end)?.at ?? this.#now());
    }
    return new Promise((resolve, reject) => {
      this.#waiting = [...this.#waiting, { text, found: resolve }];
      const notPrinted = () => reject(new MessageError(words.notPrinted({ text })));
      signal.addEventListener('abort', notPrinted, { once: true });
    });
  }
}
