import type { Lang } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { familyColors } from '../../../report/charts/grammar/palette.ts';
import type { PagePictures } from '../../../report/document/page-parts.ts';
import { staticPage } from '../../../report/document/static-page.ts';
import type { MoveRecord } from '../record.ts';
import { moveBlocks } from './blocks.ts';
import { pageWords } from './page-words.ts';
import type { MovePicture } from './picture.ts';

/** Name → colour of the runtimes of a move. */
export function moveColors({ runtimes }: MoveRecord): ReadonlyMap<string, string> {
  return familyColors(runtimes.map(({ entry, family }) => ({ name: entry.name, family })));
}

/** A move as one file without scripts: text, tables and pictures. */
export function movePage(
  move: MoveRecord,
  lang: Lang,
  pictures: readonly MovePicture[],
  svgs: Readonly<Record<string, PagePictures>>,
): string {
  const blocks = moveBlocks(move, lang, pictures).flat();
  const runtimes = [...moveColors(move)].map(([name, color]) => ({ name, color }));
  return staticPage(blocks, { lang, title: translate(pageWords.title, lang), svgs, runtimes });
}
