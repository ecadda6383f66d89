import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { formatNumber } from '../../../core/messages/number.ts';
import { translate } from '../../../core/messages/translate.ts';
import { type Block, number, paragraph, quiet, text } from '../../../report/document/document.ts';
import { formatValue } from '../../../report/document/format.ts';
import { type TableCell, tableOf } from '../../../report/document/make-table.ts';
import { quoted } from '../../../report/document/quotes.ts';
import { terminalText } from '../../../report/document/sanitize.ts';
import { renderTerminal, tableWidth } from '../../../report/renderers/terminal.ts';
import type { Paint } from '../../../report/renderers/terminal-text.ts';
import type { Recording } from './recording.ts';

const words = messages('recording.table', {
  recorded: '{name}, for {time}',
  ended: '{name}, for {time}: then it ended',
  interrupted: '{name}, for {time}: then the recording was interrupted',
  figure: 'figure',
  value: 'in the recording',
  rate: 'a second',
  cpus: '{cpus} CPUs',
  cpu: 'CPU time',
  memory: 'memory, at its highest',
  anon: 'of which anonymous',
  file: 'of which page cache',
  shmem: 'of which shared memory, in the page cache',
  kernel: 'of which the kernel’s',
  tasks: 'processes and threads, at that time',
  readBytes: 'read from disks',
  writeBytes: 'written to disks',
  readOps: 'read requests',
  writeOps: 'write requests',
  rxBytes: 'received',
  txBytes: 'sent',
  rxPackets: 'packets received',
  txPackets: 'packets sent',
  absent: 'unknown: {names} ({why})',
});

/** A figure of a recording in the table. `hasRate`: it is a difference. */
interface Row {
  readonly id: string;
  readonly name: Message;
  readonly unit: 'ns' | 'bytes' | 'count';
  readonly hasRate: boolean;
}

const counted = (id: string, name: Message, unit: Row['unit']): Row => ({ id, name, unit, hasRate: true });
const held = (id: string, name: Message, unit: Row['unit'] = 'bytes'): Row => ({
  id,
  name,
  unit,
  hasRate: false,
});

const rows: readonly Row[] = [
  counted('cpu.usage', words.cpu, 'ns'),
  held('memory.current', words.memory),
  held('memory.anon', words.anon),
  held('memory.file', words.file),
  held('memory.shmem', words.shmem),
  held('memory.kernel', words.kernel),
  held('pids.current', words.tasks, 'count'),
  counted('io.read_bytes', words.readBytes, 'bytes'),
  counted('io.read_ops', words.readOps, 'count'),
  counted('io.write_bytes', words.writeBytes, 'bytes'),
  counted('io.write_ops', words.writeOps, 'count'),
  counted('network.rx_bytes', words.rxBytes, 'bytes'),
  counted('network.rx_packets', words.rxPackets, 'count'),
  counted('network.tx_bytes', words.txBytes, 'bytes'),
  counted('network.tx_packets', words.txPackets, 'count'),
];

/** What only professionals read is said in English. */
const lang = 'en';

/** A recording for a terminal. */
export function recordingTable(
  recording: Recording,
  { width = tableWidth, paint }: { readonly width?: number; readonly paint?: Paint } = {},
): string {
  const { target, windowNs, endedBy } = recording;
  const about = { name: terminalText(target.name, 60), time: formatValue(windowNs, 'ns', lang) };
  const said = { time: words.recorded, exit: words.ended, interrupt: words.interrupted }[endedBy];
  const blocks = [
    [paragraph(text(translate(said(about), lang)))],
    [figureTable(recording), ...unknownFigures(recording)],
  ];
  return `${renderTerminal(blocks, { lang, width, paint })}\n`;
}

function figureTable({ figures, windowNs }: Recording): Block {
  const seconds = windowNs / 1e9;
  const rate = ({ id, unit, value }: Row & { readonly value: number }): TableCell => {
    // A CPU that is busy for a second a second is one CPU.
    if (id === 'cpu.usage') return words.cpus({ cpus: formatNumber(value / windowNs, 3, lang) });
    return formatValue(unit === 'count' ? Math.round(value / seconds) : value / seconds, unit, lang);
  };
  return tableOf(
    rows.flatMap((row) => {
      const figure = figures[row.id];
      return figure === undefined || 'absent' in figure ? [] : [{ ...row, value: figure.value }];
    }),
    [
      [words.figure, ({ name }) => name],
      [words.value, ({ value, unit }) => number(formatValue(value, unit, lang), value), 'right'],
      [words.rate, (row) => (row.hasRate ? rate(row) : null), 'right'],
    ],
    lang,
  );
}

/** Unknown figures, grouped by reason. */
function unknownFigures({ figures }: Recording): readonly Block[] {
  const unknown = rows.flatMap(({ id, name }) => {
    const figure = figures[id];
    return figure === undefined || 'value' in figure ? [] : [{ name, figure }];
  });
  const byReason = Map.groupBy(unknown, ({ figure }) =>
    terminalText(quoted(figure, 'absent', lang).text, 240),
  );
  return [...byReason].map(([why, own]) => {
    const names = listed(own.map(({ name }) => name));
    return quiet(translate(words.absent({ names, why }), lang));
  });
}
