import type { Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { rawRatio, type ValueRow } from '../../comparison.ts';
import type { ReportContext } from '../../context.ts';
import { formatEstimate, formatRatio, formatRatioInterval } from '../../format.ts';
import { subjectLabel } from '../../labels.ts';
import { plainText } from '../../sanitize.ts';
import { words as common } from '../../words/common.ts';
import { metricName } from '../../words/metric.ts';
import { verdictNames } from '../../words/verdict.ts';
import type { Spec } from './define.ts';
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

/** Tooltip of a single value. It is an encoding, because there are too many values for a text each. */
export function valueTip({ lang }: ReportContext, axis: Message): readonly Spec[] {
  return [
    { field: 'runtime', type: 'nominal', title: translate(common.runtime, lang) },
    { field: 'value', type: 'quantitative', title: translate(axis, lang), format: ',.4~r' },
  ];
}
