import type { Lang } from '../../../core/messages/message.ts';
import type { Block } from '../../../report/document.ts';
import type { PagePictures } from '../../../report/page-parts.ts';
import { staticPage } from '../../../report/static-page.ts';
import type { Fleet } from '../merge/fleet-record.ts';
import { colorOf } from './charts.ts';

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
