import type { Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Unit } from '../../../core/model/workload/metric.ts';
import type { ReportContext } from '../../context.ts';
import { type DisplayUnit, displayUnit } from '../../document/format.ts';
import type { Room, Spec } from './chart.ts';
import { axisLines } from './layout.ts';
import { type AxisRange, fewTicks, scaleOf } from './scale.ts';

/** A `labelExpr` for numbers without exponent. An axis' own `format` would adapt its precision to the ticks. */
export const plainNumber = "format(datum.value, ',.12~g')";

/** An encoding of numbers over a range, with its ticks; `axis` overrides the defaults. */
export function valueAxis(
  { lang, narrow }: Room,
  range: AxisRange,
  title: Message,
  { field, ...axis }: Spec = {},
): Spec {
  return {
    field: field ?? 'value',
    type: 'quantitative',
    scale: scaleOf(range),
    axis: {
      title: axisLines(translate(title, lang), narrow),
      values: narrow ? fewTicks(range) : range.ticks,
      labelExpr: plainNumber,
      ...axis,
    },
  };
}

/** The display unit of the median row, which suits most rows. */
export function middleUnit(
  unit: Unit,
  rows: readonly { readonly median: number }[],
  { lang }: ReportContext,
): DisplayUnit {
  const medians = rows.map(({ median }) => median).toSorted((a, b) => a - b);
  return displayUnit(unit, medians[medians.length >> 1] ?? 0, lang);
}
