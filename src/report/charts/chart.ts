import type { Lang } from '../../messages/message.ts';
import { numberLocales } from '../../messages/number.ts';
import type { Category } from '../../model/metric.ts';
import type { ReportContext } from '../context.ts';
import { formatInstant } from '../format.ts';
import { plainText } from '../sanitize.ts';
import { wrapText } from '../wrap.ts';

/** A Vega-Lite v6 specification as a plain object; a test validates each against Vega-Lite's own schema. */
export type Spec = Readonly<Record<string, unknown>>;

/** A chart, or why there is none. `caption` says how to read it. */
export type DrawnOrNot =
  | { readonly id: string; readonly title: string; readonly caption: string; readonly spec: Spec }
  | { readonly id: string; readonly title: string; readonly absent: string };

/** The part of the report that a chart belongs to. */
export type ChartSection = Category | 'overview' | 'noise';

/** A chart in its place. */
export type Chart = DrawnOrNot & { readonly section: ChartSection };

/** Width of the plotting area in pixels; with labels a chart is about 16:9 on a slide. */
export const plotWidth = 560;

interface ChartParts {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  /** Number of values behind a point. */
  readonly counts: readonly number[];
  /** Characters of a subtitle's line; more where labels make the chart wide. */
  readonly columns?: number;
  /** What Vega-Lite draws: everything but title, schema and config. */
  readonly view: Spec;
}

/**
 * Puts title, subtitle (machine, kernel, date; then n and the caption) and the shared look around a view. Charts
 * are shown without the report, so what goes before all numbers (an emulated processor) stands in the subtitle too.
 */
export function makeChart(
  context: ReportContext,
  { id, title, caption, counts, view, columns = 108 }: ChartParts,
): DrawnOrNot {
  const { run, m, lang } = context;
  const n = counts.length === 0 ? [] : [m.chartN(Math.min(...counts), Math.max(...counts))];
  const origin = [
    m.cpuCount(run.host.cpus, shortCpu(run.host.cpuModel)),
    `Linux ${run.host.kernel}`,
    `Docker ${run.engine.version}`,
    formatInstant(run.startedAt),
  ].join(' · ');
  const { emulation } = run.host;
  const guests = (context.analysis.emulatedGuests ?? []).map(({ runtime, by }) => `${runtime} (${by})`);
  const mark = [
    ...(emulation === null ? [] : [m.chartEmulated(emulation)]),
    ...(guests.length === 0 ? [] : [m.chartEmulatedGuests(guests.join(', '))]),
  ];
  const subtitle = [...mark, origin, [...n, caption].join(' · ')].flatMap((line) =>
    wrapText(plainText(line), columns),
  );
  return {
    id,
    title,
    caption: [...n, caption].join(' · '),
    spec: {
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      description: [title, ...mark, caption].map(plainText).join('. '),
      title: { text: wrapText(plainText(title), 75), subtitle },
      ...view,
      config: theme(lang),
    },
  };
}

const ink = '#1f2328';
const soft = '#59636e';
const font = 'DejaVu Sans, Verdana, sans-serif';

function theme(lang: Lang): Spec {
  const { decimal, group } = numberLocales[lang];
  return {
    background: 'white',
    padding: 16,
    aria: false,
    font,
    locale: { number: { decimal, thousands: group, grouping: [3], currency: ['', ''] } },
    view: { stroke: null },
    title: {
      anchor: 'start',
      frame: 'bounds',
      offset: 14,
      fontSize: 17,
      fontWeight: 'bold',
      color: ink,
      subtitleFontSize: 11,
      subtitleColor: soft,
      subtitlePadding: 6,
      subtitleLineHeight: 15,
    },
    axis: {
      labelFontSize: 11,
      labelColor: ink,
      titleFontSize: 11,
      titleFontWeight: 'normal',
      titleColor: soft,
      titlePadding: 8,
      gridColor: '#e5e8eb',
      domainColor: '#b6bec7',
      tickColor: '#b6bec7',
      labelLimit: 300,
    },
    axisY: { grid: false, ticks: false, domain: false, labelPadding: 8, titleLimit: 0 },
    legend: {
      orient: 'top',
      title: null,
      titleColor: soft,
      labelFontSize: 11,
      labelColor: ink,
      labelLimit: 240,
      symbolSize: 90,
      symbolOpacity: 1,
      columnPadding: 18,
      rowPadding: 4,
      offset: 10,
    },
    header: {
      title: null,
      labelFontSize: 12,
      labelFontWeight: 'bold',
      labelColor: ink,
      labelLimit: 560,
      labelPadding: 2,
    },
  };
}

