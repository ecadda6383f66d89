import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Unit } from '../../../core/model/metric.ts';
import type { Translate } from '../../../report/context.ts';
import { type Block, heading, paragraph, type Text, text, titled } from '../../../report/document.ts';
import {
  formatConfidence,
  formatEstimate,
  formatPercent,
  formatRatioEstimate,
  formatValue,
} from '../../../report/format.ts';
import { quoted } from '../../../report/quotes.ts';
import { renderTerminal, tableWidth } from '../../../report/renderers/terminal.ts';
import { terminalText } from '../../../report/sanitize.ts';
import { tableOf } from '../../../report/table-of.ts';
import type { Attribution, BoundedValue, Cause, Prediction, RuntimePrediction } from './prediction.ts';
import { featureName } from './words.ts';

const words = messages('table.prediction', {
  lead: '{name}, recorded natively on Linux {recorded}, under the runtimes of {run}, measured on Linux {measured}; both on {cpu}.',
  perSecond: 'CPU time per second of its life.',
  perUnit: 'CPU time per unit of its work.',
  figure: 'predicted',
  value: 'estimate [{confidence} interval]',
  native: 'CPU natively',
  cpu: 'CPU',
  ratio: 'relative to native CPU',
  checked: 'error for {n} applications of the run, each unseen: median, 90th percentile',
  errors: '{median}, {p90}',
  memory: 'memory',
  startCpu: 'added CPU time of a start and its end',
  start: 'added time to the first output',
  wall: 'time of a request on {cpus} CPUs, {utilisation} busy',
  busy: 'CPU utilisation at the same load',
  overloaded: '{share}: it cannot keep up',
  refused: 'Not predicted',
  beyond: 'Outside the range of the model',
  unlearnt:
    '{application} is left out of the model: a unit of its work took {recorded} in its recording, but {native} in the trials.',
  refusal: '{runtime}: ',
  unknown: 'Unknown',
  why: 'Why: {runtime}',
  cause: 'cause',
  count: 'count',
  adds: 'added CPU time',
  share: 'share',
  itself: 'native CPU time',
  rest: 'unexplained rest',
  whole: 'total',
});

/** Options of {@link predictionTable}. */
export interface PredictionTableOptions {
  readonly lang: Lang;
  /** Show where the CPU time comes from. */
  readonly why: boolean;
}

/** Predicted cost of a service under each runtime, for a terminal. */
export function predictionTable(prediction: Prediction, { lang, why }: PredictionTableOptions): string {
  const t: Translate = (message) => translate(message, lang);
  const { recording, run, host, runtimes, unlearnt } = prediction;
  const lead = words.lead({
    name: terminalText(recording.name, 80),
    run: run.runId,
    recorded: terminalText(recording.host.kernel, 60),
    measured: terminalText(host.kernel, 60),
    cpu: terminalText(host.cpuModel, 80),
  });
  const per = recording.per === 'second' ? words.perSecond : words.perUnit;
  const refused = runtimes.flatMap(({ runtime, refusals }) =>
    refusals.map((refusal) => [runtime, refusal] as const),
  );
  const beyond = runtimes.flatMap(({ runtime, beyond: all }) => all.map((each) => [runtime, each] as const));
  const absent = runtimes.flatMap(({ runtime, absent: all }) => all.map((each) => [runtime, each] as const));
  const groups = [
    [paragraph(text(`${t(lead)} ${t(per)}`))],
    [figures(prediction, lang)],
    titled(2, t(words.refused), reasonsOf(refused, lang)),
    titled(2, t(words.beyond), reasonsOf(beyond, lang)),
    titled(2, t(words.unknown), reasonsOf(absent, lang)),
    unlearnt.map(({ workload, params, nativeNs, recordedNs }) => {
      const application = terminalText(`${workload} ${params}`.trim(), 80);
      const [native, recorded] = [nativeNs, recordedNs].map((ns) => formatValue(ns, 'ns', lang));
      return paragraph(
        text(t(words.unlearnt({ application, native: native ?? '', recorded: recorded ?? '' }))),
      );
    }),
    ...(why
      ? runtimes.flatMap(({ attribution }) => (attribution === null ? [] : [whyOf(attribution, lang)]))
      : []),
  ];
  return renderTerminal(groups, { lang, width: tableWidth });
}

