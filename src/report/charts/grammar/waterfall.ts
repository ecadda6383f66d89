import { wrapText } from '../../wrap.ts';
import { valueAxis } from './axis.ts';
import type { ChartContext, Spec } from './define.ts';
import { endLabels, layer, multilineLabels } from './dots.ts';
import { lineStep, phoneWidth, round } from './layout.ts';
import { picking, shownData } from './live.ts';
import { chartName, runtimeColors } from './palette.ts';
import { zeroRange } from './scale.ts';
import { grey } from './theme.ts';
import { tooltip } from './tip.ts';
import { chartWords } from './words.ts';

/** Where a waterfall begins, what adds and takes away, what is not explained, and where it ends. */
type StepKind = 'begin' | 'more' | 'less' | 'rest' | 'end';

/** A bar of a waterfall. */
export interface WaterfallStep {
  readonly name: string;
  readonly kind: StepKind;
  /** Ends of the bar, as multiples of the first one. */
  readonly from: number;
  readonly to: number;
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

/** Width of a step's label and of the plot beside it, px. */
const names = 218;
const plot = 220;
const phoneNames = 138;
/** Characters of a line of such a label. */
const columns = { wide: 35, narrow: 22 } as const;
const labelSize = 10;

/** A view of waterfalls, two beside each other, or one below the other on a phone. Each has a scale of its own. */
export function waterfalls(context: ChartContext, all: readonly Waterfall[], baseline: string): Spec {
  const { narrow } = context;
  const width = narrow ? phoneWidth - phoneNames - 12 : plot;
  return {
    columns: narrow ? 1 : 2,
    spacing: narrow ? 22 : 26,
    concat: all.map((one) => panel(context, one, baseline, width)),
  };
}

function panel(
  context: ChartContext,
  { title, runtime, steps }: Waterfall,
  baseline: string,
  width: number,
): Spec {
  const { narrow } = context;
  const greatest = Math.max(1, ...steps.flatMap(({ from, to }) => [from, to]));
  const room = Math.min(
    width / 2,
    14 + labelSize * 0.62 * Math.max(...steps.map(({ label }) => label.length)),
  );
  const range = zeroRange(greatest, room / (width - room));
  const x = valueAxis(context, range, chartWords.timesAxis({ baseline: chartName(baseline) }), {
    field: 'from',
    tickCount: 4,
    labelExpr: "format(datum.value, ',.12~g') + '×'",
  });
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
    begin: colors.get(baseline) ?? grey,
    more: '#cc6677',
    less: '#44aa99',
    rest: grey,
    end: colors.get(runtime) ?? grey,
  };
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
      steps.map(({ kind, from, to, label, tip }, at) => ({
        runtime: chartName(runtime),
        ...{ step: shown[at], kind, label, tip },
        color: colorOf[kind],
        from: round(from),
        to: round(to),
        end: round(Math.max(from, to)),
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
      endLabels({ y, x: { ...x, field: 'end' } }, 5, labelSize),
    ],
  };
}
