import { svg } from './elements.ts';
import { type Area, grid } from './panel.ts';
import type { PlotInput } from './plot.ts';
import { type NightPoint, stretchesOf } from './points.ts';
import { axisOf, extent, pathThrough, runsOf, type Scale, scaleOf } from './scale.ts';

/** Panel of the two parts of the ratio: medians of the runtime, and behind them those of its reference. */
export function controlPanel(input: PlotInput, area: Area, x: Scale): SVGGElement {
  const { head, points, lang, words } = input;
  const figures = points.flatMap(({ median, control }) =>
    [median, ...(control === null ? [] : [control])].map((estimate) => ({
      estimate,
      low: null,
      high: null,
      pairs: 0,
    })),
  );
  const y = scaleOf(extent(figures, []), [area.bottom, area.top]);
  const axis = axisOf({ against: 'none', unit: head.unit }, y.domain[1], lang);
  const path = (name: string, of: readonly NightPoint[], value: (point: NightPoint) => number | null) =>
    svg('path', {
      class: name,
      d: runsOf(of, (point) => value(point) !== null)
        .map((run) => pathThrough(run.map((point) => [x(point.at), y(value(point) ?? 0)])))
        .join(''),
    });
  return svg(
    'g',
    {},
    svg('text', { class: 'title', x: 8, y: area.top - 10 }, words.controlTitle ?? ''),
    grid(y, area, axis),
    ...stretchesOf(points, []).flatMap((stretch) => [
      path('control', stretch, ({ control }) => control),
      path('value', stretch, ({ median }) => median),
    ]),
    ...points.flatMap(({ at, median, control }) => [
      ...(control === null ? [] : [svg('circle', { class: 'control-dot', cx: x(at), cy: y(control), r: 2 })]),
      svg('circle', { class: 'dot', cx: x(at), cy: y(median), r: 1.6 }),
    ]),
  );
}
