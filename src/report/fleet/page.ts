import type { Lang } from '../../messages/message.ts';
import type { Fleet } from '../../model/fleet.ts';
import type { Block } from '../document.ts';
import type { PagePictures } from '../page-parts.ts';
import { staticPage } from '../static-page.ts';
import { colorOf } from './chart-axis.ts';

/** A fleet as one file without scripts. */
export function fleetPage(
  fleet: Fleet,
  blocks: readonly Block[],
  lang: Lang,
  svgs: Readonly<Record<string, PagePictures>>,
): string {
  const [first] = blocks;
  const title = first?.kind === 'heading' ? first.text : '';
  const runtimes = fleet.runtimes.map(({ name }) => ({ name, color: colorOf(fleet, name) }));
  return staticPage(blocks, { lang, title, svgs, runtimes });
}
