import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Unit } from '../../../core/model/workload/metric.ts';
import { type Block, paragraph, type Text, text, titled } from '../../../report/document/document.ts';
import { formatConfidence, formatEstimate, formatValue } from '../../../report/document/format.ts';
import { tableOf } from '../../../report/document/make-table.ts';
import { quoted } from '../../../report/document/quotes.ts';
import { terminalText } from '../../../report/document/sanitize.ts';
import { renderTerminal, tableWidth } from '../../../report/renderers/terminal.ts';
import { words as shared } from '../../../report/words/common.ts';
import type {
  ComputedOverhead,
  Overhead,
  OverheadEstimate,
  OverheadPart,
  RuntimeOverhead,
} from './overhead-record.ts';
import { cpuQuantity, memoryQuantity } from './quantity.ts';

const words = messages('table.overhead', {
  lead: 'Cost of a sandbox to the host, beyond what the same program uses under {native}.',
  from: 'From {run}, measured on {kernel}.',
  figure: 'per sandbox',
  value: 'estimate [{confidence} interval]',
  blocks: 'blocks',
  fixed: 'memory, fixed',
  inside: 'of which in the container’s cgroup',
  outside: 'of which outside (shim, virtual machine)',
  share: 'added memory per 100 MiB held',
  oneMore: 'one more idle sandbox, its program included',
  available: 'one more, by MemAvailable',
  once: 'once per host: mapped files',
  start: 'CPU time of a start and its end',
  idle: 'CPU time per second when idle',
  podFixed: 'podFixed of a RuntimeClass',
  quantities: '{memory}, {cpu} CPU',
  noKernel: 'its memory does not include kernel memory (page tables), which could not be read',
  limits: 'Limits of Docker and Compose',
  unknown: 'Unknown',
  computed: 'Computed, not measured here',
  kata: '{runtime}: {podFixed} = {guest} for the guest (default_memory, which it eventually touches) + {hostSide} around it; {idle} when idle. From a capture of Kata {version} under emulation ({by}), including translated code: about 100 MiB less under KVM.',
  guest:
    'podFixed is at least {guest} for the guest (default_memory, which it eventually touches; --kata-memory) + {hostSide} around it',
  emulated: 'its guests were emulated ({by}), without KVM: its memory includes translated code',
  part: '{runtimes} ({parts}): ',
  size: 'memory',
  count: 'number of sandboxes',
});

/** Name of a part whose figures are missing. */
const partNames: Readonly<Record<OverheadPart, Message>> = {
  size: words.size,
  count: words.count,
  start: words.start,
  idle: words.idle,
};

/** What only professionals read is said in English. */
const lang = 'en';
const t = (message: Message) => translate(message, lang);

const hundredMebibytes = 100 * 2 ** 20;

/** Cost of a sandbox of each runtime, for a terminal. `limits`: messages on memory limits of Docker. */
export function overheadTable(overhead: Overhead, limits: readonly Message[]): string {
  const { run, host, native, runtimes, computed } = overhead;
  const from = words.from({
    run: run.runId,
    kernel: terminalText(host.kernel, 60),
  });
  const lead = words.lead({ native: terminalText(native, 60) });
  const notes = [
    titled(2, t(words.limits), [
      ...limits.map((limit): Text => [text(terminalText(t(limit)))]),
      ...guests(runtimes),
    ]),
    titled(2, t(words.unknown), unknown(runtimes)),
    titled(
      2,
      t(words.computed),
      computed.map((each) => [text(t(kata(each)))]),
    ),
  ];
  const groups = [[paragraph(text(`${t(lead)} ${t(from)}`))], [figureTable(overhead)], ...notes];
  return renderTerminal(groups, { lang, width: tableWidth });
}

/** A table row; shown only with an estimate. */
type Row = readonly [name: Message, estimate: OverheadEstimate | null | undefined, unit: Unit];

function rowsOf({ size, count, startCpuNs, idleCpus }: RuntimeOverhead): readonly Row[] {
  return [
    [words.fixed, size?.total.fixedBytes, 'bytes'],
    [words.inside, size?.inside?.fixedBytes, 'bytes'],
    [words.outside, size?.outside.fixedBytes, 'bytes'],
    [words.share, scaled(size?.total.share, hundredMebibytes), 'bytes'],
    [words.oneMore, count?.perSandboxBytes, 'bytes'],
    [words.available, told(count?.availableBytes), 'bytes'],
    [words.once, count?.oncePerHostBytes, 'bytes'],
    [words.start, startCpuNs, 'ns'],
    [words.idle, scaled(idleCpus, 1e9), 'ns'],
  ];
}

