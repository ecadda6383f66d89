import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { type Block, left, number, right, type Text, text } from '../../../report/document.ts';
import { formatCount, formatInstant, formatNumberShort, formatPercent } from '../../../report/format.ts';
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
  const t = (word: 'began' | 'status' | 'figures' | 'minutes' | 'disturbed' | 'why') =>
    translate(words[word], lang);
  return {
    kind: 'table',
    caption: translate(words.caption({ host }), lang),
    columns: [
      ...[left(t('began')), left(t('status')), right(t('figures'))],
      ...[right(t('minutes')), right(t('disturbed')), left(t('why'))],
    ],
    rows: nights
      .toReversed()
      .map((night): readonly Text[] => [
        [text(formatInstant(night.at))],
        [text(statusWord(night.status, lang))],
        [number(formatCount(night.headlines, lang), night.headlines)],
        [number(formatNumberShort(night.minutes, lang), night.minutes)],
        [number(formatPercent(night.disturbed, lang), night.disturbed)],
        [text(night.reason)],
      ]),
  };
}
