import { parse } from 'shell-quote';
import { messages, notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';

const words = messages('commandWords', {
  variable: 'a variable',
  comment: 'a comment',
  operator: "''{op}''",
});
const text = notices('commandWords', {
  noShell: "there is no shell that would know {what}; quote it, or call one:  sh -c ''…''",
  unclosed: 'a quote is not closed',
  empty: 'it is empty',
});

/** Is a quote open at the end? A backslash quotes the next character, except within single quotes. */
function hasOpenQuote(line: string): boolean {
  const rest = line.replaceAll(/\\.|'[^']*'|"(?:\\.|[^"\\])*"/gs, '');
  return /['"]/.test(rest);
}

/**
 * Words of a command line as a POSIX shell splits them: blanks, quotes and backslashes; nothing is substituted and
 * wildcards stay as they are. A message where it needs a shell for more: variables, pipes, redirections, comments.
 */
export function commandWords(
  line: string,
): { readonly ok: true; readonly words: string[] } | { readonly ok: false; readonly why: Message } {
  if (hasOpenQuote(line)) return { ok: false, why: text.unclosed };
  const found: string[] = [];
  for (const word of parse(line, (name) => ({ variable: name }))) {
    if (typeof word === 'string') found.push(word);
    else if ('op' in word && word.op === 'glob') found.push(word.pattern);
    else return { ok: false, why: text.noShell({ what: unknownWord(word) }) };
  }
  return found.length === 0 ? { ok: false, why: text.empty } : { ok: true, words: found };
}

function unknownWord(word: object): Message {
  if ('variable' in word) return words.variable;
  return 'op' in word ? words.operator({ op: String(word.op) }) : words.comment;
}
