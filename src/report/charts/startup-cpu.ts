import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { translate } from '../../core/messages/translate.ts';
import { costRatio, type ValueRow } from '../comparison.ts';
import { displayUnit, formatDifference, formatValue } from '../format.ts';
import { shortSubject, subjectLabel } from '../labels.ts';
import { plainText } from '../sanitize.ts';
import { importantSubjects, subjectsLeftOut } from './data/startup-bars.ts';
import { startupRows } from './data/startup-samples.ts';
import { valueFinding } from './data/value-finding.ts';
import { valueAxis } from './grammar/axis.ts';
import type { ChartContext, Drawing, Spec } from './grammar/chart.ts';
import { defineChart } from './grammar/define.ts';
import { endLabels, hasInterval, layer, rowTip, runtimeLines, span, tooltip } from './grammar/dots.ts';
import { facets, pictureGrid } from './grammar/facets.ts';
import { lineAt } from './grammar/heat-map.ts';
import { legendColumns, round, scaled } from './grammar/layout.ts';
import { picking } from './grammar/live.ts';
import { chartName, runtimesOf } from './grammar/palette.ts';
import { linearTicks } from './grammar/scale.ts';
import { barOf, timesOf } from './grammar/stacked-bars.ts';
import { ink } from './grammar/theme.ts';

const words = messages('chart.startup-cpu', {
  title: 'CPU time of a start relative to {baseline}',
  caption:
    'Difference to {baseline} by paired ratios; engine: dockerd, containerd and shims; tick and line: both together with {confidence} CI',
  absent: 'no CPU time of a startup workload is compared with the baseline',
  axis: 'CPU time more than under {baseline}, {unit}',
  subject: '{subject}, {baseline}: {value}',
  cgroup: 'container’s cgroup',
  engine: 'engine',
  both: 'both together',
});

/** Parts of a bar with their metrics; `total.cpu`: both, where the cgroup counted nothing. */
const parts: readonly (readonly [metric: string, name: Message, color: string])[] = [
  ['cpu.usage', words.cgroup, '#332288'],
  ['engine.cpu', words.engine, '#ddcc77'],
  ['total.cpu', words.both, '#aa4499'],
];
const whole = 'total.cpu';
const labelSize = 10;

