import type { Lang } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { familyColors } from '../../../report/charts/grammar/palette.ts';
import { plainText } from '../../../report/document/sanitize.ts';
import { staticPage } from '../../../report/document/static-page.ts';
import type { MoveRecord } from '../record.ts';
import { moveBlocks } from './blocks.ts';
import { pageWords } from './page-words.ts';

/** A move as one file without scripts: text and tables. */
export function movePage(move: MoveRecord, lang: Lang): string {
  const colors = familyColors(move.runtimes.map(({ entry, family }) => ({ name: entry.name, family })));
  const runtimes = [...colors].map(([name, color]) => ({ name, color }));
  const title = translate(pageWords.title({ stack: plainText(move.stack.name) }), lang);
  return staticPage(moveBlocks(move, lang).flat(), { lang, title, svgs: {}, runtimes });
}
