import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { FactRow } from '../../../core/model/analysis/analysis.ts';
import { comparedProfile, profilesOf } from '../../../core/model/runtime/container-profile.ts';
import type { ChartContext, Drawing } from '../../../report/charts/grammar/chart.ts';
import { defineChart } from '../../../report/charts/grammar/define.ts';
import {
  dotStyle,
  endLabels,
  hollowDots,
  intervalDots,
  runtimeRows,
} from '../../../report/charts/grammar/dots.ts';
import {
  drawnRatio,
  ratioBackground,
  ratioRange,
  timesAxis,
} from '../../../report/charts/grammar/heat-map.ts';
import {
  axisLabel,
  lineStep,
  phonePlot,
  slideWidth,
  subtitleColumns,
} from '../../../report/charts/grammar/layout.ts';
import { placed, shownData } from '../../../report/charts/grammar/live.ts';
import { chartName, runtimesOf, shapeOf } from '../../../report/charts/grammar/palette.ts';
import type { ReportContext } from '../../../report/context.ts';
import { formatRatio, formatRatioEstimate } from '../../../report/document/format.ts';
import { plainText } from '../../../report/document/sanitize.ts';
import type { RatioEstimate } from '../../../report/findings/row-guards.ts';
import { categoryInText } from '../../../report/words/category.ts';
import { briefFact, profileCosts } from '../profile-costs.ts';

const words = messages('chart.options', {
  title: 'Container options: gain and cost relative to {first}',
  caption:
    'From the most open container to the most closed one, by calls, capabilities and writable mounts; highest cost of a category, with {confidence} CI; grey: no difference (±{band})',
  hollow: 'hollow: another option separates better and costs no more',
  axis: 'highest cost of a category, relative to {first}',
  absent: 'no option has both its facts and its cost',
  ladder:
    '{calls} calls, {capabilities} capabilities, {mounts} writable mounts, {filter, select, filter {filter} other {no filter}}{gain, select, yes {, no new privileges} other {}}',
  dominated: 'dominated by {others}',
  notApplied: 'not applied: {options}',
  at: '{ratio} {category}',
  tip: '{profile}, {runtime}\n{ladder}\n{cost}',
});

/** Space for a printed ratio and its category, px. */
const labelRoom = 120;

/** A profile with its facts and its highest cost. */
interface Step {
  readonly profile: string;
  readonly runtime: string;
  readonly ladder: Message;
  readonly rank: readonly number[];
  readonly cost: RatioEstimate;
  readonly label: Message | null;
  readonly dominatedBy: readonly string[];
  readonly notApplied: readonly string[];
}

/** For every runtime, its profiles ordered by isolation facts, against their costs. */
export default defineChart({
  id: 'options',
  section: 'options',
  shows: 'both',
  order: 17,
  title: ({ run }) => words.title({ first: plainText(comparedProfile(run.config) ?? '') }),
  absent: words.absent,
  data: (context) => {
    if (comparedProfile(context.run.config) === null) return null;
    const ladders = context.runtimes.map((runtime) => ladderOf(runtime, context));
    return ladders.filter((steps) => steps.length > 1);
  },
  draw,
});

