import { type DayLook, dayMs, dayName, daySide, daySigns, lookOf, type NightMark } from '../data.ts';
import { svg } from './elements.ts';
import type { Area } from './panel.ts';
import { changesText, statusText } from './phrases.ts';
import type { PlotInput } from './plot.ts';
import { type Scale, timeTicks } from './scale.ts';

/** One cell per day: the status of its night, or that there was none. */
export function nightStrip(
  { nights, from, to, points, words }: PlotInput,
  area: Area,
  x: Scale,
): SVGGElement {
  const byDay = Map.groupBy(nights, ({ night }) => night);
  const seen = new Set(points.map(({ night }) => night));
  const days: SVGElement[] = [];
  for (
    let at = Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), from.getUTCDate());
    at < to.valueOf();
    at += dayMs
  ) {
    const day = dayName(at);
    const own = byDay.get(day) ?? [];
    const look = lookIn(own, seen.has(day));
    const title = `${day}\n${statusText(look, own.at(-1)?.reason ?? '', words)}`;
    const [left, right] = [Math.max(area.left, x(at)), Math.min(area.right, x(at + dayMs))];
    if (right <= left) continue;
    days.push(cell(look, title, left, right - left, area));
  }
  return svg('g', {}, ...days);
}

/** Look of a day for this series: a night that measured only other series counts as missing. */
function lookIn(nights: readonly NightMark[], isSeen: boolean): DayLook {
  const look = lookOf(nights);
  if (look === 'missing') return isSeen ? 'measured' : look;
  return !isSeen && (look === 'measured' || look === 'disturbed') ? 'missing' : look;
}

function cell(look: DayLook, title: string, left: number, width: number, { top, bottom }: Area): SVGElement {
  const height = bottom - top;
  const inner = Math.max(1, width - (width > 4 ? 1 : 0.3));
  const sign = inner < 7 ? '' : daySigns[look];
  const middle = [left + inner / 2 - daySide / 2, top + height / 2 - daySide / 2];
  return svg(
    'g',
    { class: `day ${look}` },
    svg('title', {}, title),
    svg('rect', {
      x: left,
      y: look === 'missing' ? top + 0.5 : top,
      width: inner,
      height: look === 'missing' ? height - 1 : height,
    }),
    ...(sign === '' ? [] : [svg('path', { d: sign, transform: `translate(${middle.join(' ')})` })]),
  );
}

const triangle = 'M0 -5.8L5 2.9L-5 2.9Z';

/** A triangle below each night with version changes. */
export function versionMarks({ head, from, to, words }: PlotInput, top: number, x: Scale): SVGGElement {
  const marks = head.marks.filter(({ at }) => new Date(at) >= from && new Date(at) <= to);
  return svg(
    'g',
    {},
    ...marks.map(({ at, night, changes }) =>
      svg(
        'path',
        { class: 'version', d: triangle, transform: `translate(${x(new Date(at))} ${top + 5})` },
        svg('title', {}, [night, ...changesText({ changes }, words)].join('\n')),
      ),
    ),
  );
}

/** Labels of days or months; January includes the year. */
export function timeAxis(top: number, x: Scale, { lang, from, to }: PlotInput, count: number): SVGGElement {
  const ticks = timeTicks(from, to, count);
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(lang, { ...options, timeZone: 'UTC' });
  const [day, month, year] = [
    format({ day: 'numeric', month: 'short' }),
    format({ month: 'short' }),
    format({ month: 'short', year: 'numeric' }),
  ];
  const inMonths = ticks.every((tick) => tick.getUTCDate() === 1);
  const name = (tick: Date) => {
    if (!inMonths) return day.format(tick);
    return (tick.getUTCMonth() === 0 ? year : month).format(tick);
  };
  return svg(
    'g',
    {},
    ...ticks.map((tick) => svg('text', { x: x(tick), y: top + 12, 'text-anchor': 'middle' }, name(tick))),
  );
}
