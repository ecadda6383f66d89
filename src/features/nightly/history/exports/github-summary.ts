import { messages } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import { translate } from '../../../../core/messages/translate.ts';
import {
  type Block,
  heading,
  list,
  paragraph,
  type Text,
  text,
} from '../../../../report/document/document.ts';
import { formatCount, formatPercent } from '../../../../report/document/format.ts';
import { tableOf } from '../../../../report/document/make-table.ts';
import { terminalText } from '../../../../report/document/sanitize.ts';
import { renderMarkdown } from '../../../../report/renderers/markdown.ts';
import { alarmLines, estimateText, statusWords } from '../alarm-text.ts';
import type { AlarmLine, NightLine } from '../record.ts';
import { judgeSeries, type SeriesState } from '../series-state.ts';
import type { HistoryExporter, HistoryExportSource } from './exporter.ts';
import { newestNight, tellVerdict } from './newest-night.ts';

const words = messages('history.summary', {
  title: 'Night of {night}',
  status: '{status}: {headlines} {headlines, plural, one {figure} other {figures}} in {minutes} minutes.',
  reason: '{status}: {reason}',
  noAlarm: 'No alarm is open.',
  moreAlarms: '{n} more {n, plural, one {alarm} other {alarms}}: @(nightly show)',
  moreSeries: '{n} more series: @(nightly show)',
  missing: '{series}: not measured tonight; last in the night of {night}',
  series: 'series',
  estimate: 'ratio or value, 95% interval',
  verdict: 'state',
  blocks: 'blocks',
  disturbed: 'disturbed',
});

/** GitHub refuses a step's summary of more than 1 MiB; other steps of a job have their own. */
export const summaryLimit = 1024 * 1024;

/** Maximum number of entries shown of each list, since a history can be any length. */
const most = { alarms: 20, series: 30, unread: 20, missing: 50, characters: 300 } as const;

/** What only professionals read is said in English. */
const lang = 'en';
const say = (message: Message) => translate(message, lang);

/** Bytes of UTF-8. */
const bytesOf = (markdown: string) => new TextEncoder().encode(markdown).length;

/**
 * The newest night as Markdown for `$GITHUB_STEP_SUMMARY`: alarms, then every series. Rows beyond the size limit are counted.
 */
export const githubSummary: HistoryExporter = (source) => {
  const newest = newestNight(source);
  if (newest === null) return { name: 'summary.md', content: null };
  const { night, series, missing } = newest;
  const ordered = series.toSorted((a, b) => rankOf(a) - rankOf(b));
  const render = (n: number) =>
    renderMarkdown(
      [
        heading(2, say(words.title({ night: night.night }))),
        paragraph(text(say(nightText(night)))),
        ...remarks(source),
        ...alarmBlocks(source),
        ...seriesTable(ordered.slice(0, n)),
        ...(n < ordered.length ? [paragraph(text(say(words.moreSeries({ n: ordered.length - n }))))] : []),
        ...list(
          missing.slice(0, most.missing).map(({ series: name, night: last }) => {
            return [text(say(words.missing({ series: short(name), night: last })))];
          }),
        ),
      ],
      lang,
      '',
    );
  let shown = ordered.length;
  let markdown = render(shown);
  while (bytesOf(markdown) > summaryLimit && shown > 0) {
    shown = Math.floor(shown * Math.min(0.9, (0.9 * summaryLimit) / bytesOf(markdown)));
    markdown = render(shown);
  }
  return { name: 'summary.md', content: markdown };
};

/** Sort rank: series that got worse, then others that moved, then those the guard cannot judge. */
function rankOf(state: SeriesState): number {
  const verdict = judgeSeries(state);
  if (verdict.kind === 'moved') return verdict.direction === 'worse' ? 0 : 1;
  return ['learning', 'wide', 'left'].includes(verdict.kind) ? 3 : 2;
}

function nightText({ status, reason, headlines, minutes }: NightLine): Message {
  const word = statusWords[status];
  return status === 'measured'
    ? words.status({ status: word, headlines, minutes })
    : words.reason({ status: word, reason });
}

const short = (value: string) => terminalText(value, most.characters);

/** Warnings about skipped lines and files, shown before the figures. */
function remarks({ unread }: HistoryExportSource): readonly Block[] {
  const items = unread.slice(0, most.unread).map(({ said }): Text => [text(short(said))]);
  return items.length === 0 ? [] : [{ kind: 'warning', items }];
}

function alarmBlocks({ open }: HistoryExportSource): readonly Block[] {
  if (open.length === 0) return [paragraph(text(say(words.noAlarm)))];
  const shown = open.toReversed().slice(0, most.alarms);
  return [
    ...shown.flatMap(alarmBlock),
    ...(open.length > shown.length
      ? [paragraph(text(say(words.moreAlarms({ n: open.length - shown.length }))))]
      : []),
  ];
}

function alarmBlock(alarm: AlarmLine): readonly Block[] {
  const [title = '', ...rest] = alarmLines(alarm, most.series).map((line) => short(say(line)).trim());
  return [heading(3, title), ...list(rest.map((line) => [text(line)]))];
}

function seriesTable(series: readonly SeriesState[]): readonly Block[] {
  if (series.length === 0) return [];
  return [
    tableOf(
      series,
      [
        [words.series, ({ line }) => short(line.series)],
        [words.estimate, ({ line }) => estimateText(line, lang)],
        [words.verdict, (each) => tellVerdict(each)],
        [words.blocks, ({ line }) => formatCount(line.pairs, lang), 'right'],
        [words.disturbed, ({ line }) => formatPercent(line.disturbed, lang), 'right'],
      ],
      lang,
    ),
  ];
}
