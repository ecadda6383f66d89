import { linearTicks } from '../../../../report/charts/grammar/scale.ts';
import { changeSign, changeText } from '../figure-text.ts';
import { svg } from './elements.ts';
import type { PlotInput } from './plot.ts';
import { type NightPoint, stretchesOf } from './points.ts';
import { type Axis, axisOf, decimalsOf, extent, pathThrough, runsOf, type Scale, scaleOf } from './scale.ts';

/** A rectangle of the picture, pixels. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Minimum share of disturbed trials at which the dot of a night is hollow, percent. */
const disturbedFrom = 20;

/** Scale of {@link valuePanel}: includes every figure, the levels, and 1 for series against a pin. */
export function valueScale(input: PlotInput, { top, bottom }: Area): Scale {
  const { head, points } = input;
  const figures = points.flatMap(({ rerun, ...point }) => (rerun === null ? [point] : [point, rerun]));
  const levels = inRange(input).levels.map(({ value }) => value);
  return scaleOf(extent(figures, [...(head.against === 'pin' ? [1] : []), ...levels]), [bottom, top]);
}

/** The figures with their intervals, over the levels, alarms and segments. */
export function valuePanel(input: PlotInput, area: Area, x: Scale, y: Scale): SVGGElement {
  const { head, points, lang, words } = input;
  const { left, right, top, bottom } = area;
  const shown = inRange(input);
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
    grid(y, area, axisOf(head, y.domain[1], lang)),
    svg(
      'g',
      { 'clip-path': `url(#${clip})` },
      ...shown.alarms.map(({ from, to, alarm }) =>
        svg('rect', {
          class: `alarm-span ${alarm.direction}`,
          x: x(from),
          y: top,
          width: Math.max(3, x(to) - x(from)),
          height: bottom - top,
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
        `${changeSign([alarm.change])} ${changeText({ ratio: alarm.change, low: null, high: null }, lang)}`,
      ),
    ),
  );
}

/** Estimated width of a character of a title, pixels. */
const pixelsOfCharacter = 7;

/** Title of the panel: one line, or two if it is too wide. */
function titleOf(parts: readonly string[], right: number): readonly SVGElement[] {
  const whole = parts.join(', ');
  const lines = whole.length * pixelsOfCharacter > right ? parts : [whole];
  return lines.map((line, i) =>
    svg('text', { class: 'title', x: 8, y: (lines.length === 1 ? 18 : 13) + 13 * i }, line),
  );
}

/** Alarms, levels and segments of a series within the range, clipped to it. */
function inRange({ head, from, to }: PlotInput) {
  const cut = (at: Date) => (at < from ? from : at > to ? to : at);
  const touches = (begin: Date, end: Date) => begin <= to && end >= from;
  const dated = head.alarms.map((alarm) => ({
    alarm,
    from: new Date(`${alarm.since}T00:00:00Z`),
    to: new Date(`${alarm.night}T23:59:59Z`),
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

/** Minimum distance of grid lines, pixels. */
const lineRoom = 34;

/** Horizontal grid lines with their labels. */
export function grid(y: Scale, { left, right, top, bottom }: Area, { factor, label }: Axis): SVGGElement {
  const [least, most] = y.domain;
  const ticks = linearTicks(least / factor, most / factor, (bottom - top) / lineRoom);
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

function stretchOf(stretch: readonly NightPoint[], x: Scale, y: Scale): readonly SVGElement[] {
  if (stretch.length < 2) return [];
  const places = (of: readonly NightPoint[], value: (point: NightPoint) => number | null) =>
    of.map((point) => [x(point.at), y(value(point) ?? 0)] as const);
  const bands = runsOf(stretch, ({ low, high }) => low !== null && high !== null).map(
    (run) =>
      `${pathThrough([...places(run, ({ high }) => high), ...places(run.toReversed(), ({ low }) => low)])}Z`,
  );
  return [
    svg('path', { class: 'band', d: bands.join('') }),
    svg('path', { class: 'value', d: pathThrough(places(stretch, ({ estimate }) => estimate)) }),
  ];
}

const diamond = 'M0 -7.4L4.3 0L0 7.4L-4.3 0Z';

/** Dot radius by the width of a night, pixels: [minimum width, radius]. Narrower nights have no dots. */
const radii: readonly (readonly [number, number])[] = [
  [8, 3],
  [3, 2],
];

/**
 * Marks of a night: a dot, hollow if the host was disturbed; a diamond for the rerun; a stem for the interval if there is room.
 * `room`: width of a night, pixels.
 */
function dotsOf(point: NightPoint, x: Scale, y: Scale, room: number): readonly SVGElement[] {
  const { at, estimate, rerun, disturbed } = point;
  const isDisturbed = disturbed >= disturbedFrom;
  const radius = radii.find(([least]) => room >= least)?.[1] ?? (isDisturbed ? 1.8 : 0);
  const dot = svg('circle', {
    class: `dot${isDisturbed ? ' disturbed' : ''}`,
    cx: x(at),
    cy: y(estimate),
    r: radius,
  });
  const dots = [...(room > stemsFrom ? stem('stem', x(at), point, y) : []), ...(radius > 0 ? [dot] : [])];
  if (rerun === null) return dots;
  return [
    ...dots,
    ...stem('rerun-stem', x(at), rerun, y),
    svg('path', { class: 'rerun', d: diamond, transform: `translate(${x(at)} ${y(rerun.estimate)})` }),
  ];
}

/** Minimum width of a night for a stem, pixels. */
const stemsFrom = 60;

function stem(
  name: string,
  x: number,
  { low, high }: Pick<NightPoint, 'low' | 'high'>,
  y: Scale,
): readonly SVGElement[] {
  return low === null || high === null
    ? []
    : [svg('line', { class: name, x1: x, x2: x, y1: y(low), y2: y(high) })];
}
