import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { ReportContext } from '../../context.ts';
import { formatRatioEstimate, formatValue } from '../../document/format.ts';
import { subjectLabel } from '../../document/labels.ts';
import { conclusionOf, firstQuestions } from '../../findings/category-findings.ts';
import { standingOf } from '../../findings/headline-cost.ts';
import { costRatio, type ValueRow } from '../../findings/row-guards.ts';
import { metricName } from '../../words/metric.ts';
import { chartName } from '../grammar/palette.ts';

const words = messages('chart.finding', {
  values: '{subject}, {metric}: {value} under {baseline}; cost: {others}.',
  compared:
    '{runtime} {ratio}{conclusion, select, equivalent { (no difference)} undecided { (inconclusive)} other {}}',
});

/**
 * Finding of a chart of absolute values: the baseline's value of one subject, and the cost of every other runtime relative to
 * it; the chart prints the other values. The rows have one metric. If there are several subjects, uses the one that answers the
 * report's first question about starts, else the first. Null if there is nothing to compare.
 */
export function valueFinding(rows: readonly ValueRow[], context: ReportContext): Message | null {
  const { analysis, lang } = context;
  const asked = context.rows.find((row) => row.headline && firstQuestions.startup(row));
  const isAsked = (row: ValueRow) => asked !== undefined && subjectLabel(row) === subjectLabel(asked);
  const first = rows.find(isAsked) ?? rows[0];
  if (first === undefined) return null;
  const subject = subjectLabel(first);
  const own = rows.filter((row) => subjectLabel(row) === subject);
  const base = own.find(({ runtime }) => runtime === analysis.baseline);
  const others = own.flatMap((row) => (row === base ? [] : comparedWith(row, context)));
  if (base === undefined || others.length === 0) return null;
  return words.values({
    subject,
    metric: metricName(base.metric, lang),
    value: formatValue(base.median, base.unit, lang),
    baseline: chartName(base.runtime),
    others: listed(others, 'comma'),
  });
}

function comparedWith(row: ValueRow, { lang }: ReportContext): readonly Message[] {
  const cost = costRatio(row);
  if (cost === null) return [];
  const conclusion = conclusionOf(standingOf(row) ?? 'inconclusive');
  const ratio = formatRatioEstimate(cost, lang);
  return [words.compared({ runtime: chartName(row.runtime), ratio, conclusion })];
}
