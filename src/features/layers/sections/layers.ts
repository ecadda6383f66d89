import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { layersOf, unsupportedReasons } from '../../../core/model/run/run.ts';
import type { Layer } from '../../../core/model/trial/cell.ts';
import type { LayerStack } from '../../../core/model/trial/layer-stack.ts';
import type { ReportContext } from '../../../report/context.ts';
import {
  type Block,
  chapter,
  code,
  list,
  number,
  paragraph,
  quiet,
  sentence,
  type Text,
  text,
} from '../../../report/document/document.ts';
import { figures } from '../../../report/document/figures.ts';
import { formatEstimate, formatPercent, formatRatioEstimate } from '../../../report/document/format.ts';
import { groupBy, subjectLabel } from '../../../report/document/labels.ts';
import { type TableCell, type TableColumn, tableOf } from '../../../report/document/make-table.ts';
import { quotedMessage } from '../../../report/document/quotes.ts';
import { hasValue } from '../../../report/findings/row-guards.ts';
import type { Section } from '../../../report/sections/section.ts';
import { words as shared } from '../../../report/words/common.ts';
import { metricName } from '../../../report/words/metric.ts';
import layerSentences from '../answers/sentences.ts';
import { addedText, partsName, topName, wholeText } from '../report/words.ts';

const words = messages('section.layers', {
  title: 'Where the time of a start goes',
  intro:
    'The same program in the same image, started at several layers in one run. A layer adds the difference from the layer below, within each block. Brackets are the {confidence} interval. The part of a layer can differ between runtimes, because a layer also waits for the one below.',
  above:
    'Under {runtime} through {engine}, {above} of the {whole} until the first output ({share}) are spent above the runtime.',
  layer: 'added by',
  whole: 'measured through {top}',
  sum: 'sum of the parts',
  bridge: 'plus the default bridge',
  beside: 'for comparison: {top}',
  floors: 'Without engine and runtime',
  floorsAbout:
    'Cost of the kernel’s own isolation, measured with system tools. {baseline} starts the program without any isolation. For each, a process of ocibench waits in its cgroups and becomes the tool.',
  tool: 'started by',
  first: 'first output',
  gone: 'removed',
  times: '× {baseline}',
  missing: 'not measured',
  why: 'Why',
  whyRuntime:
    'The runtime’s program creates namespaces, cgroup and mounts, and ends. Only this part changes with the runtime.',
  whyContainerd:
    'For each container, containerd starts a process, the shim, which calls the runtime’s program to create, start and delete. The shim is the same program for every runtime registered by its path.',
  whyDocker:
    'dockerd keeps a record of each container, prepares its file systems, network and log, and calls containerd. This work takes the same time under every runtime: the faster the runtime, the smaller its share of a start.',
  whyBridge:
    'A bridge adds a virtual cable, addresses and firewall rules, which dockerd creates and removes one after the other.',
  whyUnconfined:
    'Through Docker, AppArmor confines each container. Layers below it use no profile here, because a loaded profile stays in the host’s kernel.',
  limits:
    'Below containerd, ocibench mounts the image itself, and a process waits in its cgroups to become the runtime’s program; neither is counted. From containerd upwards, the engines do both, and it counts. Floors have no limits, no system call filter and all capabilities. Medians of differences need not add up exactly to the median of the whole.',
});

/** Starts split by layer, the floors, and explanations; left out where the run has one layer. */
export default {
  id: 'layers',
  order: 315,
  blocks(context, charts) {
    const { analysis, confidence, t } = context;
    const stacks = analysis.layers ?? [];
    const floors = floorBlocks(context);
    if (stacks.length === 0 && floors.length === 0) return [];
    return [
      chapter({ title: t(words.title), id: 'layers', open: true }, [
        ...(stacks.length === 0 ? [] : [paragraph(text(t(words.intro({ confidence }))))]),
        ...list(said(stacks, context).map((one): Text => [text(one)])),
        ...figures(charts, 'layers', context),
        ...groupBy(stacks, tableKey).map((group) => table(group, context)),
        ...floors,
        ...(stacks.length === 0 ? [] : reasons(stacks, context)),
        quiet(t(words.limits)),
      ]),
    ];
  },
} satisfies Section;

function said(stacks: readonly LayerStack[], context: ReportContext): readonly string[] {
  const { run, lang, t, runtimes } = context;
  const [first] = stacks;
  const above = stacks.flatMap((stack) => {
    const { metric, runtime, whole, above: own } = stack;
    const isPlainest = stack.workload === first?.workload && stack.params === first.params;
    if (!isPlainest || metric !== 'startup.to_output') return [];
    if (own === null || own.low === null || own.low <= 0) return [];
    const [engine, share] = [topName(stack, run), formatPercent(own.estimate / whole.estimate, lang)];
    return words.above({
      runtime,
      engine,
      share,
      above: wholeText(own, lang),
      whole: wholeText(whole, lang),
    });
  });
  return [...runtimes.flatMap((runtime) => layerSentences(runtime, context)), ...above].map(t);
}

/** Key of a table, which shows the runtimes side by side. */
function tableKey({ workload, params, metric, engine, top }: LayerStack): string {
  return JSON.stringify([workload, params, metric, engine, top]);
}

