import type { ToolOutput } from '../model/trial.ts';

/** More than any tool here prints; a container that floods must not fill our memory or the run's files. */
const limitBytes = 2 * 2 ** 20;

/** Collects what a container prints, up to a limit over both streams. */
export class OutputBuffer {
  readonly #chunks: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  readonly #limitBytes: number;
  #bytes = 0;
  #truncated = false;

  /** `keptBytes`: less than its own limit, where not all is wanted. */
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

  /** Bytes that are no UTF-8 become U+FFFD. */
  toOutput(): ToolOutput {
    const text = (stream: 'stdout' | 'stderr') => Buffer.concat(this.#chunks[stream]).toString('utf8');
    return { stdout: text('stdout'), stderr: text('stderr'), truncated: this.#truncated };
  }
}

/** The last line of what a program printed, of stderr where it printed there: what it ended with, cut to 300 characters. */
export function lastLine({ stdout, stderr }: Pick<ToolOutput, 'stdout' | 'stderr'>): string {
  return ((stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '').slice(0, 300);
}
