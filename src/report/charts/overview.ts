import { joined } from '../../messages/compose.ts';
import { messages } from '../../messages/define.ts';
import { translate } from '../../messages/translate.ts';
import { allInconclusive, type CategorySummary, categorySummaries } from '../category-summary.ts';
import { hasValue } from '../comparison.ts';
import type { ReportContext } from '../context.ts';
import { formatCount, formatRatio } from '../format.ts';
import { plainText } from '../sanitize.ts';
import { categoryNames } from '../words/category.ts';
import { words as common } from '../words/common.ts';
import { defineChart } from './grammar/define.ts';
import { dotStyle, endLabels, hollowDots, layer, runtimeRows, span } from './grammar/dots.ts';
import { lineStep, slideWidth, subtitleColumns } from './grammar/layout.ts';
import { chartName, runtimesOf, shapeOf } from './grammar/palette.ts';
import { drawnRatio, ratioAxis, ratioBackground, ratioRange } from './grammar/ratio-axis.ts';
import { rowTip, tooltip } from './grammar/tip.ts';
import { chartWords } from './grammar/words.ts';

const words = messages('chart.overview', {
  title: 'All costs relative to {baseline}, by category',
  caption:
    'Large: geometric mean of the ratios, each subject counting once (a summary, without interval); small: subjects; line: from the cheapest to the costliest (not a confidence interval); grey band: ±{band}, of no practical matter',
  hollow: 'hollow: inconclusive',
});

/** The whole run in one picture: per category and runtime the geometric mean of all ratios, and each ratio as a dot. */
export default defineChart({
  id: 'overview',
  section: 'overview',
  order: 10,
  title: ({ analysis }) => words.title({ baseline: plainText(analysis.baseline) }),
  absent: chartWords.noRatio,
  data({ rows, analysis }) {
    const summaries = categorySummaries(rows, analysis.baseline).filter(({ mean }) => mean !== null);
    return summaries.length === 0 ? [] : [summaries];
  },
  draw(summaries, context) {
    const { analysis } = context;
    const means = summaries.flatMap((summary) => meanOf(summary, context));
    const dots = summaries.flatMap((summary) => dotsOf(summary, context));
    const inverted = summaries.some(({ costs }) => costs.some(({ row }) => row.better === 'higher'));
    const names = runtimesOf(summaries, context);
    const labels = [...new Set(means.map(({ category }) => category))];
    const lines = labels.length * names.length;
    const step = lineStep(labels, names.length, lines > 30 ? 10.5 : lines > 18 ? 15 : 19);
    const width = Math.max(700, slideWidth(labels, step * lines * 1.2));
    const ratios = dots.map(({ ratio }) => ratio);
    const rows = runtimeRows(names, 'category', labels);
    const x = ratioAxis(context, ratioRange(analysis, ratios), 'mean', inverted);
    const { color, shape } = dotStyle(context, names);
    const subject = { ...rows, x: { ...x, field: 'ratio' }, color, tooltip };
    const [isMean, isSubject] = ['isValid(datum.mean)', 'isValid(datum.ratio)'];
    const layers = [
      ...ratioBackground(analysis),
      layer({ type: 'rule', strokeWidth: 1.6, opacity: 0.6 }, { ...rows, ...span(x), color }, isMean),
      layer({ type: 'circle', size: 24, opacity: 0.65 }, subject, `${isSubject} && !datum.unsure`),
      layer(
        { type: 'point', filled: false, fill: 'white', size: 20, strokeWidth: 1.1, opacity: 0.9 },
        subject,
        `${isSubject} && datum.unsure`,
      ),
      layer(
        { type: 'point', filled: true, size: 110, opacity: 1, stroke: 'white', strokeWidth: 1 },
        { ...rows, x, color, shape, tooltip },
        isMean,
      ),
      hollowDots(rows, x, 34, `${isMean} && datum.unsure`),
      endLabels({ ...rows, x: { value: width } }, 8, lines > 30 ? 9.5 : 11, isMean),
    ];
    return {
      caption: [words.caption({ band: context.band }), dots.some(({ unsure }) => unsure) && words.hollow],
      columns: subtitleColumns(labels, width),
      counts: summaries.flatMap(({ costs }) => costs.map(({ row }) => row.pairs)),
      view: { width, height: { step }, data: { values: [...means, ...dots] }, layer: layers },
    };
  },
});

/** The large dot of a category and runtime, with a line from its lowest ratio to its highest. */
function meanOf(summary: CategorySummary, context: ReportContext) {
  const { costs, mean, subjects: all, runtime, category } = summary;
  const { lang } = context;
  const [worst, best] = [costs[0], costs[costs.length - 1]];
  if (mean === null || worst === undefined || best === undefined) return [];
  const unsure = allInconclusive(summary);
  const ratio = formatRatio(mean, lang);
  const shown = unsure ? `${ratio}\u00a0?` : ratio;
  const partly = chartWords.partOf({ what: shown, part: costs.length, all });
  return [
    {
      ...placeOf(summary, context),
      mean: drawnRatio(mean),
      low: drawnRatio(best.cost.ratio),
      high: drawnRatio(worst.cost.ratio),
      shape: shapeOf(context, runtime),
      unsure,
      tip: [chartName(runtime), translate(categoryNames[category], lang), ratio].join(', '),
      label: costs.length < all ? translate(partly, lang) : shown,
    },
  ];
}

/** The small dots, one per subject. */
function dotsOf(summary: CategorySummary, context: ReportContext) {
  return summary.costs.map(({ row, cost }) => ({
    ...placeOf(summary, context),
    ratio: drawnRatio(cost.ratio),
    unsure: row.verdict === 'inconclusive',
    ...(hasValue(row) && { tip: rowTip(row, context) }),
  }));
}

function placeOf({ category, runtime, subjects: n }: CategorySummary, { lang }: ReportContext) {
  const label = joined(
    [categoryNames[category], common.subjects({ count: formatCount(n, lang), n })],
    'line',
  );
  return { category: translate(label, lang), runtime: chartName(runtime) };
}
