import type { Lang } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { staticPage } from '../../../report/static-page.ts';
import type { MoveRecord } from '../record.ts';
import { moveBlocks, pageWords } from './blocks.ts';

/** A move as one file without scripts. */
export function movePage(move: MoveRecord, lang: Lang): string {
  const blocks = moveBlocks(move, lang).flat();
  return staticPage(blocks, { lang, title: translate(pageWords.title, lang), svgs: {}, runtimes: [] });
}
