import { type ScaleLinear, type ScaleTime, scaleLinear } from 'd3-scale';
import { area as areaOf, line as lineOf, symbol, symbolDiamond } from 'd3-shape';
import { changeText } from '../figure-text.ts';
import { svg } from './elements.ts';
import type { PlotInput } from './plot.ts';
import { type Point, stretchesOf } from './points.ts';
import { type Axis, axisOf, decimalsOf, extent } from './scale.ts';

/** A rectangle of the picture, pixels. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

type X = ScaleTime<number, number>;
type Y = ScaleLinear<number, number>;

/** From this share of disturbed trials on a night's dot is hollow, percent. */
const disturbedFrom = 20;

/** The figures with their intervals, over the levels, alarms and segments. */
export function valuePanel(input: PlotInput, area: Area, x: X, y: Y): SVGGElement {
  const { head, points, lang, words } = input;
  const { left, right, top, bottom } = area;
  const figures = points.flatMap(({ rerun, ...point }) => (rerun === null ? [point] : [point, rerun]));
  const shown = inRange(input);
  const one = head.against === 'pin' ? [1] : [];
  y.domain(extent(figures, [...one, ...shown.levels.map(({ value }) => value)])).range([bottom, top]);
  const most = y.domain()[1] ?? 1;
  const clip = `clip-${head.slug}`;
  const title = { pin: words.axisPin, baseline: words.axisBaseline, none: undefined }[head.against];
  const breaks = head.marks.filter(({ kind }) => kind === 'segment').map(({ at }) => new Date(at));
  return svg(
    'g',
    {},
    svg(
      'clipPath',
      { id: clip },
      svg('rect', { x: left, y: top, width: right - left, height: bottom - top }),
    ),
    ...titleOf([head.metric, ...(title === undefined ? [] : [title])], right),
    grid(y, area, axisOf(head, most, lang)),
    svg(
      'g',
      { 'clip-path': `url(#${clip})` },
      ...shown.alarms.map(({ from, to, alarm }) =>
        svg('rect', {
          ...{ class: `alarm-span ${alarm.direction}`, x: x(from), y: top },
          ...{ width: Math.max(3, x(to) - x(from)), height: bottom - top },
        }),
      ),
      ...(head.against === 'none'
        ? []
        : [svg('line', { class: 'unity', x1: left, x2: right, y1: y(1), y2: y(1) })]),
      ...shown.segments.map((at) =>
        svg('line', { class: 'segment', x1: x(at), x2: x(at), y1: top, y2: bottom }),
      ),
      ...shown.levels.map(({ from, to, value }) =>
        svg('line', { class: 'level', x1: x(from) - 4, x2: x(to) + 4, y1: y(value), y2: y(value) }),
      ),
      ...stretchesOf(points, breaks).flatMap((stretch) => stretchOf(stretch, x, y)),
      ...points.flatMap((point) => dotsOf(point, x, y, (right - left) / points.length)),
    ),
    ...shown.alarms.map(({ from, alarm }) =>
      svg(
        'text',
        { class: `alarm-flag ${alarm.direction}`, x: Math.min(x(from) + 4, right - 60), y: top + 12 },
        `${alarm.direction === 'better' ? '▲' : '▼'} ${changeText({ ratio: alarm.change, low: null, high: null }, lang)}`,
      ),
    ),
  );
}

/** Room that a character of a title takes, pixels. */
const pixelsOfCharacter = 7;

/** What is drawn, in one line or in two. */
function titleOf(parts: readonly string[], right: number): readonly SVGElement[] {
  const whole = parts.join(', ');
  const lines = whole.length * pixelsOfCharacter > right ? parts : [whole];
  return lines.map((line, i) =>
    svg('text', { class: 'title', x: 8, y: (lines.length === 1 ? 18 : 13) + 13 * i }, line),
  );
}

