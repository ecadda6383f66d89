import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { type Block, number, paragraph, quiet, text } from '../../../report/document.ts';
import { formatEstimate, formatPercent, formatValue } from '../../../report/format.ts';
import { quoted } from '../../../report/quotes.ts';
import { renderTerminal, type TerminalOptions, tableWidth } from '../../../report/renderers/terminal.ts';
import type { Paint } from '../../../report/renderers/terminal-text.ts';
import { terminalText } from '../../../report/sanitize.ts';
import { cut, type TableCell, type TableColumn, tableOf } from '../../../report/table-of.ts';
import { classNames, figureName, figureUnit, networkFigures } from './figure-names.ts';
import type { CallCost, ClassTotal, RecordedCall, Recording } from './recording.ts';

const words = messages('recording.table', {
  summary: '{name}: {calls} system calls in {time}, {rate} a second, {cpus} CPUs',
  summaryNoCpu: '{name}: {calls} system calls in {time}, {rate} a second',
  class: 'class',
  call: 'call',
  calls: 'calls',
  rate: 'a second',
  share: 'share',
  time: 'time, waiting included',
  each: 'each',
  bytes: 'bytes',
  figure: 'figure',
  value: 'in the recording',
  more: '{n} more names with {calls} calls are in recording.json',
  absent: 'unknown: {names} ({why})',
  cost: 'Tracing cost {plain} per call and {read} per read (measured with loops, with and without tracing, during this recording).',
  share50k: 'At 50,000 calls a second, that is {share} of one CPU.',
  own: 'Here it was {ns} of CPU time, {share} of what the target used.',
  ownNoShare: 'Here it was {ns} of CPU time.',
  timed: 'One in {n} calls was timed, at random.',
});

/** Number of calls listed. */
const listedCalls = 15;
/** Figures shown in the terminal; the others are in recording.json. */
const listedFigures = [
  'cpu.user',
  'cpu.system',
  'memory.current',
  'memory.anon',
  'faults.all',
  'faults.major',
  'switches.all',
  'switches.voluntary',
  'tasks.forks',
  'tasks.threads',
  'tasks.execs',
  'io.read_bytes',
  'io.write_bytes',
  'io.read_ops',
  'io.write_ops',
  ...networkFigures,
];

/** A recording for a terminal: notes, calls by class and by name, figures, and the cost of tracing. */
export function recordingTable(
  recording: Recording,
  options: { readonly lang: Lang; readonly width?: number; readonly paint?: Paint },
): string {
  const { lang, width = tableWidth } = options;
  const terminal: TerminalOptions = { lang, width, paint: options.paint };
  const { notes } = recording;
  const warning: readonly Block[] =
    notes.length === 0 ? [] : [{ kind: 'warning', items: notes.map((note) => [quoted(note, 'note', lang)]) }];
  return `${renderTerminal(
    [
      warning,
      [paragraph(text(summary(recording, lang)))],
      [classTable(recording, lang)],
      [callTable(recording, lang), ...rest(recording, lang)],
      [figureTable(recording, lang), ...unknownFigures(recording, lang)],
      costs(recording, lang),
    ],
    terminal,
  )}\n`;
}

const totalOf = ({ calls }: Pick<Recording, 'calls'>) => calls.reduce((sum, { count }) => sum + count, 0);

function summary(recording: Recording, lang: Lang): string {
  const { target, windowNs, figures } = recording;
  const total = totalOf(recording);
  const values = {
    name: terminalText(target.name, 60),
    calls: formatValue(total, 'count', lang),
    time: formatValue(windowNs, 'ns', lang),
    rate: formatValue(Math.round(total / (windowNs / 1e9)), 'count', lang),
  };
  const cpu = figures['cpu.usage'];
  return translate(
    cpu === undefined || 'absent' in cpu
      ? words.summaryNoCpu(values)
      : words.summary({ ...values, cpus: Math.round((cpu.value / windowNs) * 100) / 100 }),
    lang,
  );
}

function amount(value: number | null, unit: 'ns' | 'bytes' | 'count', lang: Lang): TableCell {
  return value === null ? null : number(formatValue(value, unit, lang), value);
}

