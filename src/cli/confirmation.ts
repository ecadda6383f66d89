import type { Confirmation } from '../features/options/daemon-json/change-runtimes.ts';
import { messages } from '../core/messages/define.ts';
import type { Message } from '../core/messages/message.ts';
import { terminalText } from '../report/sanitize.ts';
import { createTwoFilesPatch } from '../features/options/daemon-json/diff.ts';
import { canAnswer, openQuestions } from './question.ts';
import type { Terminal } from './terminal.ts';

const words = messages('confirmation', {
  ask: 'Write this? [y/N] ',
  askRemove: 'Remove this? [y/N] ',
  /** A regular expression for an answer that means yes. */
  yesPattern: '^y(es)?$',
});

/** The difference in the format of `diff -u`, safe to print. */
function difference(path: string, before: string, after: string, { paintResult }: Terminal): string {
  const paint = (line: string) => {
    const text = terminalText(line.replaceAll('\t', '    '));
    if (line.startsWith('+')) return paintResult('green', text);
    return line.startsWith('-') ? paintResult('red', text) : text;
  };
  const patch = createTwoFilesPatch(path, path, before, after, undefined, undefined, { context: 3 });
  return (
    patch
      .split('\n')
      // Without the line of `=`, which only mail programs need.
      .filter((line, i) => i > 1 || !line.startsWith('==='))
      .map((line) => paint(line.replace(/\r$/, '')))
      .join('\n')
  );
}

/** Shows a change of a file on the terminal, and asks where a user can answer. */
export function confirmation(terminal: Terminal): Confirmation {
  return {
    show: (file, before, after) => terminal.paintedResult(difference(file, before, after, terminal)),
    ask: asked(terminal, 'write'),
  };
}

const asks = { write: words.ask, remove: words.askRemove };

/** Asks whether to do it; null where no user can answer. */
export function asked(terminal: Terminal, what: keyof typeof asks): Confirmation['ask'] {
  return canAnswer() ? () => ask(terminal, asks[what]) : null;
}

async function ask(terminal: Terminal, question: Message): Promise<boolean> {
  using questions = openQuestions();
  const answer = await questions.ask(terminal.say(question));
  return new RegExp(terminal.say(words.yesPattern), 'i').test((answer ?? '').trim());
}
