import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { subjectName } from '../../../core/model/subject-name.ts';
import { type Block, number, quiet, right, type Text, text } from '../../../report/document.ts';
import { formatPercent, formatValue } from '../../../report/format.ts';
import { renderTerminal, tableWidth } from '../../../report/renderers/terminal.ts';
import type { Paint } from '../../../report/renderers/terminal-text.ts';
import { terminalText } from '../../../report/sanitize.ts';
import type { Recording } from './recording.ts';

const words = messages('recording.works', {
  workload: 'workload',
  units: 'units',
  calls: 'calls',
  cpu: 'CPU',
  faults: 'faults',
  switches: 'switches',
  tracing: 'tracing',
  each: 'Figures are for each unit of work. Tracing is the share that it added to the CPU time.',
  whole: 'Where no units of work are counted, they are of the whole work.',
});

/** Recordings of workloads, one a row, for a terminal. */
export function worksTable(
  recordings: readonly Recording[],
  options: { readonly lang: Lang; readonly width?: number; readonly paint?: Paint },
): string {
  const { lang, width = tableWidth, paint } = options;
  const t = (message: Message) => translate(message, lang);
  const amount = (value: number | null, unit: 'count' | 'ns'): Text =>
    value === null ? [] : [number(formatValue(value, unit, lang), value)];
  const rows = recordings.map((recording) => {
    const { work, calls, figures, disturbance } = recording;
    const units = work?.units ?? null;
    const each = (value: number | null) => (value === null ? null : value / (units ?? 1));
    const figure = (id: string) => {
      const found = figures[id];
      return each(found !== undefined && 'value' in found ? found.value : null);
    };
    const share = disturbance?.shareOfCpu ?? null;
    return [
      [text(terminalText(work === undefined ? recording.target.name : subjectName(work), 60))],
      amount(units, 'count'),
      amount(each(calls.reduce((sum, { count }) => sum + count, 0)), 'count'),
      amount(figure('cpu.usage'), 'ns'),
      amount(figure('faults.all'), 'count'),
      amount(figure('switches.all'), 'count'),
      share === null ? [] : [text(formatPercent(share, lang, 1))],
    ];
  });
  const titles = [words.units, words.calls, words.cpu, words.faults, words.switches, words.tracing];
  const table: Block = {
    kind: 'table',
    columns: [
      { title: t(words.workload), align: 'left', fit: { how: 'wrap', min: 16, max: 44 } },
      ...titles.map((title) => right(t(title))),
    ],
    rows,
  };
  const isWhole = recordings.some(({ work }) => (work?.units ?? null) === null);
  const below = [words.each, ...(isWhole ? [words.whole] : [])].map(t).join(' ');
  return `${renderTerminal([[table, quiet(below)]], { lang, width, paint })}\n`;
}