/** Columns that both tables share. */
function countColumns(
  { windowNs, ...recording }: Recording,
  lang: Lang,
): readonly TableColumn<Pick<ClassTotal, 'count' | 'timeNs' | 'bytes'>>[] {
  const total = totalOf(recording);
  return [
    [words.calls, ({ count }) => amount(count, 'count', lang), 'right'],
    [words.rate, ({ count }) => amount(Math.round(count / (windowNs / 1e9)), 'count', lang), 'right'],
    [words.share, ({ count }) => formatPercent(count / total, lang, 1), 'right'],
    [words.time, ({ timeNs }) => amount(timeNs, 'ns', lang), 'right'],
    [words.bytes, ({ bytes }) => amount(bytes, 'bytes', lang), 'right'],
  ];
}

function classTable(recording: Recording, lang: Lang): Block {
  return tableOf(
    recording.classes,
    [[words.class, (each) => classNames[each.class], cut(20, 8)], ...countColumns(recording, lang)],
    lang,
  );
}

function callTable(recording: Recording, lang: Lang): Block {
  const each = ({ timeNs, count }: RecordedCall) => (timeNs === null || count === 0 ? null : timeNs / count);
  return tableOf(
    recording.calls.slice(0, listedCalls),
    [
      [words.call, ({ name }) => terminalText(name, 24), cut(24, 8)],
      ...countColumns(recording, lang),
      [words.each, (call) => amount(each(call), 'ns', lang), 'right'],
    ],
    lang,
  );
}

function rest(recording: Recording, lang: Lang): readonly Block[] {
  const others = recording.calls.slice(listedCalls);
  if (others.length === 0) return [];
  const calls = formatValue(totalOf({ calls: [...others] }), 'count', lang);
  return [quiet(translate(words.more({ n: others.length, calls }), lang))];
}

function figureTable({ figures }: Recording, lang: Lang): Block {
  return tableOf(
    listedFigures.flatMap((id) => {
      const figure = figures[id];
      return figure === undefined || 'absent' in figure ? [] : [{ id, value: figure.value }];
    }),
    [
      [words.figure, ({ id }) => figureName(id, lang), cut(30, 8)],
      [words.value, ({ id, value }) => amount(value, unitOf(id), lang), 'right'],
    ],
    lang,
  );
}

/** Unknown figures, grouped by reason. */
function unknownFigures({ figures }: Recording, lang: Lang): readonly Block[] {
  const byReason = new Map<string, string[]>();
  for (const id of listedFigures) {
    const figure = figures[id];
    if (figure === undefined || 'value' in figure) continue;
    const why = terminalText(quoted(figure, 'absent', lang).text, 240);
    byReason.set(why, [...(byReason.get(why) ?? []), figureName(id, lang)]);
  }
  return [...byReason].map(([why, unknown]) =>
    quiet(translate(words.absent({ names: listed(unknown), why }), lang)),
  );
}

function unitOf(id: string): 'ns' | 'bytes' | 'count' {
  const unit = figureUnit(id);
  return unit === 'ns' || unit === 'bytes' ? unit : 'count';
}

function costs({ disturbance, tracer }: Recording, lang: Lang): readonly Block[] {
  const t = (message: Message) => translate(message, lang);
  const timed = tracer.timedOneOf === null ? [] : [t(words.timed({ n: tracer.timedOneOf }))];
  if (disturbance === null) return timed.map((line) => quiet(line));
  const { plain, read, shareAt50k, cpuNs, shareOfCpu } = disturbance;
  const cost = ({ ns, low, high }: CallCost) => formatEstimate({ value: ns, low, high }, 'ns', lang);
  const spent = formatValue(cpuNs, 'ns', lang);
  const own =
    shareOfCpu === null
      ? words.ownNoShare({ ns: spent })
      : words.own({ ns: spent, share: formatPercent(shareOfCpu, lang, 1) });
  const lines = [
    t(words.cost({ plain: cost(plain), read: cost(read) })),
    t(words.share50k({ share: formatPercent(shareAt50k, lang, 2) })),
    t(own),
    ...timed,
  ];
  return [quiet(lines.join(' '))];
}