/** A row's difference to the baseline, ns, with its interval: the baseline's median × (ratio − 1), so that both agree. */
interface Difference {
  readonly row: ValueRow;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** CPU time of one short container beside the baseline's: of its cgroup, and of the engine for it. */
export default defineChart({
  id: 'startup-cpu',
  section: 'startup',
  order: 60,
  title: ({ analysis }) => words.title({ baseline: chartName(analysis.baseline) }),
  absent: words.absent,
  data(context) {
    const compared = startupRows(context).filter((row) => row.metric === whole && costRatio(row) !== null);
    return compared.length === 0 ? [] : [importantSubjects(compared, context)];
  },
  finding: ({ rows }, context) => {
    const all = startupRows(context).filter((row) => row.metric === whole);
    const subjects = [...new Set(rows.map(subjectLabel))];
    return valueFinding(
      subjects.flatMap((subject) => all.filter((row) => subjectLabel(row) === subject)),
      context,
    );
  },
  draw: (subjects, context) => ({
    ...drawn(subjects.rows, context),
    caption: [
      words.caption({
        baseline: chartName(context.analysis.baseline),
        confidence: context.confidence,
      }),
      subjectsLeftOut(subjects),
    ],
  }),
});

function drawn(wholes: readonly ValueRow[], context: ChartContext): Omit<Drawing, 'caption'> {
  const { analysis, lang } = context;
  const all = startupRows(context);
  const runtimes = runtimesOf(
    wholes.filter(({ runtime }) => runtime !== analysis.baseline),
    context,
  );
  const baseOf = (row: ValueRow) =>
    all.find(
      (one) => one.metric === row.metric && barOf(one) === barOf({ ...row, runtime: analysis.baseline }),
    );
  const bars = wholes.flatMap((row) => {
    const difference = differenceOf(row, baseOf(row));
    return difference === null ? [] : [{ ...difference, parts: partsOf(row, all, baseOf) }];
  });
  const ends = bars.flatMap(({ value, low, high, parts: own }) => [
    value,
    low ?? value,
    high ?? value,
    own.reduce((sum, part) => sum + Math.min(0, part.value), 0),
    own.reduce((sum, part) => sum + Math.max(0, part.value), 0),
  ]);
  const unit = displayUnit('ns', Math.max(...ends.map(Math.abs)), lang);
  const labels = bars.map(({ row, value }) => labelOf(row, value, context));
  const subjects = [...new Set(bars.map(({ row }) => titleOf(row, baseOf(row), context)))];
  const grid = pictureGrid(subjects.length, runtimes, context);
  const room = 16 + labelSize * 0.62 * Math.max(...labels.map((label) => label.length));
  const [low, high] = [Math.min(0, ...ends) / unit.factor, Math.max(0, ...ends) / unit.factor];
  const size = Math.max(high - low, Number.MIN_VALUE);
  const share = Math.min(0.5, room / grid.width);
  const domain = [low < 0 ? low - size * 0.04 : 0, low + size / (1 - share)] as const;
  const axis = words.axis({ baseline: chartName(analysis.baseline), unit: unit.name });
  const range = { log: false, domain, ticks: linearTicks(domain[0], domain[1], 6) };
  const x = (field: string) => valueAxis(context, range, axis, { field });
  const values = bars.flatMap((bar, at) => {
    const place = {
      subject: titleOf(bar.row, baseOf(bar.row), context),
      runtime: chartName(bar.row.runtime),
    };
    return [
      ...bar.parts.map((part) => ({
        ...place,
        part: translate(part.name, lang),
        rank: part.rank,
        value: round(part.value / unit.factor),
        tip: rowTip(part.row, context),
      })),
      {
        ...place,
        whole: round(bar.value / unit.factor),
        tip: rowTip(bar.row, context),
        low: scaled(bar.low, unit.factor),
        high: scaled(bar.high, unit.factor),
        label: labels[at],
        end: round(Math.max(0, bar.value, bar.high ?? 0, sumOf(bar.parts)) / unit.factor),
      },
    ];
  });
  return {
    runtimes,
    columns: grid.subtitle,
    counts: wholes.map((row) => row.pairs),
    view: facets(values, subjects, grid, {
      height: { step: subjects.length > 3 ? 26 : 30 },
      layer: marks(
        x,
        parts.filter((_, rank) => bars.some((bar) => bar.parts.some((part) => part.rank === rank))),
        context,
      ),
    }),
  };
}

/** The bars, the line of the whole's interval, and the text after it. */
function marks(
  x: (field: string) => Spec,
  shown: typeof parts,
  { lang, narrow }: ChartContext,
): readonly Spec[] {
  const names = shown.map(([, name]) => translate(name, lang));
  const color = {
    field: 'part',
    type: 'nominal',
    scale: { domain: names, range: shown.map(([, , one]) => one) },
    legend: { columns: legendColumns(names, narrow), symbolType: 'square' },
  };
  const y = runtimeLines();
  const order = { field: 'rank', type: 'quantitative' };
  return [
    picking(
      layer(
        { type: 'bar', height: 15, stroke: 'white', strokeWidth: 0.8 },
        { y, x: { ...x('value'), stack: 'zero' }, order, color, tooltip },
        'isValid(datum.part)',
      ),
      'part',
      'legend',
    ),
    lineAt({ type: 'quantitative' }, 0, { color: ink, strokeWidth: 1.2 }),
    layer(
      { type: 'rule', strokeWidth: 1.6, yOffset: 7, color: ink },
      { y, ...span(x('low')), tooltip },
      hasInterval,
    ),
    layer(
      { type: 'tick', thickness: 2.5, size: 19, color: ink, opacity: 1 },
      { y, x: x('whole'), tooltip },
      'isValid(datum.whole)',
    ),
    endLabels({ y, x: x('end') }, 6, labelSize, 'isValid(datum.label)'),
  ];
}

/** Parts of the bar of a whole: both, or the whole where the cgroup counted nothing; never one of two. */
function partsOf(
  row: ValueRow,
  all: readonly ValueRow[],
  baseOf: (row: ValueRow) => ValueRow | undefined,
): readonly (Difference & { readonly name: Message; readonly rank: number })[] {
  const own = parts.flatMap(([metric, name], rank) => {
    const part = all.find((one) => one.metric === metric && barOf(one) === barOf(row));
    const difference = part === undefined ? null : differenceOf(part, baseOf(part));
    return difference === null ? [] : [{ ...difference, metric, name, rank }];
  });
  const isSplit = own.filter(({ metric }) => metric !== whole).length === 2;
  return own.filter(({ metric }) => isSplit === (metric !== whole));
}

const sumOf = (some: readonly Difference[]) => some.reduce((sum, { value }) => sum + Math.max(0, value), 0);

function differenceOf(row: ValueRow, base: ValueRow | undefined): Difference | null {
  const cost = costRatio(row);
  if (cost === null || base === undefined || row.runtime === base.runtime) return null;
  const { median } = base;
  const at = (ratio: number | null) => (ratio === null ? null : median * (ratio - 1));
  return { row, value: median * (cost.ratio - 1), low: at(cost.low), high: at(cost.high) };
}

/** `+85.7 ms (1.20×)` */
function labelOf(row: ValueRow, value: number, { lang }: ChartContext): string {
  return `${formatDifference({ value, low: null, high: null }, 'ns', lang)} (${timesOf(row, lang)})`;
}

/** `exec, runc: 479 ms` */
function titleOf(row: ValueRow, base: ValueRow | undefined, { lang }: ChartContext): string {
  const subject = plainText(shortSubject(row));
  if (base === undefined) return subject;
  const value = formatValue(base.median, 'ns', lang);
  return translate(words.subject({ subject, baseline: chartName(base.runtime), value }), lang);
}
