import { listed } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { localized } from '../../core/messages/record.ts';
import { translate } from '../../core/messages/translate.ts';
import type { SummaryRow } from '../../core/model/analysis/analysis.ts';
import type { Category } from '../../core/model/workload/metric.ts';
import { type ReportContext, unavailableRuntimes } from '../context.ts';
import { formatRatio, formatValue } from '../document/format.ts';
import {
  categoryOrder,
  commonParams,
  groupBy,
  shortSubject,
  subjectLabel,
  subjectLines,
} from '../document/labels.ts';
import { plainText } from '../document/sanitize.ts';
import { wrapText } from '../document/wrap.ts';
import { type HeadlineCost, headlineCosts } from '../findings/headline-cost.ts';
import { hasValue } from '../findings/row-guards.ts';
import { categoryNames } from '../words/category.ts';
import type { ChartContext, Drawing, Shown } from './grammar/chart.ts';
import { defineChart } from './grammar/define.ts';
import { dotStyle, endLabels, hollowDots, intervalDots, rowTip, runtimeRows } from './grammar/dots.ts';
import { drawnRatio, ratioAxis, ratioBackground, ratioRange } from './grammar/heat-map.ts';
import { axisLabel, lineStep, paged, phonePlot, slideWidth, subtitleColumns } from './grammar/layout.ts';
import { placed, shownData } from './grammar/live.ts';
import { chartName, runtimesOf, shapeOf } from './grammar/palette.ts';
import type { AxisRange } from './grammar/scale.ts';
import { chartWords } from './grammar/words.ts';

const words = messages('chart.cost', {
  title: '{category}: cost relative to {baseline}',
  caption: 'Paired ratios with {confidence} CI; grey: no difference (±{band})',
  unsure: 'hollow: inconclusive',
  hollow: 'hollow: inconclusive; no line: too few pairs',
  of: '{runtime}: {value}',
  smallest: 'memory/smallest: the peak as the runtime itself starts',
  missing: '–: not measured',
  why: '–: not measured ({runtimes}: {reason})',
});

/** Maximum number of subjects in one picture; larger categories are split over several. `maxHeight`: of their rows, px. */
const maxRows = 24;
const maxHeight = 480;
/** Minimum height of a row, px: a name and the baseline's value. */
const minHeight = 30;
/** Maximum width of the plot, px: printed ratios are beside it. */
const maxWidth = 760;
/** Above this number of dots, rows are compact: short names, and ratios in smaller print. */
const manyDots = 27;
/** Width of a printed ratio on a phone, px. */
const ratioRoom = 44;
/** Filter for data with a ratio. */
const hasRatio = 'isValid(datum.ratio)';
/** Height of one dot's line in compact rows, px: that of a printed ratio. */
const closeStep = 10;
/** Maximum length of a reason in the caption. */
const reasonLength = 45;

