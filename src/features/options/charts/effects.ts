import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { EffectRow } from '../../../core/model/analysis/analysis.ts';
import type { ChartContext, Drawing, Spec } from '../../../report/charts/grammar/chart.ts';
import { defineChart } from '../../../report/charts/grammar/define.ts';
import {
  endLabels,
  gapLabels,
  hasInterval,
  hollowDots,
  layer,
  runtimeRows,
  span,
  tooltip,
} from '../../../report/charts/grammar/dots.ts';
import {
  drawnRatio,
  ratioBackground,
  ratioRange,
  timesAxis,
} from '../../../report/charts/grammar/heat-map.ts';
import {
  axisLabel,
  legendColumns,
  lineStep,
  phonePlot,
  plotWidth,
} from '../../../report/charts/grammar/layout.ts';
import { picking, placed, shownData } from '../../../report/charts/grammar/live.ts';
import { chartName, runtimesOf } from '../../../report/charts/grammar/palette.ts';
import { cheaper, dearer, grey, soft } from '../../../report/charts/grammar/theme.ts';
import { formatRatio, formatRatioEstimate } from '../../../report/document/format.ts';
import { subjectLabel, subjectLines } from '../../../report/document/labels.ts';
import { plainText } from '../../../report/document/sanitize.ts';
import { wrapText } from '../../../report/document/wrap.ts';
import { effectWords, levelWords } from '../../../report/findings/effects.ts';
import { type CostStanding, standingOf, standings } from '../../../report/findings/headline-cost.ts';
import { costRatio, rawRatio } from '../../../report/findings/row-guards.ts';
import { metricName } from '../../../report/words/metric.ts';
import { standingCosts, verdictNames } from '../../../report/words/verdict.ts';
import { type EffectPage, effectPages, panelColumns } from './data/effect-panels.ts';

const words = messages('chart.effects', {
  title: '{name}: what options of {base} change',
  all: 'What options of runtimes change',
  caption:
    'Each option over all combinations of the others, with {confidence} CI; grey: no difference (±{band})',
  interaction: 'interaction: factor on the cost of the first where the second is set',
  part: 'interactions without a claim: effects.csv',
  unsure: 'hollow: inconclusive',
  hollow: 'hollow: inconclusive; no line: too few pairs',
  axis: 'cost with the value ÷ cost with the reference (log scale){inverted, select, yes {; rates inverted} other {}}',
  shortAxis: 'cost, value ÷ reference (log scale){inverted, select, yes {; rates inverted} other {}}',
  absent: 'no effect of an option is told',
  holds: 'or {aliases}, which these arms do not tell apart',
  tip: '{effect}\n{subject}\n{metric}: {ratio}, {verdict}',
  untold: 'not told',
  sentence: '{found}.',
  found: '{level}: {counts}',
  counts: '{costs} in {n} of {all}',
  undecided: 'inconclusive in all {all}',
});

/** Width of a panel if two are side by side, px. */
const panelWidth = 300;
/** Space for a printed ratio, px. */
const ratioRoom = 44;

const colors: Readonly<Record<CostStanding, string>> = {
  worse: dearer,
  better: cheaper,
  differs: '#332288',
  equivalent: soft,
  inconclusive: grey,
  unavailable: grey,
};

/** Cost of each option of a runtime in every workload: one panel per effect. */
export default defineChart<EffectPage>({
  id: 'effects',
  section: 'effects',
  shows: 'both',
  order: 18,
  title: (_, page) =>
    page === null
      ? words.all
      : words.title({ name: plainText(page.design.name), base: plainText(page.design.base) }),
  absent: words.absent,
  data: effectPages,
  finding: ({ panels }) => {
    const mains = panels.filter(([first]) => first?.beside === undefined);
    return mains.length === 0 ? null : words.sentence({ found: listed(mains.map(foundOf), 'semicolon') });
  },
  draw,
});

/** `directfs=false instead of true: costs more in 2 of 3`. */
function foundOf(rows: readonly EffectRow[]): Message {
  const [first] = rows;
  const claims = standings.slice(0, 4).flatMap((standing) => {
    const n = rows.filter((row) => standingOf(row) === standing).length;
    return n === 0 ? [] : [words.counts({ costs: standingCosts[standing], n, all: rows.length })];
  });
  const counts = claims.length === 0 ? words.undecided({ all: rows.length }) : listed(claims);
  return words.found({ level: first === undefined ? '' : levelWords(first), counts });
}

/** Name of an effect, and the effects aliased with it. */
function titleOf(rows: readonly EffectRow[], { lang, narrow }: ChartContext): readonly string[] {
  const [first] = rows;
  if (first === undefined) return [];
  const aliases = [...new Set(rows.flatMap((row) => row.aliases))];
  const more = aliases.length > 3 ? ['…'] : [];
  const lines = [
    effectWords(first),
    ...(aliases.length === 0 ? [] : [words.holds({ aliases: listed([...aliases.slice(0, 3), ...more]) })]),
  ];
  return lines.flatMap((line) => wrapText(plainText(translate(line, lang)), narrow ? 46 : 52));
}

