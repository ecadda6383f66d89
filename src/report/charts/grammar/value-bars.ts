import { decimalsFor, formatNumber } from '../../../core/messages/number.ts';
import { translate } from '../../../core/messages/translate.ts';
import { valueAxis } from './axis.ts';
import type { ChartContext, Spec } from './chart.ts';
import type { CurvePanel } from './curves.ts';
import { hasInterval, layer, runtimeLines, span, tooltip } from './dots.ts';
import { phonePlot, round, scaled } from './layout.ts';
import { picking, shownData } from './live.ts';
import { chartName, runtimeColor, runtimesOf } from './palette.ts';
import { type AxisRange, linearTicks } from './scale.ts';
import { ink } from './theme.ts';

/**
 * A view of panels of bars from zero, each with its value and interval: replaces curves over a count if only one count was
 * measured. `width`: total width of the panels, px.
 */
export function valueBars(context: ChartContext, panels: readonly CurvePanel[], width: number): Spec {
  const { lang, narrow } = context;
  const names = runtimesOf(
    panels.flatMap(({ points }) => points),
    context,
  );
  const panel = ({ title, axis, points, alike = points }: CurvePanel, i: number): Spec => {
    const range = rangeOf(alike.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]));
    const x = valueAxis(context, range, axis, { field: 'y', grid: true });
    const lines = runtimeLines();
    const y = i === 0 || narrow ? lines : { ...lines, axis: null };
    const color = { ...runtimeColor(context, names), legend: null };
    const heading = { fontSize: 12, anchor: 'start', frame: 'group', offset: 8, dx: 0 };
    const end = { ...x, field: 'end' };
    return {
      width: narrow ? phonePlot(names.map(chartName)) : Math.round(width / panels.length),
      height: { step: narrow ? 26 : 40 },
      title: { text: translate(title, lang), ...heading },
      ...shownData(
        points.map((point) => ({
          runtime: chartName(point.runtime),
          y: round(point.y),
          low: scaled(point.low, 1),
          high: scaled(point.high, 1),
          end: round(Math.max(0, point.y, point.high ?? 0)),
          label: `${formatNumber(point.y, decimalsFor(point.y), lang)}${point.times === '' ? '' : ` (${point.times})`}`,
          tip: point.tip,
        })),
      ),
      layer: [
        picking(layer({ type: 'bar', height: 22 }, { y, x, color, tooltip }), 'runtime', 'marks'),
        layer({ type: 'rule', strokeWidth: 2, color: ink }, { y, ...span(x), tooltip }, hasInterval),
        layer(
          { type: 'text', align: 'left', baseline: 'middle', dx: 5, fontSize: 10, color: ink },
          { y, x: end, text: { field: 'label' } },
        ),
      ],
    };
  };
  return { spacing: 28, [narrow ? 'vconcat' : 'hconcat']: panels.map(panel) };
}

/** Range from zero to the extremes on both sides, with space for a number at the right. */
function rangeOf(values: readonly number[]): AxisRange {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const room = Math.max(high - low, Number.MIN_VALUE);
  const domain = [
    Number((low < 0 ? low - room * 0.05 : 0).toPrecision(4)),
    Number((high + room * 0.75).toPrecision(4)),
  ] as const;
  return { log: false, domain, ticks: linearTicks(domain[0], domain[1], 4) };
}