/** `Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz` → `Intel Xeon Gold 6338 @ 2.00GHz`: room is scarce. */
function shortCpu(model: string): string {
  return model
    .replace(/\((?:R|TM)\)|\bCPU\b|\b\d+-Core Processor\b|\bProcessor\b/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** How many legend columns fit above the plot; entries of a column are as wide as the widest of them. */
export function legendColumns(labels: readonly string[]): number {
  const widths = labels.map((label) => Math.min(240, label.length * 6.6) + 42);
  for (let columns = labels.length; columns > 1; columns--) {
    let total = 0;
    for (let column = 0; column < columns; column++)
      total += Math.max(...widths.filter((_, i) => i % columns === column));
    if (total <= plotWidth + 60) return columns;
  }
  return 1;
}

/** For `labelExpr`: a number without exponent; an axis' own `format` would adapt its precision to the ticks. */
export const plainNumber = "format(datum.value, ',.12~g')";

/** Four significant digits: more than a picture shows, and the inlined data stays small. */
export function round(value: number): number {
  return Number(value.toPrecision(4));
}

/** A value in a display unit, rounded; null stays null. */
export function scaled(value: number | null, factor: number): number | null {
  return value === null ? null : round(value / factor);
}

/** Axis text of a subject: lines of at most `columns`, four at most, joined by a line feed. */
export function axisLabel(lines: string, columns = 40): string {
  return lines
    .split('\n')
    .flatMap((line) => wrapText(plainText(line), columns))
    .slice(0, 4)
    .join('\n');
}

/** Rows of several marks each: the padding between rows, and separators in the middle of it. */
export const rowScale = { paddingInner: 0.25, paddingOuter: 0.125 };
export const rowSeparator = { grid: true, bandPosition: -0.125 / 0.75 };

/** Height of one mark's line, so that a row of `marks` lines has room for its label. */
export function lineStep(labels: readonly string[], marks: number, least: number): number {
  const lines = Math.max(1, ...labels.map((label) => label.split('\n').length));
  return Math.max(least, Math.ceil((lines * 13 + 4) / Math.max(1, marks)));
}

/** Axis labels of {@link axisLabel}: lines below each other, and (Vega would centre the first) the middle at the row. */
export const multilineLabels = {
  labelExpr: "split(datum.label, '\\n')",
  labelOffset: { expr: "-6.5 * (length(split(datum.label, '\\n')) - 1)" },
};

/** About what the widest line of an axis' labels takes, px. */
export function labelWidth(labels: readonly string[], most = 480): number {
  return Math.max(
    0,
    ...labels.flatMap((label) => label.split('\n')).map((line) => Math.min(most, line.length * 6.3)),
  );
}

/** Width of the plotting area that makes a picture of a tall plot about 16:9: title, legend and axis take 200 px. */
export function slideWidth(labels: readonly string[], height: number): number {
  return Math.max(480, Math.round(((height + 200) * 16) / 9 - labelWidth(labels) - 70));
}

/** Characters of a subtitle's line over a plot of that width with those labels. */
export function subtitleColumns(labels: readonly string[], width: number): number {
  return Math.max(92, Math.floor((width + labelWidth(labels)) / 6.4));
}

/** As few pages as hold all items, with about as many items on each. */
export function paged<T>(items: readonly T[], most: number): readonly (readonly T[])[] {
  const pages = Math.ceil(items.length / most);
  return Array.from({ length: pages }, (_, i) =>
    items.slice(Math.round((i * items.length) / pages), Math.round(((i + 1) * items.length) / pages)),
  );
}
