import type { Message } from '../../../messages/message.ts';
import { translate } from '../../../messages/translate.ts';
import type { Unit } from '../../../model/metric.ts';
import type { ReportContext } from '../../context.ts';
import { type DisplayUnit, displayUnit } from '../../format.ts';
import type { Spec } from './define.ts';
import { type AxisRange, scaleOf } from './scale.ts';

/** For `labelExpr`: a number without exponent; an axis' own `format` would adapt its precision to the ticks. */
export const plainNumber = "format(datum.value, ',.12~g')";

/** An encoding of numbers over a range, with its ticks; `axis` holds what is not as usual. */
export function valueAxis(
  { lang }: ReportContext,
  range: AxisRange,
  title: Message,
  { field, ...axis }: Spec = {},
): Spec {
  return {
    field: field ?? 'value',
    type: 'quantitative',
    scale: scaleOf(range),
    axis: { title: translate(title, lang), values: range.ticks, labelExpr: plainNumber, ...axis },
  };
}

/** The unit in which most of the rows are read best: that of the one in the middle. */
export function middleUnit(
  unit: Unit,
  rows: readonly { readonly median: number }[],
  { lang }: ReportContext,
): DisplayUnit {
  const medians = rows.map(({ median }) => median).toSorted((a, b) => a - b);
  return displayUnit(unit, medians[medians.length >> 1] ?? 0, lang);
}
