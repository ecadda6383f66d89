import { joined } from '../../../core/messages/compose.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { heading, list } from '../../../report/document/document.ts';
import { renderTerminal, tableWidth } from '../../../report/renderers/terminal.ts';
import type { Paint } from '../../../report/renderers/terminal-text.ts';
import type { Fleet } from '../merge/fleet-record.ts';
import { leadOf } from './lead.ts';
import { estimateTable, outlierItems } from './tables.ts';
import { fleetWords } from './words.ts';

/** A fleet for a terminal: estimates, and outlying hosts. */
export function fleetTable(
  fleet: Fleet,
  {
    lang,
    width = tableWidth,
    paint,
  }: { readonly lang: Lang; readonly width?: number; readonly paint?: Paint },
): string {
  return renderTerminal(
    [
      [
        heading(1, translate(fleetWords.title, lang)),
        { kind: 'lead', text: translate(joined(leadOf(fleet, lang), 'space'), lang) },
      ],
      [estimateTable(fleet, lang)],
      ...(fleet.outliers.length === 0 ? [] : [list(outlierItems(fleet, lang))]),
    ],
    { lang, width, paint },
  );
}
