import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { type Block, link, type Text, text } from '../../../report/document/document.ts';
import { formatCount, formatInstant, formatPercent } from '../../../report/document/format.ts';
import { tableOf, wrap } from '../../../report/document/make-table.ts';
import { terminalText } from '../../../report/document/sanitize.ts';
import { statusWords } from '../history/alarm-text.ts';
import type { NightLine } from '../history/record.ts';

const words = messages('history.nights', {
  began: 'began',
  run: 'run and notes',
  status: 'status',
  headlines: 'figures',
  minutes: 'minutes',
  disturbed: 'disturbed',
  confirmation: 'confirmation',
});

/** Run → address of its files; runs whose files are gone have none. */
export type RunLinks = ReadonlyMap<string, string>;

/** The nights as a table, one per row. */
export function nightsTable(nights: readonly NightLine[], lang: Lang, links: RunLinks = new Map()): Block {
  return tableOf(
    nights,
    [
      [words.began, ({ at }) => formatInstant(at), wrap(20, 20)],
      [
        words.status,
        ({ stage, status }) =>
          stage === 'confirmation' && status === 'measured' ? words.confirmation : statusWords[status],
        wrap(12, 12),
      ],
      [words.headlines, ({ headlines }) => formatCount(headlines, lang), wrap(8, 8)],
      [words.minutes, ({ minutes }) => String(minutes), wrap(7, 7)],
      [words.disturbed, ({ disturbed }) => formatPercent(disturbed, lang), wrap(9, 9)],
      [words.run, (night) => runAndNotes(night, links), wrap(60, 24)],
    ],
    lang,
  );
}

function runAndNotes({ run, reason }: NightLine, links: RunLinks): Text {
  const notes = terminalText([run ?? '', reason].filter((part) => part !== '').join(': '), 300);
  const href = run === null ? undefined : links.get(run);
  if (run === null || href === undefined) return [text(notes)];
  return [link(run, href), text(notes.slice(run.length))];
}
