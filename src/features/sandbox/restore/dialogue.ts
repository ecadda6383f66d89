import type { Container } from '../../../core/engine/engine.ts';
import { notices } from '../../../core/messages/define.ts';
import { MessageError } from '../../../core/model/failure/said.ts';

const text = notices('restore', {
  ended: 'the service ended without an answer: {said}',
  unasked: 'the service printed without a question: {line}',
  tooLong: 'the service printed a line that does not end',
});

/** Maximum length of an answer, and of what is kept of standard error, characters. */
const longest = 4_096;

/** An answer, and when it arrived: host CLOCK_MONOTONIC, ns. */
interface Answer {
  readonly line: string;
  readonly at: bigint;
}

/** Asks a service on its standard input; its answers are lines of its standard output, one to a question. */
export class Dialogue {
  readonly #now: () => bigint;
  #partial = '';
  #said = '';
  #fault: MessageError | null = null;
  #pending: PromiseWithResolvers<Answer> | null = null;

  constructor(now: () => bigint) {
    this.#now = now;
  }

  /** Takes the output of the container. */
  add(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    const at = this.#now();
    if (stream === 'stderr') {
      this.#said = `${this.#said}${chunk.toString('utf8')}`.slice(-longest);
      return;
    }
    if (this.#fault !== null) return;
    const lines = `${this.#partial}${chunk.toString('utf8')}`.split('\n');
    this.#partial = lines.pop() ?? '';
    if (this.#partial.length > longest) this.#fail(new MessageError(text.tooLong));
    for (const line of lines) {
      if (this.#pending === null) this.#fail(new MessageError(text.unasked({ line: line.slice(0, 80) })));
      this.#pending?.resolve({ line, at });
      this.#pending = null;
    }
  }

  /** The container's output has ended: nothing answers any more. */
  end(): void {
    const said = this.#said.trim().split('\n').at(-1) ?? '';
    this.#fail(new MessageError(text.ended({ said: said.slice(0, 200) })));
  }

  /** Resolves with the answer. Rejects where the service has ended, or says more than it was asked. */
  ask(container: Pick<Container, 'write'>, question: string): Promise<Answer> {
    this.#pending = Promise.withResolvers();
    const { promise } = this.#pending;
    if (this.#fault !== null) this.#pending.reject(this.#fault);
    else container.write?.(`${question}\n`);
    return promise;
  }

  #fail(fault: MessageError): void {
    this.#fault ??= fault;
    this.#pending?.reject(this.#fault);
    this.#pending = null;
  }
}
