import type { Terminal } from '../../../../cli/terminal.ts';
import { messages } from '../../../../core/messages/define.ts';
import { translate } from '../../../../core/messages/translate.ts';
import type { Block } from '../../../../report/document/document.ts';
import { formatCount, formatInstant, formatPercent } from '../../../../report/document/format.ts';
import { type TableColumn, tableOf, wrap } from '../../../../report/document/make-table.ts';
import { terminalText } from '../../../../report/document/sanitize.ts';
import { renderTerminal, tableWidth } from '../../../../report/renderers/terminal.ts';
import { alarmLines, estimateText } from '../../history/alarm-text.ts';
import { answerText, historyAnswer, hostsOf } from '../../history/answer.ts';
import type { AlarmLine, HeadlineLine, NightLine } from '../../history/record.ts';
import { type History, openAlarms } from '../../history/recorded-series.ts';
import { nightsTable } from '../../report/nights.ts';

const words = messages('history.table', {
  began: 'began',
  stage: 'stage',
  disturbed: 'disturbed',
  what: 'what',
  value: 'ratio or value, 95% interval',
  pairs: 'blocks',
  version: 'version',
  night: 'night',
});
const said = messages('history.said', {
  noAlarm: 'no open alarm',
  host: 'host {host}:',
});
const stages = messages('history.stage', { night: 'night', confirmation: 'confirmation' });

/** What only professionals read is said in English. */
const lang = 'en';

function print(terminal: Terminal, table: Block): void {
  const { paintResult: paint } = terminal;
  terminal.paintedResult(renderTerminal([[table]], { lang, paint, width: terminal.resultWidth(tableWidth) }));
}

const cut = (words: string) => terminalText(words, 300);

/** Prints one line per night. */
export function printNights(terminal: Terminal, nights: readonly NightLine[]): void {
  print(terminal, nightsTable(nights, lang));
}

/** Prints the figures of one night, one line per series. */
export function printHeadlines(terminal: Terminal, headlines: readonly HeadlineLine[]): void {
  const columns: readonly TableColumn<HeadlineLine>[] = [
    [words.what, ({ series }) => cut(series), wrap(60, 24)],
    ...figureColumns,
    [words.night, ({ night }) => night, wrap(10, 10)],
  ];
  print(terminal, tableOf(headlines, columns, lang));
}

/** Prints one series, one line per night. */
export function printSeries(terminal: Terminal, headlines: readonly HeadlineLine[]): void {
  const columns: readonly TableColumn<HeadlineLine>[] = [
    [words.began, ({ at }) => formatInstant(at), wrap(20, 20)],
    [words.stage, ({ stage }) => stages[stage], wrap(12, 12)],
    ...figureColumns,
    [
      words.version,
      ({ provenance: { runtime } }) =>
        cut([runtime.version ?? '–', runtime.sha256?.slice(0, 8) ?? ''].join(' ')),
      wrap(28, 12),
    ],
  ];
  print(terminal, tableOf(headlines, columns, lang));
}

const figureColumns: readonly TableColumn<HeadlineLine>[] = [
  [words.value, (line) => estimateText(line, lang), wrap(30, 20)],
  [words.pairs, ({ pairs }) => formatCount(pairs, lang), wrap(6, 6)],
  [words.disturbed, ({ disturbed }) => formatPercent(disturbed, lang), wrap(10, 10)],
];

/** Prints what a history says: open alarms, and of each host what is steady, what changed and what could be found. */
export function printAnswer(terminal: Terminal, history: History): void {
  const open = openAlarms(history).map(alarmText);
  terminal.result(open.length === 0 ? terminal.say(said.noAlarm) : open.join('\n'));
  const hosts = hostsOf(history);
  for (const host of hosts) {
    if (hosts.length > 1) terminal.result(terminal.say(said.host({ host })));
    for (const line of answerText(historyAnswer(history, host), lang))
      terminal.result(terminalText(translate(line, lang), 2000));
  }
}

/** An alarm as text: which series moved, since when, by how much, and which versions changed that night. */
function alarmText(alarm: AlarmLine): string {
  return alarmLines(alarm)
    .map((line) => terminalText(translate(line, lang), 500))
    .join('\n');
}