function draw({ design, panels, ratios, isPart }: EffectPage, context: ChartContext): Drawing {
  const { analysis, confidence, band, narrow, lang } = context;
  const rows = panels.flat();
  const subjects = [...new Set(rows.map((row) => subjectOf(row, context)))];
  const columns = narrow ? 1 : Math.min(panelColumns, panels.length);
  const width = narrow ? phonePlot(subjects, ratioRoom) : columns === 1 ? plotWidth : panelWidth;
  const inverted = rows.some(({ better }) => better === 'higher') ? 'yes' : 'no';
  const axis = (columns === 1 && !narrow ? words.axis : words.shortAxis)({ inverted });
  const x = timesAxis(context, ratioRange(analysis, ratios), axis, { field: 'ratio' });
  const shown = standings.filter((one) => rows.some((row) => hasCost(row) && standingOf(row) === one));
  const names = shown.map((one) => translate(standingCosts[one], lang));
  const color = {
    field: 'standing',
    type: 'nominal',
    scale: { domain: names, range: shown.map((one) => colors[one]) },
    legend: { columns: legendColumns(names, narrow) },
  };
  const values = panels.map((own) => own.map((row) => drawnEffect(row, design.name, context)));
  return {
    caption: [
      words.caption({ confidence, band }),
      rows.some(({ beside }) => beside !== undefined) && words.interaction,
      isPart && words.part,
      values.flat().some(({ low }) => low === null)
        ? words.hollow
        : values.flat().some(({ unsure }) => unsure) && words.unsure,
    ],
    runtimes: runtimesOf([{ runtime: design.name }], context),
    columns: columns === 1 ? 108 : 132,
    counts: rows.filter(hasCost).map(({ pairs }) => pairs),
    view: {
      columns,
      spacing: { row: 18, column: 18 + ratioRoom },
      concat: panels.map((own, at) => {
        const isLeft = at % columns === 0;
        const isLowest = at + columns >= panels.length;
        const place = runtimeRows('subject', { labelLimit: 480, labels: isLeft });
        return {
          width,
          height: { step: lineStep(subjects, 1, 17) },
          title: {
            text: titleOf(own, context),
            fontSize: 12,
            anchor: 'start',
            frame: 'group',
            offset: 8,
          },
          ...shownData(placed(values[at] ?? [], 'subject', subjects)),
          layer: marks({ y: place.y }, isLowest ? x : { ...x, axis: { ...(x.axis as Spec), title: null } }, {
            color,
            width,
            analysis,
          }),
        };
      }),
      resolve: { scale: { color: 'shared' }, legend: { color: 'shared' } },
    },
  };
}

const isRatio = 'isValid(datum.ratio)';

function marks(
  rows: Spec,
  x: Spec,
  {
    color,
    width,
    analysis,
  }: Pick<ChartContext, 'analysis'> & { readonly color: Spec; readonly width: number },
): readonly Spec[] {
  return [
    ...ratioBackground(analysis),
    ...gapLabels(rows, 10, `!${isRatio}`),
    picking(
      layer({ type: 'rule', strokeWidth: 2 }, { ...rows, ...span(x), color, tooltip }, hasInterval),
      'subject',
      'marks',
    ),
    layer(
      { type: 'point', shape: 'circle', filled: true, size: 70 },
      { ...rows, x, color, tooltip },
      isRatio,
    ),
    hollowDots(rows, x, 26, `${isRatio} && datum.unsure`),
    endLabels({ ...rows, x: { value: width } }, 8, 10, isRatio),
  ];
}

const hasCost = (row: EffectRow) => costRatio(row) !== null;

function subjectOf(row: EffectRow, { narrow }: ChartContext): string {
  return axisLabel(subjectLines(row), narrow);
}

function drawnEffect(row: EffectRow, runtime: string, context: ChartContext) {
  const { lang } = context;
  const cost = costRatio(row);
  const raw = rawRatio(row);
  const tip = words.tip({
    effect: effectWords(row),
    subject: subjectLabel(row),
    metric: metricName(row.metric ?? '', lang),
    ratio: raw === null ? '' : formatRatioEstimate(raw, lang),
    verdict: verdictNames[row.verdict],
  });
  return {
    subject: subjectOf(row, context),
    runtime: chartName(runtime),
    label: cost === null ? translate(words.untold, lang) : formatRatio(cost.ratio, lang),
    ...(cost === null
      ? {}
      : {
          standing: translate(standingCosts[standingOf(row) ?? 'inconclusive'], lang),
          shape: 'circle',
          ratio: drawnRatio(cost.ratio),
          low: drawnRatio(cost.low),
          high: drawnRatio(cost.high),
          tip: translate(tip, lang).split('\n').map(plainText).join('\n'),
        }),
    unsure: cost !== null && (row.verdict === 'inconclusive' || cost.low === null),
  };
}
