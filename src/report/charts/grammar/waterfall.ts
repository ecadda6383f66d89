import type { Message } from '../../../core/messages/message.ts';
import { wrapText } from '../../document/wrap.ts';
import { valueAxis } from './axis.ts';
import type { ChartContext, Spec } from './chart.ts';
import { endLabels, layer, multilineLabels, tooltip } from './dots.ts';
import { lineStep, phoneWidth, round } from './layout.ts';
import { picking, shownData } from './live.ts';
import { chartName, runtimeColors } from './palette.ts';
import { zeroRange } from './scale.ts';
import { cheaper, dearer, grey, ink } from './theme.ts';

/**
 * Kinds of steps: addition, subtraction, end, and a bar beside the waterfall.
 */
type StepKind = 'more' | 'less' | 'end' | 'beside';

/** A bar of a waterfall. */
export interface WaterfallStep {
  readonly name: string;
  readonly kind: StepKind;
  /** Ends of the bar, in the unit of the axis. */
  readonly from: number;
  readonly to: number;
  /** Ends of the interval of `to`; absent if there is none. */
  readonly interval?: readonly [low: number, high: number];
  /** Its colour; default: that of its kind. */
  readonly color?: string;
  /** Text after it. */
  readonly label: string;
  readonly tip: string;
}

/** A waterfall: the parts of a whole, from zero. */
export interface Waterfall {
  readonly title: string;
  readonly runtime: string;
  readonly steps: readonly WaterfallStep[];
}

/** The axis of waterfalls. */
export interface WaterfallAxis {
  readonly title: Message;
  /** The waterfalls whose bars fit on the scale of each picture. */
  readonly onScale: readonly Waterfall[];
  /** Width of the steps' labels with pictures side by side, px; the bars get the rest. */
  readonly names: number;
}

/** Width of a picture, px. `phoneNames`: of the steps' labels on a phone. */
const pictureWidth = 438;
const phoneNames = 138;
/** Width of a character of such a label, px. */
const nameSize = 6.25;
const labelSize = 10;

/** A view of waterfalls: two side by side, or stacked on a phone. The lowest ones have the title of the axis. */
export function waterfalls(context: ChartContext, all: readonly Waterfall[], axis: WaterfallAxis): Spec {
  const { narrow } = context;
  const columns = narrow ? 1 : 2;
  return {
    columns,
    spacing: narrow ? 22 : 18,
    concat: all.map((one, at) => panel(context, one, { ...axis, isLowest: at + columns >= all.length })),
  };
}

function panel(
  context: ChartContext,
  { title, runtime, steps }: Waterfall,
  { title: axisTitle, names: wideNames, isLowest, onScale }: WaterfallAxis & { readonly isLowest: boolean },
): Spec {
  const { narrow } = context;
  const names = narrow ? phoneNames : wideNames;
  const width = narrow ? phoneWidth - phoneNames - 12 : pictureWidth - wideNames;
  const scaled = onScale.flatMap((one) => one.steps);
  const greatest = Math.max(0, ...scaled.flatMap(({ from, to, interval = [] }) => [from, to, ...interval]));
  const room = Math.min(
    width / 2,
    14 + labelSize * 0.62 * Math.max(...scaled.map(({ label }) => label.length)),
  );
  const range = zeroRange(greatest, room / (width - room));
  const x = valueAxis(context, range, axisTitle, {
    field: 'from',
    tickCount: 4,
    ...(isLowest ? {} : { title: null }),
  });
  const y = {
    field: 'step',
    type: 'nominal',
    sort: null,
    axis: {
      title: null,
      ...multilineLabels,
      labelLimit: names,
      // Aligns the panels of a column.
      minExtent: names,
      maxExtent: names,
    },
  };
  const shown = steps.map(({ name }) => wrapText(name, Math.round(names / nameSize)).join('\n'));
  const colors = runtimeColors(context);
  const colorOf: Readonly<Record<StepKind, string>> = {
    more: dearer,
    less: cheaper,
    end: colors.get(runtime) ?? grey,
    beside: grey,
  };
  const hasIntervals = steps.some(({ interval }) => interval !== undefined);
  // No colour scale: panels would share it, although they end with different runtimes.
  const color = { field: 'color', type: 'nominal', scale: null };
  return {
    width,
    height: { step: lineStep(shown, 1, 19) },
    title: {
      text: wrapText(title, narrow ? 44 : 64),
      fontSize: 12,
      anchor: 'start',
      frame: 'bounds',
      offset: 6,
    },
    ...shownData(
      steps.map(({ kind, from, to, interval, color: own, label, tip }, at) => ({
        runtime: chartName(runtime),
        step: shown[at],
        kind,
        label,
        tip,
        color: own ?? colorOf[kind],
        from: round(from),
        to: round(to),
        end: round(Math.max(from, to, ...(interval ?? []))),
        ...(interval === undefined
          ? {}
          : { low: round(Math.max(0, interval[0])), high: round(Math.max(0, interval[1])) }),
      })),
    ),
    layer: [
      picking(
        layer({ type: 'bar', height: 13 }, { y, x, x2: { field: 'to' }, color, tooltip }),
        'step',
        'marks',
      ),
      ...(hasIntervals
        ? [
            layer(
              { type: 'rule', color: ink, strokeWidth: 1.4, opacity: 1 },
              { y, x: { ...x, field: 'low' }, x2: { field: 'high' } },
              'isValid(datum.low)',
            ),
          ]
        : []),
      endLabels({ y, x: { ...x, field: 'end' } }, 5, labelSize),
    ],
  };
}
