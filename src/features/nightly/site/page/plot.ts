import type { Lang } from '../../../../core/messages/message.ts';
import type { NightMark, SeriesHead } from '../data.ts';
import { svg } from './elements.ts';
import { type Area, grid, valuePanel, valueScale } from './panel.ts';
import { type NightPoint, stretchesOf } from './points.ts';
import { axisOf, extent, pathThrough, runsOf, type Scale, scaleOf } from './scale.ts';
import { nightStrip, timeAxis, versionMarks } from './time-axis.ts';

/** Input of a picture. */
export interface PlotInput {
  readonly head: SeriesHead;
  readonly points: readonly NightPoint[];
  readonly nights: readonly NightMark[];
  readonly from: Date;
  readonly to: Date;
  readonly lang: Lang;
  readonly words: Readonly<Record<string, string>>;
}

/** The picture, with the positions of its nights. */
export interface Plot {
  readonly element: SVGSVGElement;
  readonly x: Scale;
  readonly y: Scale;
  readonly area: Area;
  /** Lower edge of the last panel, pixels. */
  readonly bottom: number;
}

const heights = { value: 250, control: 96, gap: 30, strip: 12 } as const;

/** Draws a series, `width` pixels wide: panels for its figures, for the control, and for the status of the nights. */
export function drawPlot(input: PlotInput, width: number): Plot {
  const { head, from, to } = input;
  const narrow = width < 560;
  const [left, right] = [narrow ? 52 : 70, width - 14];
  const area: Area = { left, right, top: 34, bottom: 34 + heights.value };
  const x = scaleOf([from.valueOf(), to.valueOf()], [left, right]);
  const y = valueScale(input, area);
  const element = svg('svg', { 'aria-hidden': 'true' });
  element.append(valuePanel(input, area, x, y));
  let bottom = area.bottom;
  if (head.control !== null) {
    const below: Area = {
      left,
      right,
      top: bottom + heights.gap,
      bottom: bottom + heights.gap + heights.control,
    };
    element.append(controlPanel(input, below, x));
    bottom = below.bottom;
  }
  const strip: Area = { left, right, top: bottom + 8, bottom: bottom + 8 + heights.strip };
  element.append(
    nightStrip(input, strip, x),
    versionMarks(input, strip.bottom + 3, x),
    timeAxis(strip.bottom + 16, x, input, narrow ? 4 : 8),
  );
  const height = strip.bottom + 40;
  element.setAttribute('viewBox', `0 0 ${width} ${height}`);
  return { element, x, y, area, bottom };
}

/** Panel of the two parts of the ratio: medians of the runtime, and behind them those of its reference. */
function controlPanel(input: PlotInput, area: Area, x: Scale): SVGGElement {
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
