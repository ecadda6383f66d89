import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { wrapText } from '../../document/wrap.ts';
import type { Room, Spec } from './chart.ts';
import { pageLook, standalone } from './theme.ts';

/** A chart of data that are not a run: for a page without scripts, for a phone, and for a separate file. */
export interface Picture {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly wide: Spec;
  readonly narrow: Spec;
  /** Specification with title and caption. */
  readonly titled: Spec;
}

/** Draws a chart for every medium. */
export function pictureOf(
  id: string,
  { title, caption }: { readonly title: Message; readonly caption: Message },
  draw: (room: Room) => Spec,
  lang: Lang,
): Picture {
  const [named, read] = [translate(title, lang), translate(caption, lang)];
  const wide = draw({ lang, narrow: false });
  const heading = { text: wrapText(named, 75), subtitle: wrapText(read, 108) };
  return {
    id,
    title: named,
    caption: read,
    wide: standalone(wide, lang, pageLook),
    narrow: standalone(draw({ lang, narrow: true }), lang, pageLook),
    titled: standalone({ title: heading, ...wide }, lang),
  };
}
