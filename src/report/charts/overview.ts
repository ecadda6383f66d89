import { joined } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import { translate } from '../../core/messages/translate.ts';
import { unavailableRuntimes } from '../context.ts';
import { formatCount, formatRatio } from '../document/format.ts';
import { plainText } from '../document/sanitize.ts';
import {
  type CategorySummary,
  categoryRatio,
  categorySummaries,
  isUnsure,
  mainEstimate,
  markedCategoryRatio,
} from '../findings/category-summary.ts';
import { hasValue } from '../findings/row-guards.ts';
import { categoryNames } from '../words/category.ts';
import type { ChartContext } from './grammar/chart.ts';
import { defineChart } from './grammar/define.ts';
import {
  dotStyle,
  endLabels,
  gapLabels,
  hasInterval,
  hollowDots,
  layer,
  rowTip,
  runtimeRows,
  span,
  tooltip,
} from './grammar/dots.ts';
import { drawnRatio, ratioAxis, ratioBackground, ratioRange } from './grammar/heat-map.ts';
import { axisLabel, lineStep, phonePlot, slideWidth, subtitleColumns } from './grammar/layout.ts';
import { picking, placed, shownData } from './grammar/live.ts';
import { chartName, runtimesOf, shapeOf } from './grammar/palette.ts';
import { chartWords } from './grammar/words.ts';

const words = messages('chart.overview', {
  title: 'All costs relative to {baseline}, by category',
  caption: 'Large: category, with {confidence} CI; small: its tests; grey: no difference (±{band})',
  hollow: 'hollow: inconclusive or no interval',
  tests: '{count} {n, plural, one {test} other {tests}}',
});

/** Width of the ratios at the right on a phone, px. */
const ratioRoom = 52;

/** The whole run in one picture: the cost of every category and runtime with its interval, and each ratio as a dot. */
export default defineChart({
  id: 'overview',
  section: 'overview',
  shows: 'both',
  order: 10,
  title: ({ analysis }) => words.title({ baseline: plainText(analysis.baseline) }),
  absent: chartWords.noRatio,
  data(context) {
    const { rows, analysis } = context;
    const all = categorySummaries(rows, analysis.baseline, analysis.categories);
    const summaries = all.filter(({ costs }) => costs.length > 0);
    const drawn = new Set(summaries.map(({ category }) => category));
    const gone = unavailableRuntimes(context);
    const gaps = all.filter(
      ({ costs, category, runtime }) => costs.length === 0 && drawn.has(category) && !gone.includes(runtime),
    );
    return summaries.length === 0 ? [] : [{ summaries, gaps }];
  },
  draw({ summaries, gaps }, context) {
    const { analysis, lang, narrow } = context;
    const missing = gaps.map((summary) => ({
      ...placeOf(summary, context),
      label: translate(chartWords.notMeasured({ runtime: chartName(summary.runtime) }), lang),
    }));
    const means = summaries.flatMap((summary) => meanOf(summary, context));
    const dots = summaries.flatMap((summary) => dotsOf(summary, context));
    const inverted = summaries.some(({ costs }) => costs.some(({ row }) => row.better === 'higher'));
    const names = runtimesOf([...summaries, ...gaps], context);
    const labels = [...new Set(means.map(({ category }) => category))];
    const lines = labels.length * names.length;
    const step = lineStep(labels, names.length, lines > 30 ? 10.5 : lines > 18 ? 15 : 19);
    const width = narrow
      ? phonePlot(labels, ratioRoom)
      : Math.max(620, slideWidth(labels, step * lines * 1.2) - 80);
    const ratios = [
      ...dots.map(({ ratio }) => ratio),
      ...means.flatMap(({ low, high }) => [low ?? 1, high ?? 1]),
    ];
    const rows = runtimeRows('category');
    const x = ratioAxis(context, ratioRange(analysis, ratios), 'mean', inverted);
    const { color, shape } = dotStyle(context, names);
    const subject = { ...rows, x: { ...x, field: 'ratio' }, color, tooltip };
    const [isMean, isSubject] = ['isValid(datum.mean)', 'isValid(datum.ratio)'];
    const layers = [
      ...ratioBackground(analysis),
      ...(missing.length === 0 ? [] : gapLabels(rows, 10, `!${isMean} && !${isSubject}`)),
      picking(
        layer({ type: 'rule', strokeWidth: 2 }, { ...rows, ...span(x), color }, hasInterval),
        'runtime',
        'legend',
      ),
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
      caption: [
        words.caption({ band: context.band, confidence: context.confidence }),
        [...dots, ...means].some(({ unsure }) => unsure) && words.hollow,
      ],
      columns: subtitleColumns(labels, width),
      counts: summaries.flatMap(({ costs }) => costs.map(({ row }) => row.pairs)),
      runtimes: names,
      view: {
        width,
        height: { step },
        ...shownData(placed([...means, ...dots, ...missing], 'category', labels)),
        layer: layers,
      },
    };
  },
});

/** The large dot of a category and runtime: the estimate with its interval; none without one. */
function meanOf(summary: CategorySummary, context: ChartContext) {
  const { subjects: all, runtime, category } = summary;
  const { lang } = context;
  const estimate = mainEstimate(summary);
  if (estimate === null) return [];
  const { ratio: mean, low, high } = estimate.cost;
  const unsure = isUnsure(summary);
  const doubt = unsure ? '\u00a0?' : '';
  const shown = context.narrow ? `${formatRatio(mean, lang)}${doubt}` : markedCategoryRatio(summary, lang);
  const part = estimate.subjects;
  const partly = chartWords.partOf({ what: shown, part, all });
  return [
    {
      ...placeOf(summary, context),
      mean: drawnRatio(mean),
      low: drawnRatio(low),
      high: drawnRatio(high),
      shape: shapeOf(context, runtime),
      unsure,
      tip: `${chartName(runtime)}, ${translate(categoryNames[category], lang)}: ${categoryRatio(summary, lang)}`,
      label: part < all && !context.narrow ? translate(partly, lang) : shown,
    },
  ];
}

/** The small dots, one per subject. */
function dotsOf(summary: CategorySummary, context: ChartContext) {
  return summary.costs.map(({ row, cost }) => ({
    ...placeOf(summary, context),
    ratio: drawnRatio(cost.ratio),
    unsure: row.verdict === 'inconclusive',
    ...(hasValue(row) && { tip: rowTip(row, context) }),
  }));
}

function placeOf({ category, runtime, subjects: n }: CategorySummary, { lang, narrow }: ChartContext) {
  const tests = words.tests({ count: formatCount(n, lang), n });
  const label = translate(joined([categoryNames[category], tests], 'line'), lang);
  return { category: axisLabel(label, narrow), runtime: chartName(runtime) };
}