/** Each distinct reason with its runtimes. */
function reasonsOf(
  all: readonly (readonly [string, Parameters<typeof quoted<'reason'>>[0]])[],
  lang: Lang,
): readonly Text[] {
  return [...Map.groupBy(all, ([, { reason }]) => reason).values()].flatMap((own): readonly Text[] => {
    const [first] = own;
    if (first === undefined) return [];
    const runtime = [...new Set(own.map(([name]) => terminalText(name, 60)))].join(', ');
    return [
      [
        text(translate(words.refusal({ runtime }), lang)),
        quoted(first[1], 'reason', lang, (reason) => terminalText(reason, 600)),
      ],
    ];
  });
}

function figures({ runtimes, confidence }: Prediction, lang: Lang): Block {
  return tableOf(
    runtimes.flatMap((runtime) => [
      { over: terminalText(runtime.runtime, 60) },
      ...rowsOf(runtime, lang).map(([name, shown]) => ({ name, shown })),
    ]),
    [
      [words.figure, ({ name }) => name],
      [words.value({ confidence: formatConfidence(confidence, lang) }), ({ shown }) => shown],
    ],
    lang,
  );
}

/** Rows of the available figures of a runtime. */
function rowsOf(runtime: RuntimePrediction, lang: Lang): readonly (readonly [Message, string])[] {
  const { cpu, checked, memory, startCpuNs, startNs, wall } = runtime;
  const estimate = (name: Message, value: BoundedValue | null | undefined, unit: Unit) =>
    value === null || value === undefined ? [] : [[name, formatEstimate(value, unit, lang)] as const];
  const ratio = (value: BoundedValue) =>
    formatRatioEstimate({ ratio: value.value, low: value.low, high: value.high }, lang);
  const over = (end: number | null, by: number) => (end === null ? null : end / by);
  const { medianError: median, p90Error: p90 } = checked;
  return [
    ...(cpu === null
      ? []
      : [
          [words.native, formatValue(cpu.nativeNs, 'ns', lang)] as const,
          [words.cpu, formatEstimate({ value: cpu.ns, low: cpu.low, high: cpu.high }, 'ns', lang)] as const,
          [
            words.ratio,
            ratio({
              value: cpu.ratio,
              low: over(cpu.low, cpu.nativeNs),
              high: over(cpu.high, cpu.nativeNs),
            }),
          ] as const,
        ]),
    ...(median === null || p90 === null
      ? []
      : [
          [
            words.checked({ n: checked.applications }),
            translate(
              words.errors({ median: formatPercent(median, lang), p90: formatPercent(p90, lang) }),
              lang,
            ),
          ] as const,
        ]),
    ...(wall === null
      ? []
      : [
          [
            words.wall({ cpus: wall.cpus, utilisation: formatPercent(wall.utilisation, lang) }),
            wall.ratio === null
              ? translate(words.overloaded({ share: formatPercent(wall.subjectUtilisation, lang) }), lang)
              : ratio(wall.ratio),
          ] as const,
          [words.busy, formatPercent(wall.subjectUtilisation, lang)] as const,
        ]),
    ...estimate(words.memory, memory?.total, 'bytes'),
    ...estimate(words.startCpu, startCpuNs, 'ns'),
    ...estimate(words.start, startNs, 'ns'),
  ];
}

function whyOf({ runtime, nativeNs, causes, subjectNs }: Attribution, lang: Lang): readonly Block[] {
  const nameOf = ({ cause }: Cause) => (cause === 'rest' ? words.rest : featureName(cause));
  // Their counts are times, which this column cannot show.
  const countOf = ({ cause, count }: Cause) => (cause === 'user' || cause === 'kernel' ? null : count);
  return [
    heading(2, translate(words.why({ runtime: terminalText(runtime, 60) }), lang)),
    tableOf(
      [
        { name: words.itself, count: null, ns: nativeNs },
        ...causes.map((cause) => ({ name: nameOf(cause), count: countOf(cause), ns: cause.ns })),
        { name: words.whole, count: null, ns: subjectNs },
      ],
      [
        [words.cause, ({ name }) => name],
        [words.count, ({ count }) => (count === null ? '' : formatValue(count, 'count', lang)), 'right'],
        [words.adds, ({ ns }) => formatValue(ns, 'ns', lang), 'right'],
        [words.share, ({ ns }) => formatPercent(ns / subjectNs, lang, 1), 'right'],
      ],
      lang,
    ),
  ];
}
