import { createInterface } from 'node:readline';
import { messages } from '../core/messages/define.ts';
import type { Terminal } from './terminal.ts';

const words = messages('confirmation', {
  ask: 'Write this? [y/N] ',
  /** A regular expression for an answer that means yes. */
  yesPattern: '^y(es)?$',
});

/** Makes the function that asks for consent; null where no user can answer at this terminal. */
export function asked(terminal: Terminal): (() => Promise<boolean>) | null {
  return process.stdin.isTTY && process.stderr.isTTY ? () => ask(terminal) : null;
}

/** Asks on stderr; false where the user ends the input (Ctrl-C, Ctrl-D). */
async function ask(terminal: Terminal): Promise<boolean> {
  const reading = createInterface({ input: process.stdin, output: process.stderr });
  reading.setPrompt(terminal.say(words.ask));
  const answer = await new Promise<string>((resolve) => {
    reading.once('line', resolve);
    reading.once('SIGINT', () => reading.close());
    reading.once('close', () => resolve(''));
    reading.prompt();
  });
  reading.close();
  return new RegExp(terminal.say(words.yesPattern), 'i').test(answer.trim());
}
