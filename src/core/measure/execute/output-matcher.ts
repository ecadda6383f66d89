import { notices } from '../../messages/define.ts';
import { MessageError } from '../../model/failure/said.ts';
import type { ToolOutput } from '../../model/trial/trial.ts';

/**
 * Limit of kept output, bytes: more than any tool here prints. A container that prints without end must fill neither
 * memory nor the run's files.
 */
const limitBytes = 2 * 2 ** 20;

/** Collects a container's output, up to a limit over both streams. */
export class OutputBuffer {
  readonly #chunks: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  readonly #limitBytes: number;
  #bytes = 0;
  #truncated = false;

  /** `keptBytes`: a lower limit than the default, where not all output is needed. */
  constructor(keptBytes = limitBytes) {
    this.#limitBytes = Math.min(keptBytes, limitBytes);
  }

  add(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    const room = this.#limitBytes - this.#bytes;
    if (chunk.length > room) this.#truncated = true;
    if (room <= 0) return;
    const kept = Buffer.from(chunk.subarray(0, room));
    this.#bytes += kept.length;
    this.#chunks[stream].push(kept);
  }

  /** Bytes that are not UTF-8 become U+FFFD. */
  toOutput(): ToolOutput {
    const text = (stream: 'stdout' | 'stderr') => Buffer.concat(this.#chunks[stream]).toString('utf8');
    return { stdout: text('stdout'), stderr: text('stderr'), truncated: this.#truncated };
  }
}

/** The last line of a program's output, cut to 300 characters; from stderr where the program printed there. */
export function lastLine({ stdout, stderr }: Pick<ToolOutput, 'stdout' | 'stderr'>): string {
  return ((stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '').slice(0, 300);
}

const words = notices('output', { notPrinted: "''{text}'' was not printed" });

/**
 * Length of the output that is kept for searching, bytes. A text may be split over chunks, and may arrive before
 * the search.
 */
const memory = 64 * 1024;

/**
 * Maximum length of a line's part that a regular expression is matched against, characters: output of a container must
 * not keep the harness busy.
 */
const lineLimit = 1024;

interface PendingMatch {
  /** Is the text in the output seen so far, or a match in the lines that the last chunk touched? */
  isIn(seen: string, lines: readonly string[]): boolean;
  readonly found: (at: bigint) => void;
}

/** Reports when a text has been printed. Remembers the last 64 KiB, so that a text that came before the call counts. */
export class OutputMatcher {
  readonly #now: () => bigint;
  #seen = '';
  /** Length of the output after each chunk, and the time of its arrival. */
  readonly #arrivals: { end: number; at: bigint }[] = [];
  #length = 0;
  #waiting: readonly PendingMatch[] = [];

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
    if (open.length === 0) return;
    const lines = linesOf(this.#seen, chunk.length);
    this.#waiting = open.filter((waiting) => !waiting.isIn(this.#seen, lines));
    for (const waiting of open) if (!this.#waiting.includes(waiting)) waiting.found(at);
  }

  /** Resolves with the instant at which the whole text had arrived; rejects when the signal is aborted. */
  until(text: string, signal: AbortSignal): Promise<bigint> {
    const at = this.#seen.indexOf(text);
    if (at !== -1) return Promise.resolve(this.#arrivalOf(at + text.length));
    return this.#wait(text, (seen) => seen.includes(text), signal);
  }

  /** Resolves with the instant at which a match in a line had arrived; rejects when the signal is aborted. */
  match(pattern: RegExp, signal: AbortSignal): Promise<bigint> {
    let start = 0;
    for (const line of this.#seen.split('\n')) {
      const found = pattern.exec(cut(line));
      start += line.length;
      if (found !== null) {
        const after = cut(line).length - found.index - found[0].length;
        return Promise.resolve(this.#arrivalOf(start - after));
      }
      start += 1;
    }
    return this.#wait(pattern.source, (_, lines) => lines.some((line) => pattern.test(line)), signal);
  }

  /** The instant at which the first `length` characters of the remembered output had arrived. */
  #arrivalOf(length: number): bigint {
    const end = this.#length - this.#seen.length + length;
    return this.#arrivals.find((arrival) => arrival.end >= end)?.at ?? this.#now();
  }

  #wait(text: string, isIn: PendingMatch['isIn'], signal: AbortSignal): Promise<bigint> {
    return new Promise((resolve, reject) => {
      this.#waiting = [...this.#waiting, { isIn, found: resolve }];
      const notPrinted = () => reject(new MessageError(words.notPrinted({ text })));
      signal.addEventListener('abort', notPrinted, { once: true });
    });
  }
}

/** The last {@link lineLimit} characters of a line. */
function cut(line: string): string {
  return line.slice(-lineLimit);
}

/** The lines to which the last `last` characters belong. */
function linesOf(seen: string, last: number): readonly string[] {
  const from = seen.lastIndexOf('\n', Math.max(0, seen.length - last - 1)) + 1;
  return seen.slice(from).split('\n').map(cut);
}
