import type { Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { ReportContext } from '../../context.ts';
import { formatEstimate, formatRatio, formatRatioInterval } from '../../document/format.ts';
import { subjectLabel } from '../../document/labels.ts';
import { plainText } from '../../document/sanitize.ts';
import { rawRatio, type ValueRow } from '../../findings/row-guards.ts';
import { words as common } from '../../words/common.ts';
import { metricName } from '../../words/metric.ts';
import { verdictNames } from '../../words/verdict.ts';
import type { ChartContext, Spec } from './chart.ts';
import { byPlace, fading, picking, shownNames } from './live.ts';
import { runtimeColor, runtimeShape } from './palette.ts';
import { ink } from './theme.ts';
import { chartWords } from './words.ts';

/** The `tooltip` encoding of marks whose data have a `tip`. */
export const tooltip: Spec = { field: 'tip', type: 'nominal' };

/** Tooltip of a row: runtime, value and ratio with their intervals, and the number of values. */
export function rowTip(row: ValueRow, { lang, analysis }: ReportContext): string {
  const { runtime, median, ciLow, ciHigh, unit, metric, n, verdict } = row;
  const ratio = verdict === 'baseline' ? null : rawRatio(row);
  const interval =
    ratio === null || ratio.low === null || ratio.high === null
      ? ''
      : ` ${formatRatioInterval(ratio.ratio, ratio.low, ratio.high, lang)}`;
  const value = formatEstimate({ value: median, low: ciLow, high: ciHigh }, unit, lang);
  return [
    `${runtime}, ${subjectLabel(row)}`,
    translate(chartWords.valueOf({ metric: metricName(metric, lang), value }), lang),
    ratio === null
      ? ''
      : `${formatRatio(ratio.ratio, lang)} ${analysis.baseline}${interval}, ${translate(verdictNames[verdict], lang)}`,
    translate(chartWords.n({ n }), lang),
  ]
    .filter((line) => line !== '')
    .map(plainText)
    .join('\n');
}

/** Tooltip of a single value. An encoding, because there are too many values for one text each. */
export function valueTip({ lang }: ReportContext, axis: Message): readonly Spec[] {
  return [
    { field: 'runtime', type: 'nominal', title: translate(common.runtime, lang) },
    { field: 'value', type: 'quantitative', title: translate(axis, lang), format: ',.4~r' },
  ];
}

/** One layer of marks for the data that pass the filter. Marks that are not picked fade. */
export function layer({ opacity = 1, ...mark }: Spec, encoding: Spec, filter?: string): Spec {
  return still(mark, { opacity: fading(Number(opacity)), ...encoding }, filter);
}

/** One layer of marks for a picture without scripts, in which nothing can be picked. */
export function still(mark: Spec, encoding: Spec, filter?: string): Spec {
  return { ...(filter === undefined ? {} : { transform: [{ filter }] }), mark, encoding };
}

/** Rows by name, ordered by {@link byPlace}. */
export function namedRows(field: string, axis: Spec = {}): Spec {
  return { field, type: 'nominal', sort: byPlace, axis: { title: null, ...axis } };
}

/** Positions of marks of several runtimes: a row per label, and in it a line per runtime. */
export function runtimeRows(field: string, axis: Spec = {}): Spec {
  return {
    y: {
      field,
      type: 'nominal',
      sort: byPlace,
      scale: { paddingInner: 0.25, paddingOuter: 0.125 },
      // Separators are centred in the padding between rows.
      axis: { title: null, ...multilineLabels, grid: true, bandPosition: -0.125 / 0.75, ...axis },
    },
    // Without `sort`, Vega-Lite would sort by the domain of the colours: see `byPlace`.
    yOffset: { field: 'runtime', type: 'nominal', sort: 'ascending', scale: { domain: shownNames } },
  };
}

/** One line per runtime; `scale` overrides the defaults. */
export function runtimeLines(scale: Spec = {}): Spec {
  return {
    field: 'runtime',
    type: 'nominal',
    scale: { domain: shownNames, ...scale },
    axis: { title: null },
  };
}

/**
 * Alignment of multi-line labels of `axisLabel`: the whole label is centred at the row (Vega would centre the first
 * line).
 */
export const multilineLabels = {
  labelExpr: "split(datum.label, '\\n')",
  labelOffset: { expr: "-6.5 * (length(split(datum.label, '\\n')) - 1)" },
};

/** Filter for data with both ends of an interval. */
export const hasInterval = 'isValid(datum.low) && isValid(datum.high)';

/** Encoding from the field `low` to the field `high` of an axis. */
export function span(x: Spec): Spec {
  return { x: { ...x, field: 'low' }, x2: { field: 'high' } };
}

/** Colour and shape of dots by runtime. */
export function dotStyle(context: ChartContext, names: readonly string[]): Spec {
  return { color: runtimeColor(context, names), shape: runtimeShape(context, names) };
}

/**
 * Dots in rows, each with a line from its `low` to its `high` if it has an interval. `mark`: properties of the dot; `filter`:
 * data that get a dot.
 */
export function intervalDots(rows: Spec, x: Spec, style: Spec, mark: Spec, filter?: string): readonly Spec[] {
  return [
    picking(
      layer(
        { type: 'rule', strokeWidth: 2 },
        { ...rows, ...span(x), color: style.color, tooltip },
        hasInterval,
      ),
      'runtime',
      'legend',
    ),
    layer({ type: 'point', filled: true, opacity: 1, ...mark }, { ...rows, x, ...style, tooltip }, filter),
  ];
}

/** Makes the dots that pass the filter hollow, by a smaller white dot of the same shape on top. */
export function hollowDots(rows: Spec, x: Spec, size: number, filter: string): Spec {
  const shape = { expr: 'datum.shape' };
  return layer(
    { type: 'point', filled: true, size, color: 'white', opacity: 1, shape },
    { ...rows, x, tooltip },
    filter,
  );
}

/** Labels in place of missing marks, from the left edge, with a halo against the lines and bands behind them. */
export function gapLabels(rows: Spec, fontSize: number, filter: string): readonly Spec[] {
  const place = { ...rows, x: { value: 0 }, text: { field: 'label' } };
  const text = { type: 'text', align: 'left', baseline: 'middle', dx: 6, fontSize };
  const halo = { ...text, color: 'white', stroke: 'white', strokeWidth: 4, strokeJoin: 'round' };
  return [layer(halo, place, filter), layer({ ...text, color: ink }, place, filter)];
}

/** The text of the field `label` right of `x`, moved by `dx` px. */
export function endLabels(place: Spec, dx: number, fontSize: number, filter?: string): Spec {
  return layer(endText(dx, fontSize), { ...place, text: { field: 'label' } }, filter);
}

/** The mark of {@link endLabels}. */
function endText(dx: number, fontSize: number): Spec {
  return { type: 'text', align: 'left', baseline: 'middle', dx, fontSize, color: ink };
}