/** MemAvailable if it is informative: on a busy host, other work changes it more than the sandboxes do. */
function told(estimate: OverheadEstimate | null | undefined): OverheadEstimate | null {
  return estimate?.low !== undefined && estimate.low !== null && estimate.low > 0 ? estimate : null;
}

function scaled(estimate: OverheadEstimate | null | undefined, by: number): OverheadEstimate | null {
  if (estimate === null || estimate === undefined) return null;
  const { value, low, high, blocks } = estimate;
  const times = (bound: number | null) => (bound === null ? null : bound * by);
  return { value: value * by, low: times(low), high: times(high), blocks };
}

function figureTable({ runtimes, confidence }: Overhead): Block {
  return tableOf(
    runtimes.flatMap((runtime) => {
      const rows = rowsOf(runtime).flatMap(([name, estimate, unit]) =>
        estimate === null || estimate === undefined
          ? []
          : [{ name, shown: formatEstimate(estimate, unit, lang), blocks: String(estimate.blocks) }],
      );
      return rows.length === 0
        ? []
        : [{ over: terminalText(runtime.runtime, 60) }, ...rows, ...podFixedRow(runtime)];
    }),
    [
      [words.figure, ({ name }) => name],
      [words.value({ confidence: formatConfidence(confidence, lang) }), ({ shown }) => shown],
      [words.blocks, ({ blocks }) => blocks, 'right'],
    ],
    lang,
  );
}

function podFixedRow({ podFixed }: RuntimeOverhead) {
  if (podFixed === null) return [];
  const { memoryBytes, milliCpu } = podFixed;
  const memory = memoryQuantity(memoryBytes);
  const shown = milliCpu === null ? memory : words.quantities({ memory, cpu: cpuQuantity(milliCpu) });
  return [{ name: words.podFixed, shown, blocks: null }];
}

/** Why figures are missing: each distinct reason with its runtimes and parts. */
function unknown(runtimes: readonly RuntimeOverhead[]): readonly Text[] {
  const missing = runtimes.flatMap(({ runtime, absent }) => absent.map((each) => ({ runtime, ...each })));
  const noKernel = runtimes.filter(({ size }) => size?.kernelCounted === false);
  return [
    ...[...Map.groupBy(missing, ({ reason }) => reason).values()].flatMap((own): readonly Text[] => {
      const [first] = own;
      if (first === undefined) return [];
      const names = [...new Set(own.map(({ runtime }) => terminalText(runtime, 60)))].join(', ');
      const parts = [...new Set(own.map(({ part }) => t(partNames[part])))].join(', ');
      return [
        [
          text(t(words.part({ runtimes: names, parts }))),
          quoted(first, 'reason', lang, (reason) => terminalText(reason, 400)),
        ],
      ];
    }),
    ...noKernel.map(({ runtime }) => about(runtime, words.noKernel)),
    ...runtimes.flatMap(({ runtime, emulation }) =>
      emulation === null ? [] : [about(runtime, words.emulated({ by: terminalText(emulation, 40) }))],
    ),
  ];
}

const about = (runtime: string, message: Message): Text => [
  text(`${terminalText(runtime, 60)}${t(shared.colon)}${t(message)}`),
];

/** Why podFixed of a guest is more than it holds at rest. */
function guests(runtimes: readonly RuntimeOverhead[]): readonly Text[] {
  return runtimes.flatMap(({ runtime, guest }) => {
    if (guest === null) return [];
    const [own, hostSide] = [guest.defaultBytes, guest.hostSideBytes].map((each) =>
      formatValue(each, 'bytes', lang),
    );
    return [about(runtime, words.guest({ guest: own ?? '', hostSide: hostSide ?? '' }))];
  });
}

function kata({
  runtime,
  version,
  emulation,
  podFixed,
  guestBytes,
  hostSideBytes,
  idleBytes,
}: ComputedOverhead) {
  const bytes = (value: number) => formatValue(value, 'bytes', lang);
  return words.kata({
    runtime,
    version,
    by: emulation,
    podFixed: memoryQuantity(podFixed.memoryBytes),
    guest: bytes(guestBytes),
    hostSide: bytes(hostSideBytes),
    idle: bytes(idleBytes),
  });
}
