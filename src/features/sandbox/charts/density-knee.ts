import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Unit } from '../../../core/model/workload/metric.ts';
import { valueAxis } from '../../../report/charts/grammar/axis.ts';
import type { ChartContext, Spec } from '../../../report/charts/grammar/chart.ts';
import { defineChart } from '../../../report/charts/grammar/define.ts';
import { dotStyle, layer, tooltip } from '../../../report/charts/grammar/dots.ts';
import { phoneWidth, round } from '../../../report/charts/grammar/layout.ts';
import { picking, shownData } from '../../../report/charts/grammar/live.ts';
import { chartName, runtimesOf } from '../../../report/charts/grammar/palette.ts';
import { linearTicks, zeroRange } from '../../../report/charts/grammar/scale.ts';
import { ink } from '../../../report/charts/grammar/theme.ts';
import { chartWords } from '../../../report/charts/grammar/words.ts';
import { displayUnit, formatCount, formatValue } from '../../../report/document/format.ts';
import { causeInText } from '../density/causes.ts';
import { type Filled, filledIn } from '../density/filled.ts';
import type { Step } from '../density/step.ts';

const words = messages('chart.density-knee', {
  title: 'Sandboxes side by side, up to the knee: {subject}',
  titleOfEnd: 'Sandboxes side by side: {subject}',
  titleOfAll: 'Sandboxes side by side, up to the knee',
  caption: 'What all of them take after each step; ring: where every objective was met for the last time',
  captionOfEnd:
    'What all of them take after each step; ring: all that the test adds, without an objective missed',
  blocks: 'medians of {n} trials',
  failed: '{runtime}: {failed} of {all} trials failed',
  absent: 'no test of density has values',
  sandboxes: 'sandboxes',
  memory: 'Memory of all, shared pages once',
  starts: 'Start of one more, up to four at a time',
  answers: 'Answer, 95th percentile',
  knee: '{fit}, then {cause}',
  end: '{fit} and more',
  tip: '{runtime}, {count} sandboxes\n{value}',
});

interface Panel {
  readonly reading: 'resident' | 'startMedian' | 'answerP95';
  readonly unit: Unit;
  readonly title: Message;
}

const panels: readonly Panel[] = [
  { reading: 'resident', unit: 'bytes', title: words.memory },
  { reading: 'startMedian', unit: 'ns', title: words.starts },
  { reading: 'answerP95', unit: 'ns', title: words.answers },
];

/** A test, and the hosts that its runtimes filled. */
interface Picture {
  readonly subject: string;
  readonly filled: readonly Filled[];
}

/** Memory and starts over the number of sandboxes, one line a runtime; the knee and its cause. */
export default defineChart<Picture>({
  id: 'density-knee',
  section: 'density',
  shows: 'both',
  order: 210,
  title: (_context, data) => {
    if (data === null) return words.titleOfAll;
    const { subject } = data;
    return isWhole(data) ? words.titleOfEnd({ subject }) : words.title({ subject });
  },
  absent: words.absent,
  data(context) {
    const all = filledIn(context.trials, context.runtimes);
    const isAsked = context.run.subjects.some(({ category }) => category === 'density');
    if (all.length === 0) return isAsked ? [] : null;
    // Fewer sandboxes show the beginning of the same lines.
    return [...Map.groupBy(all, ({ workload }) => workload).values()].flatMap((own) => {
      const [subject, filled] = [...Map.groupBy(own, (each) => each.subject)].toSorted(
        ([, a], [, b]) => reached(b) - reached(a),
      )[0] ?? [null, []];
      return subject === null ? [] : [{ subject, filled }];
    });
  },
  draw({ filled }, context) {
    const shown = panels.filter(({ reading }) =>
      filled.some(({ steps }) => steps.some((step) => step[reading] !== undefined)),
    );
    const trials = filled.map((each) => each.trials);
    const failed = filled.flatMap((each) => {
      const all = each.trials + each.failed;
      return each.failed > 0
        ? [words.failed({ runtime: chartName(each.runtime), failed: each.failed, all })]
        : [];
    });
    return {
      caption: [
        isWhole({ filled }) ? words.captionOfEnd : words.caption,
        Math.max(...trials) > 1 && words.blocks({ n: Math.max(...trials) }),
        ...failed,
      ],
      runtimes: runtimesOf(filled, context),
      columns: 132,
      counts: trials,
      view: {
        spacing: 28,
        [context.narrow ? 'vconcat' : 'hconcat']: shown.map((panel, at) =>
          view(panel, filled, context, { width: Math.round(720 / shown.length), isFirst: at === 0 }),
        ),
      },
    };
  },
});

/** Did all of the test run, without a knee? */
function isWhole({ filled }: Pick<Picture, 'filled'>): boolean {
  return filled.every(({ knee }) => knee.cause === 'end');
}

/** The most sandboxes that ran side by side. */
function reached(filled: readonly Filled[]): number {
  return Math.max(...filled.flatMap(({ steps }) => steps.map(({ count }) => count)));
}

