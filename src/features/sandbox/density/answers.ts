import { notices } from '../../../core/messages/define.ts';
import { MessageError } from '../../../core/model/failure/said.ts';

const { tooMany } = notices('density.answers', {
  tooMany: 'a sandbox printed more than {most} answers at once: its program is not that of the test',
});

/** Longest line that is kept, characters: the lines of the workload have some hundred. */
const longest = 4_096;
/** Answers of one sandbox in one window. The workload gives some ten, and some twenty more where it was behind. */
const most = 500;

/**
 * Times to answers, printed by the sandboxes: lines `answers <µs> <µs> …`, each for the answers since the line before. They are
 * hostile: what is not such a line is ignored. Only those of the current window are kept.
 */
export class AnswerReader {
  readonly #rest = new Map<number, string>();
  /** By sandbox, ns; null outside of a window. */
  #window: Map<number, number[]> | null = null;
  #isFull = false;

  /** Output of the sandbox of this number. */
  add(index: number, chunk: Buffer): void {
    const lines = ((this.#rest.get(index) ?? '') + chunk.toString('latin1')).split('\n');
    const rest = lines.pop() ?? '';
    this.#rest.set(index, rest.length > longest ? '' : rest);
    if (this.#window === null) return;
    const own = this.#window.get(index) ?? [];
    this.#window.set(index, own);
    for (const line of lines) {
      if (!/^answers(?: \d{1,10}){1,200}$/.test(line)) continue;
      const micros = line.split(' ').slice(1);
      if (own.length + micros.length > most) this.#isFull = true;
      else own.push(...micros.map((each) => Number(each) * 1000));
    }
  }

  /** From now on, lines count. */
  begin(): void {
    this.#window = new Map();
    this.#isFull = false;
  }

  /**
   * Answers of the lines that arrived since `begin`, ns, of the first `count` sandboxes. `missing`: how many of at least `each` did
   * not come. MessageError if a sandbox printed more than any program of the test does.
   */
  end(count: number, each: number): { readonly answersNs: readonly number[]; readonly missing: number } {
    const found = Array.from({ length: count }, (_, index) => this.#window?.get(index) ?? []);
    this.#window = null;
    if (this.#isFull) throw new MessageError(tooMany({ most }));
    const missing = found.reduce((sum, own) => sum + Math.max(0, each - own.length), 0);
    return { answersNs: found.flat(), missing };
  }
}
