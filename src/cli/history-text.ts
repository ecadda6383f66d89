import { messages } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import type { AlarmLine, HeadlineLine, NightLine } from '../model/history.ts';
import { text } from '../report/document.ts';
import {
  formatCount,
  formatEstimate,
  formatInstant,
  formatPercent,
  formatRatioEstimate,
} from '../report/format.ts';
import { renderTerminal, tableWidth } from '../report/renderers/terminal.ts';
import { terminalText } from '../report/sanitize.ts';
import type { Terminal } from './terminal.ts';
import { type Measure, textTable } from './text-table.ts';

const words = messages('history.table', {
  began: 'began',
  run: 'run',
  stage: 'stage',
  status: 'status',
  headlines: 'figures',
  minutes: 'minutes',
  disturbed: 'disturbed',
  reason: 'why',
  what: 'what',
  value: 'ratio or value, 95 % interval',
  pairs: 'blocks',
  version: 'version',
  night: 'night',
});
const stages = messages('history.stage', { night: 'night', confirmation: 'confirmation' });
const statuses = messages('history.status', {
  measured: 'measured',
  interrupted: 'interrupted',
  skipped: 'skipped',
  failed: 'failed',
});
const causes = messages('history.cause', {
  runtime: 'this runtime moved',
  engine: 'the engine moved',
  kernel: 'the kernel moved',
  host: 'the host moved',
  unknown: 'what moved it is not known',
});
const directions = messages('history.direction', { better: 'better', worse: 'worse', other: 'other' });
const alarms = messages('history.alarm', {
  title: 'alarm {id}: {direction}; {cause}, since the night of {since}',
  changed: '  changed that night: {what}: {was} → {is}',
  unchanged: '  nothing that is recorded changed that night',
  moved: '  {series}: {change} [{low}, {high}]',
});

function print(terminal: Terminal, columns: readonly Measure[], rows: readonly (readonly string[])[]): void {
  const cells = rows.map((row) => row.map((cell) => [text(terminalText(cell, 300))]));
  terminal.paintedResult(
    renderTerminal([[textTable(columns, cells, terminal.say)]], {
      lang: terminal.lang,
      paint: terminal.paintResult,
      width: terminal.resultWidth(tableWidth),
    }),
  );
}

const columnOf = (title: Message, max: number, min = max): Measure => ({
  title,
  max,
  min: Math.min(min, max),
});

/** One night a line. */
export function printNights(terminal: Terminal, nights: readonly NightLine[]): void {
  const { lang, say } = terminal;
  const columns = [
    columnOf(words.began, 20),
    columnOf(words.stage, 12),
    columnOf(words.status, 12),
    columnOf(words.headlines, 8),
    columnOf(words.minutes, 8),
    columnOf(words.disturbed, 10),
    columnOf(words.run, 21),
    columnOf(words.reason, 60, 16),
  ];
  const rows = nights.map((night) => [
    formatInstant(night.at),
    say(stages[night.stage]),
    say(statuses[night.status]),
    formatCount(night.headlines, lang),
    String(night.minutes),
    formatPercent(night.disturbed, lang),
    night.run ?? '–',
    night.reason,
  ]);
  print(terminal, columns, rows);
}

/** The ratio, or for the pinned baseline alone the value. */
function estimateText({ against, estimate, low, high, unit }: HeadlineLine, lang: Terminal['lang']): string {
  return against === 'none'
    ? formatEstimate({ value: estimate, low, high }, unit, lang)
    : formatRatioEstimate({ ratio: estimate, low, high }, lang);
}

/** The figures of one night, one series a line. */
export function printHeadlines(terminal: Terminal, headlines: readonly HeadlineLine[]): void {
  const { lang } = terminal;
  const columns = [
    columnOf(words.what, 60, 24),
    columnOf(words.value, 30, 20),
    columnOf(words.pairs, 6),
    columnOf(words.disturbed, 10),
    columnOf(words.night, 10),
  ];
  const rows = headlines.map((line) => [
    line.series,
    estimateText(line, lang),
    formatCount(line.pairs, lang),
    formatPercent(line.disturbed, lang),
    line.night,
  ]);
  print(terminal, columns, rows);
}

/** One series over the nights. */
export function printSeries(terminal: Terminal, headlines: readonly HeadlineLine[]): void {
  const { lang, say } = terminal;
  const columns = [
    columnOf(words.began, 20),
    columnOf(words.stage, 12),
    columnOf(words.value, 30, 20),
    columnOf(words.pairs, 6),
    columnOf(words.disturbed, 10),
    columnOf(words.version, 28, 12),
  ];
  const rows = headlines.map((line) => [
    formatInstant(line.at),
    say(stages[line.stage]),
    estimateText(line, lang),
    formatCount(line.pairs, lang),
    formatPercent(line.disturbed, lang),
    [line.provenance.runtime.version ?? '–', line.provenance.runtime.sha256?.slice(0, 8) ?? ''].join(' '),
  ]);
  print(terminal, columns, rows);
}

/** What moved, since when, by how much, and what changed that night. */
export function alarmText(terminal: Terminal, alarm: AlarmLine): string {
  const { lang, say } = terminal;
  const percent = (ratio: number) => `${ratio >= 1 ? '+' : ''}${formatPercent(ratio - 1, lang, 1)}`;
  const { id, direction, cause, since, series } = alarm;
  const lines = [
    alarms.title({ id, since, direction: directions[direction], cause: causes[cause.kind] }),
    ...(cause.changed.length === 0 ? [alarms.unchanged] : cause.changed.map((each) => alarms.changed(each))),
    ...series.map((each) =>
      alarms.moved({
        series: each.series,
        change: percent(each.change),
        low: percent(each.low),
        high: percent(each.high),
      }),
    ),
  ];
  return lines.map((line) => terminalText(say(line), 500)).join('\n');
}
