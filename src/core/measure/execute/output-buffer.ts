import type { ToolOutput } from '../../model/trial.ts';

/**
 * Limit of kept output, bytes: more than any tool here prints. A container that floods must fill neither memory nor the
 * run's files.
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
