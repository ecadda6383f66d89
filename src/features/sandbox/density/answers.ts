/** Longest line that is kept, characters: the lines of the workload have some hundred. */
const longest = 4_096;
/** Lines kept for one trial: some minutes of hundreds of sandboxes. */
const mostLines = 500_000;

/**
 * Times to answers, printed by the sandboxes: lines `answers <µs> <µs> …`, each for the answers since the line before. They are
 * hostile: what is not such a line is ignored.
 */
export class AnswerReader {
  readonly #now: () => bigint;
  readonly #rest = new Map<number, string>();
  readonly #lines: { readonly at: bigint; readonly answersNs: readonly number[] }[] = [];

  constructor(now: () => bigint) {
    this.#now = now;
  }

  /** Output of the sandbox of this number. */
  add(index: number, chunk: Buffer): void {
    const at = this.#now();
    const lines = ((this.#rest.get(index) ?? '') + chunk.toString('latin1')).split('\n');
    const rest = lines.pop() ?? '';
    this.#rest.set(index, rest.length > longest ? '' : rest);
    for (const line of lines) {
      if (this.#lines.length >= mostLines || !/^answers(?: \d{1,10}){1,200}$/.test(line)) continue;
      this.#lines.push({
        at,
        answersNs: line
          .split(' ')
          .slice(1)
          .map((micros) => Number(micros) * 1000),
      });
    }
  }

  /** Answers of the lines that arrived between two instants, ns. */
  between(begin: bigint, end: bigint): readonly number[] {
    return this.#lines.flatMap(({ at, answersNs }) => (at >= begin && at <= end ? answersNs : []));
  }
}