interface Page {
  readonly costs: readonly HeadlineCost[];
  /** Headlines of the page's subjects for which a runtime has no ratio. */
  readonly missing: readonly SummaryRow[];
  /** Range of all categories, so that charts of a run can be compared. */
  readonly range: AxisRange;
  /** Parameters that labels of compact rows leave out; see {@link commonParams}. */
  readonly dropped: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Categories whose headlines are memory, or memory as well. */
const shownBy: Readonly<Partial<Record<Category, Shown>>> = { memory: 'both', startup: 'both' };

/**
 * The headlines of a category: cost ratio to the baseline, with interval, for every subject and runtime; right of 1 always
 * means higher cost. A scheduled category without ratios shows a reason; an unscheduled one has no chart. Isolation is not a
 * cost, and has no chart either.
 */
export default categoryOrder
  .filter((category) => category !== 'isolation')
  .map((category) =>
    defineChart({
      id: 'cost',
      variant: category,
      section: category,
      shows: shownBy[category] ?? 'times',
      order: 20,
      title: ({ analysis }) =>
        words.title({ category: categoryNames[category], baseline: plainText(analysis.baseline) }),
      absent: chartWords.noRatio,
      data: (context) => pagesOf(category, context),
      draw,
    }),
  );

function pagesOf(category: Category, context: ReportContext): readonly Page[] | null {
  const { rows, analysis } = context;
  if (!rows.some((row) => row.category === category)) return null;
  const every = headlineCosts(rows, analysis.baseline);
  const own = every.filter(({ row }) => row.category === category);
  const range = ratioRange(
    analysis,
    every.flatMap(({ cost }) => [cost.ratio, cost.low ?? cost.ratio, cost.high ?? cost.ratio]),
  );
  const dropped = commonParams(own.map(({ row }) => row));
  const runtimes = new Set(own.map(({ row }) => row.runtime)).size;
  const room = Math.min(maxRows, Math.floor(maxHeight / Math.max(minHeight, runtimes * closeStep)));
  const absent = missingHeadlines(category, context);
  const greatest = (costs: readonly HeadlineCost[]) => Math.max(...costs.map(({ cost }) => cost.ratio));
  const subjects = groupBy(own, ({ row }) => subjectLabel(row)).toSorted((a, b) => greatest(b) - greatest(a));
  return paged(subjects, Math.max(1, room)).map((page) => {
    const labels = new Set(page.flat().map(({ row }) => subjectLabel(row)));
    const missing = absent.filter((row) => labels.has(subjectLabel(row)));
    return { costs: page.flat(), missing, range, dropped };
  });
}

/** Headlines without a value of runtimes that can run here, one per subject and runtime. */
function missingHeadlines(category: Category, context: ReportContext): readonly SummaryRow[] {
  const gone = unavailableRuntimes(context);
  const scheduled = context.rows.filter((row) => row.category === category && !gone.includes(row.runtime));
  return groupBy(scheduled, (row) => JSON.stringify([subjectLabel(row), row.runtime])).flatMap((rows) =>
    rows.some(hasValue) ? [] : rows.slice(0, 1),
  );
}

/** The baseline's value of a subject, as text; empty if unknown. */
function baselineValue(row: SummaryRow, { rows, analysis, lang }: ReportContext): string {
  const base = rows
    .filter(hasValue)
    .find(
      (one) => one.headline && one.runtime === analysis.baseline && subjectLabel(one) === subjectLabel(row),
    );
  return base === undefined ? '' : formatValue(base.median, base.unit, lang);
}

/** The name of a subject, and below it the baseline's value. */
function labelOf(row: SummaryRow, { dense, page, context }: Labels): string {
  const { narrow, lang, analysis } = context;
  const value = baselineValue(row, context);
  const ofBaseline = translate(words.of({ runtime: chartName(analysis.baseline), value }), lang);
  const name = dense || narrow ? shortSubject(row, dense ? page.dropped : undefined) : subjectLines(row);
  return axisLabel([name, ...(value === '' ? [] : [ofBaseline])].join('\n'), narrow, dense ? 62 : 40);
}

interface Labels {
  /** Are there so many dots that rows are compact? */
  readonly dense: boolean;
  readonly page: Page;
  readonly context: ChartContext;
}

/** Why values are missing, if it is one reason for all: a picture has no room for more. */
function whyMissing({ missing }: Page, { lang }: ChartContext): Message | false {
  const [reason, ...others] = new Set(missing.map((row) => plainText(localized(row, 'note', lang).text)));
  if (reason === undefined) return false;
  if (reason === '' || others.length > 0) return words.missing;
  const [start = '', ...more] = wrapText(reason, reasonLength);
  const runtimes = listed([...new Set(missing.map(({ runtime }) => chartName(runtime)))], 'comma');
  return words.why({ runtimes, reason: more.length === 0 ? start : `${start} …` });
}

function draw(page: Page, context: ChartContext): Drawing {
  const { costs, missing, range, dropped } = page;
  const { analysis, confidence, band, narrow } = context;
  const names = runtimesOf([...costs.map(({ row }) => row), ...missing], context);
  const count = new Set(costs.map(({ row }) => subjectLabel(row))).size;
  const dense = count * names.length > manyDots;
  const subjectOf = (row: SummaryRow) => labelOf(row, { dense, page, context });
  const values = costs.map(({ row, cost }) => ({
    subject: subjectOf(row),
    runtime: chartName(row.runtime),
    shape: shapeOf(context, row.runtime),
    ratio: drawnRatio(cost.ratio),
    low: drawnRatio(cost.low),
    high: drawnRatio(cost.high),
    unsure: row.verdict === 'inconclusive' || cost.low === null,
    label: formatRatio(cost.ratio, context.lang),
    ...(hasValue(row) && { tip: rowTip(row, context) }),
  }));
  const gaps = missing.map((row) => ({
    subject: subjectOf(row),
    runtime: chartName(row.runtime),
    label: '–',
  }));
  const subjects = [...new Set(values.map(({ subject }) => subject))];
  const step = lineStep(subjects, names.length, dense ? closeStep : 15);
  const width = narrow
    ? phonePlot(subjects, ratioRoom)
    : Math.min(maxWidth, slideWidth(subjects, step * names.length * subjects.length));
  const rows = runtimeRows('subject', { labelLimit: 480 });
  const inverted = costs.some(({ row }) => row.better === 'higher');
  const x = ratioAxis(context, range, 'ratio', inverted);
  const elided = dense && costs.some(({ row }) => (dropped.get(row.workload)?.size ?? 0) > 0);
  return {
    caption: [
      words.caption({ confidence, band }),
      values.some(({ low }) => low === null)
        ? words.hollow
        : values.some(({ unsure }) => unsure) && words.unsure,
      elided && chartWords.paramsElided,
      costs.some(({ row }) => row.workload === 'memory/smallest') && words.smallest,
      whyMissing(page, context),
    ],
    runtimes: names,
    columns: subtitleColumns(subjects, width),
    counts: costs.map(({ row }) => row.pairs),
    view: {
      width,
      height: { step },
      ...shownData(placed([...values, ...gaps], 'subject', subjects)),
      layer: [
        ...ratioBackground(analysis),
        ...intervalDots(rows, x, dotStyle(context, names), { size: dense ? 45 : 70 }, hasRatio),
        hollowDots(rows, x, dense ? 16 : 26, `${hasRatio} && datum.unsure`),
        endLabels({ ...rows, x: { value: width } }, 8, dense ? 9 : 10),
      ],
    },
  };
}
