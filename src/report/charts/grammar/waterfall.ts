import type { Message } from '../../../messages/message.ts';
import { wrapText } from '../../wrap.ts';
import { valueAxis } from './axis.ts';
import type { ChartContext, Spec } from './define.ts';
import { endLabels, layer, multilineLabels } from './dots.ts';
import { lineStep, phoneWidth, round } from './layout.ts';
import { picking, shownData } from './live.ts';
import { chartName, runtimeColors } from './palette.ts';
import { zeroRange } from './scale.ts';
import { grey, ink } from './theme.ts';
import { tooltip } from './tip.ts';

/**
 * Where a waterfall begins, what adds and takes away, what is not explained, where it ends, and what stands beside it.
 */
type StepKind = 'begin' | 'more' | 'less' | 'rest' | 'end' | 'beside';

/** A bar of a waterfall. */
export interface WaterfallStep {
  readonly name: string;
  readonly kind: StepKind;
  /** Ends of the bar, in the unit of the axis. */
  readonly from: number;
  readonly to: number;
  /** Ends of the interval of `to`; absent where there is none. */
  readonly interval?: readonly [low: number, high: number];
  /** Its colour, where that is not its kind's. */
  readonly color?: string;
  /** What stands behind it. */
  readonly label: string;
  readonly tip: string;
}

/** A waterfall: from one runtime's bar to another's. */
export interface Waterfall {
  readonly title: string;
  readonly runtime: string;
  readonly steps: readonly WaterfallStep[];
}

/** The axis of waterfalls. */
export interface WaterfallAxis {
  readonly title: Message;
  /** Vega's expression of a tick's text; default: the number. */
  readonly labelExpr?: string;
  /** The axis reaches at least as far. */
  readonly least?: number;
  /** The runtime that each begins with; absent where they begin with nothing. */
  readonly baseline?: string;
}

/** Width of a step's label and of the plot beside it, px. */
const names = 218;
const plot = 220;
const phoneNames = 138;
/** Characters of a line of such a label. */
const columns = { wide: 35, narrow: 22 } as const;
const labelSize = 10;

/** A view of waterfalls, two beside each other, or one below the other on a phone. Each has a scale of its own. */
export function waterfalls(context: ChartContext, all: readonly Waterfall[], axis: WaterfallAxis): Spec {
  const { narrow } = context;
  const width = narrow ? phoneWidth - phoneNames - 12 : plot;
  return {
    columns: narrow ? 1 : 2,
    spacing: narrow ? 22 : 26,
    concat: all.map((one) => panel(context, one, axis, width)),
  };
}

function panel(
  context: ChartContext,
  { title, runtime, steps }: Waterfall,
  { title: axisTitle, baseline, least = 0, ...axis }: WaterfallAxis,
  width: number,
): Spec {
  const { narrow } = context;
  const greatest = Math.max(least, ...steps.flatMap(({ from, to, interval = [] }) => [from, to, ...interval]));
  const room = Math.min(
    width / 2,
    14 + labelSize * 0.62 * Math.max(...steps.map(({ label }) => label.length)),
  );
  const range = zeroRange(greatest, room / (width - room));
  const x = valueAxis(context, range, axisTitle, { field: 'from', tickCount: 4, ...axis });
  const y = {
    field: 'step',
    type: 'nominal',
    sort: null,
    axis: {
      title: null,
      ...multilineLabels,
      labelLimit: narrow ? phoneNames : names,
      // All panels of a column begin at the same place.
      minExtent: narrow ? phoneNames : names,
      maxExtent: narrow ? phoneNames : names,
    },
  };
  const shown = steps.map(({ name }) => wrapText(name, narrow ? columns.narrow : columns.wide).join('\n'));
  const colors = runtimeColors(context);
  const colorOf: Readonly<Record<StepKind, string>> = {
    begin: colors.get(baseline ?? '') ?? grey,
    more: '#cc6677',
    less: '#44aa99',
    rest: grey,
    end: colors.get(runtime) ?? grey,
    beside: grey,
  };
  const hasIntervals = steps.some(({ interval }) => interval !== undefined);
  // Panels would share a scale of colours, but not the runtime that they end with.
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
        ...{ step: shown[at], kind, label, tip },
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
      layer(
        { type: 'rule', strokeDash: [3, 3], color: grey, opacity: 0.7 },
        { x: { ...x, field: 'to' } },
        "datum.kind === 'begin'",
      ),
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
