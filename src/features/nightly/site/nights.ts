import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { type Block, number } from '../../../report/document.ts';
import { formatCount, formatInstant, formatNumberShort, formatPercent } from '../../../report/format.ts';
import { tableOf } from '../../../report/table-of.ts';
import type { NightLine } from '../history/record.ts';
import type { HostView } from './series-view.ts';

const words = messages('dashboard.nights', {
  began: 'began',
  status: 'status',
  figures: 'figures',
  minutes: 'minutes',
  disturbed: 'disturbed',
  why: 'why',
  measured: 'measured',
  interrupted: 'interrupted',
  skipped: 'skipped',
  failed: 'failed',
  caption: 'Nights of host {host}, the newest first',
});

/** Share of a night's trials from which on it is shown as disturbed. */
const disturbedFrom = 0.2;

/** Was the host busy with something else while this night measured? */
export function isDisturbed({ disturbed }: Pick<NightLine, 'disturbed'>): boolean {
  return disturbed >= disturbedFrom;
}

/** A word for how a night ended. */
export function statusWord(status: NightLine['status'], lang: Lang): string {
  return translate(words[status], lang);
}

/** The nights of a host as a table, the newest first. */
export function nightsTable({ host, nights }: HostView, lang: Lang): Block {
  return tableOf(
    nights.toReversed(),
    [
      [words.began, ({ at }) => formatInstant(at)],
      [words.status, ({ status }) => words[status]],
      [words.figures, ({ headlines: n }) => number(formatCount(n, lang), n), 'right'],
      [words.minutes, ({ minutes: n }) => number(formatNumberShort(n, lang), n), 'right'],
      [words.disturbed, ({ disturbed: share }) => number(formatPercent(share, lang), share), 'right'],
      [words.why, ({ reason }) => reason],
    ],
    lang,
    words.caption({ host }),
  );
}
