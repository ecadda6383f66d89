import { messages } from '../core/messages/define.ts';
import type { Lang, Message } from '../core/messages/message.ts';
import { translate } from '../core/messages/translate.ts';
import { terminalText } from '../report/document/sanitize.ts';

const words = messages('clean', {
  nothingLeft: 'nothing was left behind',
  nothingRemoved: 'nothing was removed',
  removed: 'removed {what}',
});

/** The removed things, one line each; `someLeft`: was anything kept? */
export function removedLines(removed: readonly Message[], someLeft: boolean, lang: Lang): string {
  const nothing = someLeft ? words.nothingRemoved : words.nothingLeft;
  const lines = removed.length === 0 ? [nothing] : removed.map((what) => words.removed({ what }));
  return lines.map((line) => terminalText(translate(line, lang))).join('\n');
}