/** What of a series lies in the range, cut to it. */
function inRange({ head, from, to }: PlotInput) {
  const cut = (at: Date) => (at < from ? from : at > to ? to : at);
  const touches = (begin: Date, end: Date) => begin <= to && end >= from;
  const dated = head.alarms.map((alarm) => ({
    ...{ alarm, from: new Date(`${alarm.since}T00:00:00Z`), to: new Date(`${alarm.night}T23:59:59Z`) },
  }));
  return {
    alarms: dated
      .filter((each) => touches(each.from, each.to))
      .map((each) => ({ ...each, from: cut(each.from), to: cut(each.to) })),
    levels: head.levels
      .map((level) => ({ value: level.value, from: new Date(level.from), to: new Date(level.to) }))
      .filter((each) => touches(each.from, each.to))
      .map((each) => ({ ...each, from: cut(each.from), to: cut(each.to) })),
    segments: head.marks
      .filter(({ kind }) => kind === 'segment')
      .map(({ at }) => new Date(at))
      .filter((at) => touches(at, at)),
  };
}

/** Lines across, with what they stand for. */
export function grid(y: Y, { left, right, top, bottom }: Area, { factor, label }: Axis): SVGGElement {
  const round = scaleLinear().domain(y.domain().map((value) => value / factor));
  const ticks = round.ticks(Math.max(2, Math.round((bottom - top) / 48)));
  const decimals = decimalsOf(ticks);
  return svg(
    'g',
    {},
    ...ticks.flatMap((tick) => [
      svg('line', { class: 'grid', x1: left, x2: right, y1: y(tick * factor), y2: y(tick * factor) }),
      svg('text', { x: left - 6, y: y(tick * factor) + 4, 'text-anchor': 'end' }, label(tick, decimals)),
    ]),
  );
}

function stretchOf(stretch: readonly Point[], x: X, y: Y): readonly SVGElement[] {
  const band = areaOf<Point>()
    .defined(({ low, high }) => low !== null && high !== null)
    .x(({ at }) => x(at))
    .y0(({ low }) => y(low ?? 0))
    .y1(({ high }) => y(high ?? 0));
  const value = lineOf<Point>()
    .x(({ at }) => x(at))
    .y(({ estimate }) => y(estimate));
  return stretch.length < 2
    ? []
    : [
        svg('path', { class: 'band', d: band([...stretch]) ?? '' }),
        svg('path', { class: 'value', d: value([...stretch]) ?? '' }),
      ];
}

const diamond = symbol(symbolDiamond, 64)() ?? '';

/** Pixels of a night from which on its dot has this radius; more crowded nights are a line alone. */
const radii: readonly (readonly [number, number])[] = [
  [8, 3],
  [3, 2],
];

/**
 * A dot a night, hollow where the host was disturbed; a diamond for its rerun. Few nights have their intervals as stems. `room`: of
 * a night, pixels.
 */
function dotsOf(point: Point, x: X, y: Y, room: number): readonly SVGElement[] {
  const { at, estimate, rerun, disturbed } = point;
  const isDisturbed = disturbed >= disturbedFrom;
  const radius = radii.find(([least]) => room >= least)?.[1] ?? (isDisturbed ? 1.8 : 0);
  const dot = svg('circle', {
    ...{ class: `dot${isDisturbed ? ' disturbed' : ''}`, cx: x(at), cy: y(estimate), r: radius },
  });
  const dots = [...(room > stemsFrom ? stem('stem', x(at), point, y) : []), ...(radius > 0 ? [dot] : [])];
  if (rerun === null) return dots;
  return [
    ...dots,
    ...stem('rerun-stem', x(at), rerun, y),
    svg('path', { class: 'rerun', d: diamond, transform: `translate(${x(at)} ${y(rerun.estimate)})` }),
  ];
}

/** Pixels of a night from which on there is room for its interval. */
const stemsFrom = 60;

function stem(
  name: string,
  x: number,
  { low, high }: Pick<Point, 'low' | 'high'>,
  y: Y,
): readonly SVGElement[] {
  return low === null || high === null
    ? []
    : [svg('line', { class: name, x1: x, x2: x, y1: y(low), y2: y(high) })];
}
