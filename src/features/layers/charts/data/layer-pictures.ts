import { messages } from '../../../../core/messages/define.ts';
import type { LayerStack, StackInterval, StackPart } from '../../../../core/model/layer-stack.ts';
import { chartName, runtimeColors } from '../../../../report/charts/grammar/palette.ts';
import { grey } from '../../../../report/charts/grammar/theme.ts';
import type { Waterfall, WaterfallStep } from '../../../../report/charts/grammar/waterfall.ts';
import type { ReportContext } from '../../../../report/context.ts';
import { subjectLabel } from '../../../../report/labels.ts';
import { plainText } from '../../../../report/sanitize.ts';
import { metricName } from '../../../../report/words/metric.ts';
import { addedText, partsName, topName, wholeText } from '../../report/words.ts';

const words = messages('chart.layers', {
  under: '{subject} under {runtime}: {metric}',
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

/** Maximum number of pictures of all charts together. */
const maxPictures = 12;

/** The stacks to draw. */
export function shownStacks({ analysis }: ReportContext): readonly LayerStack[] {
  return (analysis.layers ?? []).slice(0, maxPictures);
}

/** The picture of a stack; times in ms. */
export function layerPicture(stack: LayerStack, context: ReportContext): Waterfall {
  const { t, lang, run } = context;
  const { runtime, steps, whole, network, beside } = stack;
  const subject = plainText(subjectLabel({ ...stack, profile: 'default', layer: 'docker' }));
  const title = t(
    words.under({ subject, runtime: chartName(runtime), metric: metricName(stack.metric, lang) }),
  );
  const own = runtimeColors(context).get(runtime) ?? grey;
  const bar = (
    name: string,
    [from, to]: readonly [number, number],
    interval: StackInterval,
    label: string,
    look: Pick<WaterfallStep, 'kind' | 'color'>,
  ): WaterfallStep => ({
    ...{ name, label, ...look, from: from / 1e6, to: to / 1e6 },
    tip: [title, `${name}: ${label}`, `n = ${interval.n}`].join('\n'),
    ...intervalOf(interval, to),
  });
  const added = (name: string, interval: StackInterval, from: number, color: string): WaterfallStep => {
    const kind = interval.estimate < 0 ? 'less' : 'more';
    return bar(name, [from, from + interval.estimate], interval, addedText(interval, lang), { kind, color });
  };
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
      bar(through, [0, whole.estimate], whole, wholeText(whole, lang), { kind: 'end' }),
      ...(network === null ? [] : [added(t(words.bridge), network, whole.estimate, bridgeColor)]),
      ...beside.map((other) =>
        bar(
          t(words.beside({ top: topName({ top: other.layer }, run) })),
          [0, other.estimate],
          other,
          wholeText(other, lang),
          { kind: 'beside' },
        ),
      ),
    ],
  };
}

/** Confidence interval of a bar's end, ms. */
function intervalOf({ estimate, low, high }: StackInterval, end: number): Pick<WaterfallStep, 'interval'> {
  if (low === null || high === null) return {};
  return { interval: [(end + low - estimate) / 1e6, (end + high - estimate) / 1e6] };
}
