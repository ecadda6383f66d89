import { messages } from '../../messages/define.ts';
import type { Category } from '../../model/metric.ts';
import { hasValue } from '../comparison.ts';
import type { ReportContext } from '../context.ts';
import { formatRatio } from '../format.ts';
import { type HeadlineCost, headlineCosts } from '../headline-cost.ts';
import { categoryOrder, commonParams, groupBy, shortSubject, subjectLabel, subjectLines } from '../labels.ts';
import { plainText } from '../sanitize.ts';
import { categoryNames } from '../words/category.ts';
import { type Drawing, defineChart } from './grammar/define.ts';
import { dotStyle, endLabels, hollowDots, intervalDots, runtimeRows } from './grammar/dots.ts';
import { axisLabel, lineStep, paged, slideWidth, subtitleColumns } from './grammar/layout.ts';
import { chartName, runtimesOf, shapeOf } from './grammar/palette.ts';
import { drawnRatio, ratioAxis, ratioBackground, ratioRange } from './grammar/ratio-axis.ts';
import type { AxisRange } from './grammar/scale.ts';
import { rowTip } from './grammar/tip.ts';
import { chartWords } from './grammar/words.ts';

const words = messages('chart.overhead', {
  title: '{category}: cost relative to {baseline}',
  caption: 'Paired ratio with {confidence} CI; grey band: ±{band}, of no practical matter',
  hollow: 'hollow: too few pairs for an interval',
});

/** Maximum subjects of one picture and height of their rows, px; larger categories are split over several. */
const maxRows = 24;
const maxHeight = 560;
/** Above this number of dots, rows are compact: one line of text each and no printed ratios. */
const manyDots = 27;
/** Height of one dot's line in compact rows, px: with many runtimes dots overlap slightly. */
const closeStep = (runtimes: number) => (runtimes > 4 ? 5.5 : 7);

interface Page {
  readonly costs: readonly HeadlineCost[];
  /** Range of the whole category, so that its pages can be compared. */
  readonly range: AxisRange;
  /** Parameters that labels of compact rows leave out; see {@link commonParams}. */
  readonly dropped: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * The headlines of a category: cost ratio to the baseline with its interval for every subject and runtime; right of 1
 * always costs more. A planned category without ratios shows a reason; an unplanned one has no chart. Isolation is no
 * cost and has no chart either.
 */
export default categoryOrder
  .filter((category) => category !== 'isolation')
  .map((category) =>
    defineChart({
      id: 'overhead',
      variant: category,
      section: category,
      order: 20,
      title: ({ analysis }) =>
        words.title({ category: categoryNames[category], baseline: plainText(analysis.baseline) }),
      absent: chartWords.noRatio,
      data: (context) => pagesOf(category, context),
      draw,
    }),
  );

function pagesOf(category: Category, { rows, analysis }: ReportContext): readonly Page[] | null {
  if (!rows.some((row) => row.category === category)) return null;
  const own = headlineCosts(rows, analysis.baseline).filter(({ row }) => row.category === category);
  const range = ratioRange(
    analysis,
    own.flatMap(({ cost }) => [cost.ratio, cost.low ?? cost.ratio, cost.high ?? cost.ratio]),
  );
  const dropped = commonParams(own.map(({ row }) => row));
  const runtimes = new Set(own.map(({ row }) => row.runtime)).size;
  const room = Math.min(maxRows, Math.floor(maxHeight / (runtimes * closeStep(runtimes))));
  const subjects = groupBy(own, ({ row }) => subjectLabel(row));
  return paged(subjects, Math.max(1, room)).map((page) => ({ costs: page.flat(), range, dropped }));
}

function draw({ costs, range, dropped }: Page, context: ReportContext): Drawing {
  const { analysis, lang, confidence, band } = context;
  const names = runtimesOf(
    costs.map(({ row }) => row),
    context,
  );
  const dense = new Set(costs.map(({ row }) => subjectLabel(row))).size * names.length > manyDots;
  const values = costs.map(({ row, cost }) => ({
    subject: dense ? axisLabel(shortSubject(row, dropped), 62) : axisLabel(subjectLines(row)),
    runtime: chartName(row.runtime),
    shape: shapeOf(context, row.runtime),
    ratio: drawnRatio(cost.ratio),
    low: drawnRatio(cost.low),
    high: drawnRatio(cost.high),
    label: formatRatio(cost.ratio, lang),
    ...(hasValue(row) && { tip: rowTip(row, context) }),
  }));
  const subjects = [...new Set(values.map(({ subject }) => subject))];
  const step = lineStep(subjects, names.length, dense ? closeStep(names.length) : 15);
  const width = slideWidth(subjects, step * names.length * subjects.length);
  const rows = runtimeRows(names, 'subject', null, { labelLimit: 480 });
  const inverted = costs.some(({ row }) => row.better === 'higher');
  const x = ratioAxis(context, range, 'ratio', inverted);
  const elided = dense && costs.some(({ row }) => (dropped.get(row.workload)?.size ?? 0) > 0);
  return {
    caption: [
      words.caption({ confidence, band }),
      values.some(({ low }) => low === null) && words.hollow,
      elided && chartWords.paramsElided,
    ],
    columns: subtitleColumns(subjects, width),
    counts: costs.map(({ row }) => row.pairs),
    view: {
      width,
      height: { step },
      data: { values },
      layer: [
        ...ratioBackground(analysis),
        ...intervalDots(rows, x, dotStyle(context, names), { size: dense ? 45 : 70 }),
        hollowDots(rows, x, dense ? 12 : 18, '!isValid(datum.low)'),
        ...(dense ? [] : [endLabels({ ...rows, x: { value: width } }, 8, 10)]),
      ],
    },
  };
}