function view(
  { reading, unit, title }: Panel,
  filled: readonly Filled[],
  context: ChartContext,
  { width, isFirst }: { readonly width: number; readonly isFirst: boolean },
): Spec {
  const { lang, narrow } = context;
  const known = filled.flatMap(({ steps }) => steps.flatMap((step) => step[reading] ?? []));
  const display = displayUnit(unit, Math.max(...known), lang);
  const counts = filled.flatMap(({ steps }) => steps.map(({ count }) => count));
  const most = Math.max(...counts);
  const x = {
    field: 'count',
    type: 'quantitative',
    scale: { domain: [0, Math.ceil(most * 1.04)], nice: false },
    axis: {
      title: translate(words.sandboxes, lang),
      values: linearTicks(0, most, narrow ? 5 : 8),
      grid: false,
    },
  };
  const range = zeroRange(Math.max(...known) / display.factor, 0.16);
  const axis = unit === 'ns' ? chartWords.timeAxis({ unit: display.name }) : words.memory;
  const y = { ...valueAxis(context, range, axis, { field: 'value', grid: true }) };
  if (unit === 'bytes') Object.assign(y, { axis: { ...(y.axis as Spec), title: display.name } });
  const values = filled.flatMap(({ runtime, steps }) =>
    steps.flatMap((step) => {
      const value = step[reading];
      if (value === undefined) return [];
      const tip = words.tip({
        runtime: chartName(runtime),
        count: formatCount(step.count, lang),
        value: formatValue(value, unit, lang),
      });
      const at = { count: step.count, value: round(value / display.factor) };
      return [{ runtime: chartName(runtime), ...at, tip: translate(tip, lang) }];
    }),
  );
  const { color, shape } = dotStyle(context, runtimesOf(filled, context));
  const at = { x, y, color };
  const line = layer({ type: 'line', strokeWidth: 2 }, at);
  return {
    width: narrow ? phoneWidth - 60 : width,
    height: narrow ? 200 : 320,
    title: {
      text: translate(title, lang),
      fontSize: 12,
      anchor: 'start',
      frame: 'group',
      offset: 8,
      dx: 0,
    },
    layer: [
      { ...(isFirst ? picking(line, 'runtime', 'legend') : line), ...shownData(values) },
      {
        ...layer({ type: 'point', filled: true, size: 45, opacity: 1 }, { ...at, shape, tooltip }),
        ...shownData(values),
      },
      ...(isFirst ? knees(filled, at, { context, display: display.factor, top: range.domain[1] }) : []),
    ],
  };
}

/** The step of the knee; the first if even that missed an objective. */
function stepAt({ steps, knee }: Filled): Step | undefined {
  return steps.findLast(({ count }) => count <= knee.fit) ?? steps[0];
}

/** Rings at the knees, with their causes: labels at about the same height are moved apart. */
function knees(
  filled: readonly Filled[],
  at: Spec,
  {
    context,
    display,
    top,
  }: { readonly context: ChartContext; readonly display: number; readonly top: number },
): readonly Spec[] {
  const { lang, narrow } = context;
  const most = Math.max(...filled.flatMap(({ steps }) => steps.map(({ count }) => count)));
  const line = top * (narrow ? 0.09 : 0.06);
  const found = filled
    .flatMap((each) => {
      const step = stepAt(each);
      const { knee, runtime } = each;
      if (step?.resident === undefined) return [];
      const fit = formatCount(knee.fit, lang);
      const said =
        knee.cause === 'end' ? words.end({ fit }) : words.knee({ fit, cause: causeInText[knee.cause] });
      const label = `${chartName(runtime)}: ${translate(said, lang)}`;
      return [
        { runtime: chartName(runtime), count: step.count, value: round(step.resident / display), label },
      ];
    })
    .toSorted((a, b) => a.value - b.value);
  let last = Number.NEGATIVE_INFINITY;
  const labelled = found.map((each) => {
    last = Math.max(each.value + line, last + line);
    return { ...each, place: round(Math.min(last, top)) };
  });
  const ring = { type: 'point', filled: false, size: 190, strokeWidth: 2, opacity: 1, shape: 'circle' };
  const texts = (isLeft: boolean) => {
    const data = labelled.filter(({ count }) => count < most / 2 === isLeft);
    const mark = {
      type: 'text',
      fontSize: narrow ? 10 : 11,
      color: ink,
      baseline: 'middle',
      ...(isLeft ? { align: 'left', dx: -4 } : { align: 'right', dx: 8 }),
    };
    const y = { ...(at.y as Spec), field: 'place' };
    const text = { field: 'label', type: 'nominal' };
    return data.length === 0 ? [] : [{ ...layer(mark, { x: at.x, y, text }), ...shownData(data) }];
  };
  return [{ ...layer(ring, at), ...shownData(labelled) }, ...texts(true), ...texts(false)];
}