function table(stacks: readonly LayerStack[], context: ReportContext): Block {
  const { run, lang, t } = context;
  const [first] = stacks;
  const parts = new Map(
    stacks.flatMap(({ steps }) => steps.map(({ parts: own }) => [own.join(), own] as const)),
  );
  const cell = (shown: string | undefined, value: number | undefined): TableCell =>
    shown === undefined || value === undefined ? '–' : number(shown, value);
  const added = (part: AddedTime | null | undefined) =>
    cell(part ? addedText(part, lang) : undefined, part?.estimate);
  const layersBeside = new Set(stacks.flatMap(({ beside }) => beside.map(({ layer }) => layer)));
  const caption =
    first === undefined
      ? ''
      : `${subjectLabel({ ...first, profile: 'default', layer: 'docker' })}${t(shared.colon)}${metricName(first.metric, lang)}`;
  const rows: readonly Row[] = [
    ...[...parts].map(
      ([key, own]): Row => [
        partsName(own),
        ({ steps }) => added(steps.find((one) => one.parts.join() === key)),
      ],
    ),
    [words.sum, ({ sum }) => cell(formatEstimate({ value: sum, low: null, high: null }, 'ns', lang), sum)],
    [
      first === undefined ? '' : words.whole({ top: topName(first, run) }),
      ({ whole }) => cell(wholeText(whole, lang), whole.estimate),
    ],
    ...(stacks.some(({ network }) => network !== null)
      ? [[words.bridge, ({ network }) => added(network)] satisfies Row]
      : []),
    ...[...layersBeside].map(
      (layer): Row => [
        words.beside({ top: topName({ top: layer }, run) }),
        ({ beside }) => {
          const other = beside.find((one) => one.layer === layer);
          return cell(other && wholeText(other, lang), other?.estimate);
        },
      ],
    ),
  ];
  return tableOf(
    rows,
    [
      [`${caption}, ${t(words.layer)}`, ([title]) => title],
      ...stacks.map(
        (stack): TableColumn<Row> => [
          stack.runtime,
          ([, shown]) => shown(stack),
          { align: 'right', runtime: stack.runtime },
        ],
      ),
    ],
    lang,
    caption,
  );
}

/** A row of the table: what of every runtime's stack it shows. */
type Row = readonly [title: string | Message, cell: (stack: LayerStack) => TableCell];
type AddedTime = Parameters<typeof addedText>[0];

/** The tools of the layer `floor` with their times, and why one is missing. */
function floorBlocks({ analysis, run, lang, t }: ReportContext): readonly Block[] {
  const rows = analysis.rows.filter(({ layer }) => layer === 'floor');
  const measured = rows.filter(({ metric }) => metric === 'startup.to_output').filter(hasValue);
  const subjects = run.subjects.filter(({ runtimes }) => runtimes !== undefined);
  const reasons = groupBy(subjects.flatMap(unsupportedReasons), ({ runtime }) => runtime);
  const missing = reasons.flatMap(([first]): Text[] =>
    first === undefined
      ? []
      : [
          [
            code(first.runtime),
            text(`, ${t(words.missing)}${t(shared.colon)}`),
            quotedMessage(first.reason, lang, sentence),
          ],
        ],
  );
  const [first] = measured;
  if (first === undefined) return list(missing);
  const { baseline } = first;
  const shown = (row: (typeof rows)[number] | undefined): TableCell =>
    row === undefined || !hasValue(row)
      ? '–'
      : number(
          formatEstimate({ value: row.median, low: row.ciLow, high: row.ciHigh }, row.unit, lang),
          row.median,
        );
  const totalOf = (row: (typeof rows)[number]) =>
    rows.find(
      ({ metric, ...other }) =>
        metric === 'startup.total' &&
        other.runtime === row.runtime &&
        subjectLabel(other) === subjectLabel(row),
    );
  return [
    paragraph(text(t(words.floorsAbout({ baseline })))),
    tableOf(
      measured,
      [
        [
          words.tool,
          ({ runtime, params }) => [code(runtime), ...(params === '' ? [] : [text(` ${params}`)])],
        ],
        [words.first, shown, 'right'],
        [
          words.times({ baseline }),
          ({ ratio, ratioCiLow: low, ratioCiHigh: high }) =>
            ratio === null ? null : number(formatRatioEstimate({ ratio, low, high }, lang), ratio),
          'right',
        ],
        [words.gone, (row) => shown(totalOf(row)), 'right'],
      ],
      lang,
      words.floors,
    ),
    ...list(missing),
  ];
}

/** Layers whose containers get no AppArmor profile. */
const unconfined: ReadonlySet<Layer> = new Set(['oci', 'containerd']);

/** Explanations of the measured layers only. */
function reasons(stacks: readonly LayerStack[], { run, t }: ReportContext): readonly Block[] {
  const isConfined = run.engine.conditions?.securityModule === 'apparmor';
  const parts = new Set(stacks.flatMap(({ steps }) => steps.flatMap(({ parts: own }) => own)));
  const items = [
    ...(parts.has('runtime') ? [words.whyRuntime] : []),
    ...(parts.has('containerd') ? [words.whyContainerd] : []),
    ...(parts.has('docker') ? [words.whyDocker] : []),
    ...(stacks.some(({ network }) => network !== null) ? [words.whyBridge] : []),
    ...(isConfined && layersOf(run.config).some((layer) => unconfined.has(layer))
      ? [words.whyUnconfined]
      : []),
  ];
  return [
    paragraph(text(`${t(words.why)}${t(shared.colon)}`)),
    ...list(items.map((one): Text => [text(t(one))])),
  ];
}
