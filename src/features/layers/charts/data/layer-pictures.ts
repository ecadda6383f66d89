import { messages } from '../../../../core/messages/define.ts';
import type { Lang } from '../../../../core/messages/message.ts';
import { enginesOf } from '../../../../core/model/run/run.ts';
import type { Layer } from '../../../../core/model/trial/cell.ts';
import type { LayerStack, StackInterval, StackPart } from '../../../../core/model/trial/layer-stack.ts';
import { paged } from '../../../../report/charts/grammar/layout.ts';
import { chartName, runtimeColors } from '../../../../report/charts/grammar/palette.ts';
import { timesOf } from '../../../../report/charts/grammar/stacked-bars.ts';
import { grey } from '../../../../report/charts/grammar/theme.ts';
import type { Waterfall, WaterfallStep } from '../../../../report/charts/grammar/waterfall.ts';
import type { ReportContext } from '../../../../report/context.ts';
import { groupBy } from '../../../../report/document/labels.ts';
import { hasValue } from '../../../../report/findings/row-guards.ts';
import { addedText, partsName, topName, wholeText } from '../../report/words.ts';

const words = messages('chart.layers', {
  picture: '{runtime}, {top}',
  through: 'through {top}',
  bridge: 'with a bridge',
  beside: 'beside: {top}',
});

/** Colours distinguishable on white and on black; the runtime's part has the runtime's colour. */
const colorOf: Readonly<Record<Exclude<StackPart, 'runtime'>, string>> = {
  process: grey,
  namespaces: '#44aa99',
  containerd: '#88ccee',
  docker: '#aa4499',
};
const bridgeColor = '#cc6677';

/** Maximum number of waterfalls in one picture. */
const maxPictures = 8;

/** Stacks of one picture, all of one metric. */
export interface StackPage {
  readonly metric: LayerStack['metric'];
  readonly stacks: readonly LayerStack[];
  /** Stacks of all pictures, for a common scale. */
  readonly all: readonly LayerStack[];
}

/** The pictures of the plainest subject: for each metric its stacks, by runtime and engine. A table has the other subjects. */
export function stackPages({ analysis, run, runtimes }: ReportContext): readonly StackPage[] {
  const { layers = [] } = analysis;
  const [first] = layers;
  const engines = enginesOf(run.config);
  const place = ({ runtime, engine }: LayerStack) =>
    runtimes.indexOf(runtime) * (engines.length + 1) + engines.indexOf(engine ?? '');
  const all = layers
    .filter(({ workload, params }) => workload === first?.workload && params === first.params)
    .toSorted((a, b) => place(a) - place(b));
  return groupBy(all, ({ metric }) => metric).flatMap((own) =>
    paged(own, maxPictures).map((stacks) => ({ metric: own[0]?.metric ?? 'startup.to_output', stacks, all })),
  );
}

/** The picture of a stack; times in ms. */
export function layerPicture(stack: LayerStack, context: ReportContext): Waterfall {
  const { t, lang, run } = context;
  const { runtime, steps, whole, network, beside } = stack;
  const title = t(words.picture({ runtime: chartName(runtime), top: topName(stack, run) }));
  const own = runtimeColors(context).get(runtime) ?? grey;
  const bar = (
    name: string,
    [from, to]: readonly [number, number],
    interval: StackInterval,
    textOf: (interval: StackInterval, lang: Lang) => string,
    { times = '', ...look }: Pick<WaterfallStep, 'kind' | 'color'> & { readonly times?: string },
  ): WaterfallStep => {
    // The line is the interval: the text would leave no room for bars.
    const value = textOf({ ...interval, low: null, high: null }, lang);
    const besides = times === '' ? '' : ` (${times})`;
    return {
      name,
      ...look,
      from: from / 1e6,
      to: to / 1e6,
      label: `${value}${besides}`,
      tip: [title, `${name}: ${textOf(interval, lang)}${besides}`, `n = ${interval.n}`].join('\n'),
      ...intervalOf(interval, to),
    };
  };
  const added = (name: string, interval: StackInterval, from: number, color: string): WaterfallStep => {
    const kind = interval.estimate < 0 ? 'less' : 'more';
    return bar(name, [from, from + interval.estimate], interval, addedText, { kind, color });
  };
  const ofZero = (name: string, interval: StackInterval, layer: Layer, kind: 'end' | 'beside') =>
    bar(name, [0, interval.estimate], interval, wholeText, { kind, times: timesAt(layer, stack, context) });
  let at = 0;
  const parts = steps.map((step) => {
    const from = at;
    at += step.estimate;
    const top = step.parts.at(-1) ?? 'process';
    return added(t(partsName(step.parts)), step, from, top === 'runtime' ? own : colorOf[top]);
  });
  const through = t(words.through({ top: topName(stack, run) }));
  return {
    title,
    runtime,
    steps: [
      ...parts,
      ofZero(through, whole, stack.top, 'end'),
      ...(network === null ? [] : [added(t(words.bridge), network, whole.estimate, bridgeColor)]),
      ...beside.map((other) =>
        ofZero(t(words.beside({ top: topName({ top: other.layer }, run) })), other, other.layer, 'beside'),
      ),
    ],
  };
}

/** Confidence interval of a bar's end, ms. */
function intervalOf({ estimate, low, high }: StackInterval, end: number): Pick<WaterfallStep, 'interval'> {
  if (low === null || high === null) return {};
  return { interval: [(end + low - estimate) / 1e6, (end + high - estimate) / 1e6] };
}

/** `0.67×`: cost of this start through a layer relative to the baseline's; empty for the baseline, and where there is none. */
function timesAt(layer: Layer, stack: LayerStack, { rows, lang }: ReportContext): string {
  const own = rows
    .filter(hasValue)
    .filter(
      (row) =>
        row.layer === layer &&
        row.metric === stack.metric &&
        (['runtime', 'workload', 'params'] as const).every((key) => row[key] === stack[key]),
    );
  const row =
    own.find(({ engine }) => engine === stack.engine) ?? own.find(({ engine }) => engine === undefined);
  return row === undefined ? '' : timesOf(row, lang);
}
