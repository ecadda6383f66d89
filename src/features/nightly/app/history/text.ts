import type { Terminal } from '../../../../cli/terminal.ts';
import { type Measure, textTable } from '../../../../cli/text-table.ts';
import { messages } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import { text } from '../../../../report/document.ts';
import { formatCount, formatInstant, formatPercent } from '../../../../report/format.ts';
import { renderTerminal, tableWidth } from '../../../../report/renderers/terminal.ts';
import { terminalText } from '../../../../report/sanitize.ts';
import { alarmLines } from '../../history/alarm-text.ts';
import { estimateText, statusWords } from '../../history/line-text.ts';
import type { AlarmLine, HeadlineLine, NightLine } from '../../history/record.ts';

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
    say(statusWords[night.status]),
    formatCount(night.headlines, lang),
    String(night.minutes),
    formatPercent(night.disturbed, lang),
    night.run ?? '–',
    night.reason,
  ]);
  print(terminal, columns, rows);
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
export function alarmText({ lang, say }: Terminal, alarm: AlarmLine): string {
  return alarmLines(alarm, lang)
    .map((line) => terminalText(say(line), 500))
    .join('\n');
}
