import { createInterface } from 'node:readline/promises';
import { messages } from '../core/messages/define.ts';
import type { Terminal } from './terminal.ts';

const words = messages('confirmation', {
  ask: 'Write this? [y/N] ',
  /** A regular expression for an answer that means yes. */
  yesPattern: '^y(es)?$',
});

/** Can a user answer at this terminal? */
export function canAnswer(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Asks questions on stderr, one after the other. */
export interface Questions extends Disposable {
  /** The answer; null where the user ended the input (Ctrl-C, Ctrl-D). */
  ask(prompt: string): Promise<string | null>;
}

/** Opens the terminal for questions. Lines that come before their question (pasted ones) answer the next one. */
export function openQuestions(): Questions {
  const reading = createInterface({ input: process.stdin, output: process.stderr });
  const early: string[] = [];
  let waiting: ((line: string | null) => void) | null = null;
  let hasEnded = false;
  const take = (line: string | null) => {
    const next = waiting;
    waiting = null;
    if (next !== null) next(line);
    else if (line !== null) early.push(line);
  };
  reading.on('line', take);
  reading.on('SIGINT', () => reading.close());
  reading.on('close', () => {
    hasEnded = true;
    take(null);
  });
  return {
    async ask(prompt) {
      const line = early.shift();
      if (line !== undefined) return line;
      if (hasEnded) return null;
      reading.setPrompt(prompt);
      return new Promise((resolve) => {
        waiting = resolve;
        reading.prompt();
      });
    },
    [Symbol.dispose]: () => reading.close(),
  };
}

/** Makes the function that asks for consent; null where no user can answer. */
export function asked(terminal: Terminal): (() => Promise<boolean>) | null {
  return canAnswer() ? () => ask(terminal) : null;
}

async function ask(terminal: Terminal): Promise<boolean> {
  using questions = openQuestions();
  const answer = await questions.ask(terminal.say(words.ask));
  return new RegExp(terminal.say(words.yesPattern), 'i').test((answer ?? '').trim());
}
