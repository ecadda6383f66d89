import type { ReportContext } from '../context.ts';
import { formatInstant } from '../format.ts';
import { numberLocales } from '../number.ts';
import { plainText } from '../sanitize.ts';
import { wrapText } from '../wrap.ts';

/** A Vega-Lite v6 specification as a plain object; a test validates each against Vega-Lite's own schema. */
export type Spec = Readonly<Record<string, unknown>>;

/** A chart, or why there is none. `caption` says how to read it. */
export type Chart =
  | { readonly id: string; readonly title: string; readonly caption: string; readonly spec: Spec }
  | { readonly id: string; readonly title: string; readonly absent: string };

/** Width of the plotting area in pixels; with labels a chart is about 16:9 on a slide. */
export const plotWidth = 560;

/** Text columns that a title, subtitle or caption may take before it is wrapped. */
const titleColumns = 105;

interface ChartParts {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  /** Number of values behind a point. */
  readonly counts: readonly number[];
  /** What Vega-Lite draws: everything but title, schema and config. */
  readonly view: Spec;
}

/**
 * Puts title, subtitle (machine, kernel, date, n; then the caption) and the shared look around a view.
 */
export function makeChart(context: ReportContext, { id, title, caption, counts, view }: ChartParts): Chart {
  const { run, m, lang } = context;
  const n = counts.length === 0 ? [] : [m.chartN(Math.min(...counts), Math.max(...counts))];
  const origin = [
    m.cpuCount(run.host.cpus, run.host.cpuModel),
    `Linux ${run.host.kernel}`,
    `Docker ${run.engine.version}`,
    formatInstant(run.startedAt),
    ...n,
  ].join(' · ');
  const subtitle = [origin, caption].flatMap((line) => wrapText(plainText(line), titleColumns));
  return {
    id,
    title,
    caption,
    spec: {
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      description: `${title}. ${caption}`,
      title: { text: wrapText(plainText(title), 75), subtitle },
      ...view,
      config: theme(context, lang),
    },
  };
}

const ink = '#1f2328';
const soft = '#59636e';
const font = 'DejaVu Sans, Verdana, sans-serif';

function theme(_context: ReportContext, lang: ReportContext['lang']): Spec {
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
      labelFontSize: 11,
      labelColor: ink,
      labelLimit: 240,
      symbolSize: 90,
      columnPadding: 18,
      rowPadding: 4,
      offset: 10,
    },
    header: { title: null, labelFontSize: 12, labelFontWeight: 'bold', labelColor: ink, labelLimit: 560 },
  };
}

/** How many legend entries fit on a row above the plot. */
export function legendColumns(labels: readonly string[]): number {
  const widest = Math.max(1, ...labels.map((label) => Math.min(240, label.length * 7))) + 40;
  return Math.max(1, Math.min(labels.length, Math.floor((plotWidth + 160) / widest)));
}

/** Four significant digits: more than a picture shows, and the inlined data stays small. */
export function round(value: number): number {
  return Number(value.toPrecision(4));
}

/** A value in a display unit, rounded; null stays null. */
export function scaled(value: number | null, factor: number): number | null {
  return value === null ? null : round(value / factor);
}

/** Axis text of a subject: two lines at most 40 columns wide where it is long, joined by a line feed. */
export function axisLabel(lines: string): string {
  return lines
    .split('\n')
    .flatMap((line) => wrapText(plainText(line), 40))
    .slice(0, 4)
    .join('\n');
}

/** For `labelExpr`: draws the lines of {@link axisLabel} below each other. */
export const multiline = "split(datum.label, '\\n')";