function ladderOf(runtime: string, context: ReportContext): readonly Step[] {
  const { analysis, run, lang } = context;
  const first = comparedProfile(run.config);
  const costs = profileCosts(context).filter((one) => one.runtime === runtime);
  const steps = profilesOf(run.config).flatMap((profile): readonly Step[] => {
    const told = analysis.facts.filter(
      (fact) => fact.workload === 'isolation/facts' && fact.runtime === runtime && fact.profile === profile,
    );
    if (told.length === 0) return [];
    const own = costs.find((one) => one.profile === profile);
    const dearest = [...(own?.costs ?? [])].toSorted(([, a], [, b]) => b.cost.ratio - a.cost.ratio)[0];
    if (profile !== first && dearest === undefined) return [];
    const effect = analysis.profileEffects?.find(
      (each) => each.runtime === runtime && each.profile === profile,
    );
    const cost = dearest?.[1].cost ?? { ratio: 1, low: null, high: null };
    return [
      {
        profile,
        runtime,
        cost,
        ...ladderStep(told),
        dominatedBy: effect?.dominatedBy ?? [],
        notApplied: effect?.notApplied ?? [],
        label:
          dearest === undefined
            ? null
            : words.at({ ratio: formatRatio(cost.ratio, lang), category: categoryInText[dearest[0]] }),
      },
    ];
  });
  return steps.toSorted((a, b) => {
    const at = a.rank.findIndex((value, index) => value !== b.rank[index]);
    return at < 0 ? 0 : (b.rank[at] ?? 0) - (a.rank[at] ?? 0);
  });
}

/** Isolation facts of a container in words (`ladder`), and as sort keys: smaller is more restricted (`rank`). */
function ladderStep(facts: readonly FactRow[]): Pick<Step, 'ladder' | 'rank'> {
  const value = (id: string) => facts.find((fact) => fact.id === id)?.value ?? '';
  const [calls, capabilities, mounts] = ['syscalls.answered', 'capabilities', 'mounts.writable'].map((id) =>
    plainText(briefFact(value(id))),
  );
  const filter = value('seccomp.mode') === 'off' ? 'none' : 'filter';
  const gain = value('no_new_privileges') === 'yes' ? 'yes' : 'no';
  return {
    ladder: words.ladder({
      calls: calls ?? '',
      capabilities: capabilities ?? '',
      mounts: mounts ?? '',
      filter,
      gain,
    }),
    rank: [Number(calls), Number(capabilities), Number(mounts), gain === 'yes' ? 0 : 1],
  };
}

function draw(steps: readonly Step[], context: ChartContext): Drawing {
  const { analysis, run, lang, confidence, band, narrow } = context;
  const first = plainText(comparedProfile(run.config) ?? '');
  const names = runtimesOf(steps, context);
  const values = steps.map((step) => {
    const { profile, runtime, ladder, cost, label, dominatedBy, notApplied } = step;
    const lines = [
      plainText(profile),
      translate(ladder, lang),
      ...(notApplied.length === 0
        ? []
        : [translate(words.notApplied({ options: listed(notApplied) }), lang)]),
      ...(dominatedBy.length === 0
        ? []
        : [translate(words.dominated({ others: listed(dominatedBy.slice(0, 2)) }), lang)]),
    ];
    const tip = words.tip({
      profile,
      runtime,
      ladder,
      cost: label === null ? formatRatio(1, lang) : formatRatioEstimate(cost, lang),
    });
    return {
      subject: axisLabel(lines.join('\n'), narrow, 64),
      runtime: chartName(runtime),
      shape: shapeOf(context, runtime),
      ratio: drawnRatio(cost.ratio),
      low: drawnRatio(cost.low),
      high: drawnRatio(cost.high),
      unsure: dominatedBy.length > 0,
      label: label === null ? '' : translate(label, lang),
      tip: translate(tip, lang).split('\n').map(plainText).join('\n'),
    };
  });
  const subjects = values.map(({ subject }) => subject);
  const step = lineStep(subjects, 1, 15);
  const width = narrow ? phonePlot(subjects, labelRoom) : slideWidth(subjects, step * subjects.length);
  const rows = runtimeRows('subject', { labelLimit: 480 });
  const range = ratioRange(
    analysis,
    steps.flatMap(({ cost }) => [cost.ratio, cost.low ?? cost.ratio, cost.high ?? cost.ratio]),
  );
  const x = timesAxis(context, range, words.axis({ first }), { field: 'ratio' });
  return {
    caption: [words.caption({ confidence, band }), values.some(({ unsure }) => unsure) && words.hollow],
    runtimes: names,
    columns: subtitleColumns(subjects, width),
    counts: [],
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
