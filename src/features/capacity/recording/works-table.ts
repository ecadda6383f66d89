import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { subjectName } from '../../../core/model/subject-name.ts';
import { number, quiet } from '../../../report/document.ts';
import { formatPercent, formatValue } from '../../../report/format.ts';
import { renderTerminal, tableWidth } from '../../../report/renderers/terminal.ts';
import type { Paint } from '../../../report/renderers/terminal-text.ts';
import { terminalText } from '../../../report/sanitize.ts';
import { tableOf, wrap } from '../../../report/table-of.ts';
import type { Recording } from './recording.ts';

const words = messages('recording.works', {
  workload: 'workload',
  units: 'units',
  calls: 'calls',
  cpu: 'CPU',
  faults: 'faults',
  switches: 'switches',
  tracing: 'tracing',
  each: 'Figures are per unit of work. Tracing is the CPU time that it added.',
  whole: 'Workloads without units of work show the figures of the whole work.',
});

/** Recordings of workloads, one per row, for a terminal. */
export function worksTable(
  recordings: readonly Recording[],
  options: { readonly lang: Lang; readonly width?: number; readonly paint?: Paint },
): string {
  const { lang, width = tableWidth, paint } = options;
  const t = (message: Message) => translate(message, lang);
  const amount = (value: number | null, unit: 'count' | 'ns') =>
    value === null ? null : number(formatValue(value, unit, lang), value);
  const each = ({ work }: Recording, value: number | null) =>
    value === null ? null : value / (work?.units ?? 1);
  const figure = (recording: Recording, id: string) => {
    const found = recording.figures[id];
    return each(recording, found !== undefined && 'value' in found ? found.value : null);
  };
  const callsOf = ({ calls }: Recording) => calls.reduce((sum, { count }) => sum + count, 0);
  const table = tableOf(
    recordings,
    [
      [
        words.workload,
        ({ work, target }) => terminalText(work === undefined ? target.name : subjectName(work), 60),
        wrap(44, 16),
      ],
      [words.units, ({ work }) => amount(work?.units ?? null, 'count'), 'right'],
      [words.calls, (recording) => amount(each(recording, callsOf(recording)), 'count'), 'right'],
      [words.cpu, (recording) => amount(figure(recording, 'cpu.usage'), 'ns'), 'right'],
      [words.faults, (recording) => amount(figure(recording, 'faults.all'), 'count'), 'right'],
      [words.switches, (recording) => amount(figure(recording, 'switches.all'), 'count'), 'right'],
      [
        words.tracing,
        ({ disturbance }) =>
          typeof disturbance?.shareOfCpu === 'number' ? formatPercent(disturbance.shareOfCpu, lang, 1) : null,
        'right',
      ],
    ],
    lang,
  );
  const isWhole = recordings.some(({ work }) => (work?.units ?? null) === null);
  const below = [words.each, ...(isWhole ? [words.whole] : [])].map(t).join(' ');
  return `${renderTerminal([[table, quiet(below)]], { lang, width, paint })}\n`;
}
