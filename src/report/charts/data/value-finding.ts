import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { costRatio, type ValueRow } from '../../comparison.ts';
import type { ReportContext } from '../../context.ts';
import { formatRatio, formatRatioEstimate, formatValue } from '../../format.ts';
import { type HeadlineCost, standingOf } from '../../headline-cost.ts';
import { conclusionOf, firstQuestions } from '../../in-short.ts';
import { subjectLabel } from '../../labels.ts';
import { metricName } from '../../words/metric.ts';
import type { ChartContext } from '../grammar/define.ts';
import { drawnRatio } from '../grammar/heat-map.ts';
import { chartName, shapeOf } from '../grammar/palette.ts';

/** Data of a dot for a cost ratio, with interval; hollow if undecided. */
export function ratioDot({ row, cost }: HeadlineCost, context: ChartContext) {
  return {
    runtime: chartName(row.runtime),
    shape: shapeOf(context, row.runtime),
    ratio: drawnRatio(cost.ratio),
    low: drawnRatio(cost.low),
    high: drawnRatio(cost.high),
    unsure: row.verdict === 'inconclusive' || cost.low === null,
    label: formatRatio(cost.ratio, context.lang),
  };
}

const words = messages('chart.finding', {
  values: '{subject}: {metric} {values}.',
  value: '{value} under {runtime}',
  compared:
    '{value} under {runtime} ({ratio}, {conclusion, select, worse {costs more} better {costs less} equivalent {costs as much} other {not decided}})',
});

/**
 * Finding of a chart of absolute values: the values of one subject under every runtime, with their ratios to the baseline. The
 * rows have one metric. If there are several subjects, uses the one that answers the report's first question about starts, else
 * the first. Null if there is nothing to compare.
 */
export function valueFinding(rows: readonly ValueRow[], context: ReportContext): Message | null {
  const asked = context.rows.find((row) => row.headline && firstQuestions.startup(row));
  const isAsked = (row: ValueRow) => asked !== undefined && subjectLabel(row) === subjectLabel(asked);
  const first = rows.find(isAsked) ?? rows[0];
  if (first === undefined) return null;
  const subject = subjectLabel(first);
  const own = rows.filter((row) => subjectLabel(row) === subject);
  if (!own.some((row) => costRatio(row) !== null)) return null;
  const metric = metricName(first.metric, context.lang);
  const values = listed(
    own.map((row) => valueUnder(row, context)),
    'comma',
  );
  return words.values({ subject, metric, values });
}

function valueUnder(row: ValueRow, { lang, analysis }: ReportContext): Message {
  const said = { runtime: chartName(row.runtime), value: formatValue(row.median, row.unit, lang) };
  const cost = row.runtime === analysis.baseline ? null : costRatio(row);
  if (cost === null) return words.value(said);
  const conclusion = conclusionOf(standingOf(row) ?? 'inconclusive');
  return words.compared({ ...said, ratio: formatRatioEstimate(cost, lang), conclusion });
}
