import { messages } from '../../../core/messages/define.ts';
import { translate } from '../../../core/messages/translate.ts';
import { enginesOf } from '../../../core/model/run/run.ts';
import { ratioDot } from '../../../report/charts/data/value-finding.ts';
import type { ChartContext, Drawing } from '../../../report/charts/grammar/chart.ts';
import { defineChart } from '../../../report/charts/grammar/define.ts';
import {
  dotStyle,
  endLabels,
  hollowDots,
  intervalDots,
  runtimeRows,
} from '../../../report/charts/grammar/dots.ts';
import { ratioBackground, ratioRange, timesAxis } from '../../../report/charts/grammar/heat-map.ts';
import {
  axisLabel,
  lineStep,
  paged,
  phonePlot,
  slideWidth,
  subtitleColumns,
} from '../../../report/charts/grammar/layout.ts';
import { placed, shownData } from '../../../report/charts/grammar/live.ts';
import { runtimesOf } from '../../../report/charts/grammar/palette.ts';
import { formatEstimate, formatRatioEstimate } from '../../../report/document/format.ts';
import { groupBy, subjectLabel, subjectLines } from '../../../report/document/labels.ts';
import { plainText } from '../../../report/document/sanitize.ts';
import { type HeadlineCost, headlineCosts } from '../../../report/findings/headline-cost.ts';
import { hasValue } from '../../../report/findings/row-guards.ts';
import { metricName } from '../../../report/words/metric.ts';
import { verdictNames } from '../../../report/words/verdict.ts';

const words = messages('chart.engines', {
  title: 'Each runtime in other engines, relative to {first}',
  caption: 'Paired ratios with {confidence} CI; grey: no difference (±{band})',
  hollow: 'hollow: inconclusive',
  axis: 'cost ÷ cost in {first} (log scale; right of 1× costs more){inverted, select, yes {; rates inverted} other {}}',
  absent: 'no test has a ratio between two engines',
  tip: '{runtime}, {subject}\n{metric}: {value}\n{ratio} {first}, {verdict}',
});

/** Maximum subjects of one picture. */
const maxRows = 14;
/** Room for a printed ratio on a phone, px. */
const ratioRoom = 44;

/** Every runtime in each engine: its cost relative to the same runtime in the first engine. */
export default defineChart({
  id: 'engines',
  section: 'engines',
  shows: 'both',
  order: 15,
  title: ({ run }) => words.title({ first: plainText(enginesOf(run.config)[0] ?? '') }),
  absent: words.absent,
  data: ({ analysis, run }) => {
    const { engines } = analysis;
    // Each runtime is compared with itself in the first engine, not with the baseline.
    const costs = headlineCosts(engines ?? [], '');
    return enginesOf(run.config).length === 0
      ? null
      : paged(
          groupBy(costs, ({ row }) => subjectLabel(row)),
          maxRows,
        ).map((page) => page.flat());
  },
  draw,
});

function tipOf({ row }: HeadlineCost, first: string, { lang }: ChartContext): string {
  if (!hasValue(row) || row.ratio === null) return '';
  const { median, ciLow, ciHigh, unit, metric, verdict } = row;
  const ratio = { ratio: row.ratio, low: row.ratioCiLow, high: row.ratioCiHigh };
  const tip = words.tip({
    runtime: row.runtime,
    subject: subjectLabel(row),
    metric: metricName(metric, lang),
    first,
    value: formatEstimate({ value: median, low: ciLow, high: ciHigh }, unit, lang),
    ratio: formatRatioEstimate(ratio, lang),
    verdict: verdictNames[verdict],
  });
  return translate(tip, lang).split('\n').map(plainText).join('\n');
}

function draw(costs: readonly HeadlineCost[], context: ChartContext): Drawing {
  const { analysis, run, confidence, band, narrow } = context;
  const first = plainText(enginesOf(run.config)[0] ?? '');
  const names = runtimesOf(
    costs.map(({ row }) => row),
    context,
  );
  const values = costs.map((item) => ({
    subject: axisLabel(subjectLines(item.row), narrow),
    ...ratioDot(item, context),
    tip: tipOf(item, first, context),
  }));
  const subjects = [...new Set(values.map(({ subject }) => subject))];
  const step = lineStep(subjects, names.length, 15);
  const width = narrow
    ? phonePlot(subjects, ratioRoom)
    : slideWidth(subjects, step * names.length * subjects.length);
  const rows = runtimeRows('subject', { labelLimit: 480 });
  const inverted = costs.some(({ row }) => row.better === 'higher') ? 'yes' : 'no';
  const range = ratioRange(
    analysis,
    costs.flatMap(({ cost }) => [cost.ratio, cost.low ?? cost.ratio, cost.high ?? cost.ratio]),
  );
  const axis = words.axis({ first, inverted });
  const x = timesAxis(context, range, axis, { field: 'ratio' });
  return {
    caption: [words.caption({ confidence, band }), values.some(({ unsure }) => unsure) && words.hollow],
    runtimes: names,
    columns: subtitleColumns(subjects, width),
    counts: costs.map(({ row }) => row.pairs),
    view: {
      width,
      height: { step },
      ...shownData(placed(values, 'subject', subjects)),
      layer: [
        ...ratioBackground(analysis),
        ...intervalDots(rows, x, dotStyle(context, names), { size: 70 }),
        hollowDots(rows, x, 26, 'datum.unsure'),
        endLabels({ ...rows, x: { value: width } }, 8, 10),
      ],
    },
  };
}
