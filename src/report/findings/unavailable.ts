import type { Lang, Message } from '../../core/messages/message.ts';
import { translate } from '../../core/messages/translate.ts';
import type { RuntimeFacts } from '../../core/model/runtime/runtime.ts';
import { lineBreak, type Text, text } from '../document/document.ts';
import { quoted } from '../document/quotes.ts';
import { terminalText } from '../document/sanitize.ts';
import { words } from '../words/common.ts';

/** Runtimes that cannot run here, with the reason and, on a separate line after the word `fix`, how to fix it. */
export function unavailableItems(
  runtimes: readonly RuntimeFacts[],
  fix: Message,
  lang: Lang,
): readonly Text[] {
  const colon = text(translate(words.colon, lang));
  return runtimes.flatMap(({ entry, preflight }): readonly Text[] =>
    preflight.status === 'available'
      ? []
      : [
          [
            text(terminalText(entry.name, 40)),
            colon,
            quoted(preflight, 'reason', lang),
            lineBreak,
            text(translate(fix, lang)),
            colon,
            quoted(preflight, 'fix', lang),
          ],
        ],
  );
}
