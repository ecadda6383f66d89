import type { ScaleTime } from 'd3-scale';
import { symbol, symbolTriangle } from 'd3-shape';
import type { Lang } from '../../../../core/messages/message.ts';
import type { NightMark } from '../data.ts';
import { svg } from './elements.ts';
import type { Area } from './panel.ts';
import { changesText, statusText } from './phrases.ts';
import type { PlotInput } from './plot.ts';

type X = ScaleTime<number, number>;

const dayMs = 86_400_000;
const dayOf = (at: Date) => at.toISOString().slice(0, 10);

/** A cell a day: how the night ended, or that there was none. */
export function nightStrip({ nights, from, to, points, words }: PlotInput, area: Area, x: X): SVGGElement {
  const byDay = Map.groupBy(nights, ({ night }) => night);
  const seen = new Set(points.map(({ night }) => night));
  const days: SVGElement[] = [];
  for (
    let at = Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), from.getUTCDate());
    at < to.valueOf();
    at += dayMs
  ) {
    const day = dayOf(new Date(at));
    const own = byDay.get(day) ?? [];
    const look = lookOf(own, seen.has(day));
    const title = `${day}\n${statusText(look, own.at(-1)?.reason ?? '', words)}`;
    const [left, right] = [Math.max(area.left, x(at)), Math.min(area.right, x(at + dayMs))];
    if (right <= left) continue;
    days.push(cell(look, title, left, right - left, area));
  }
  return svg('g', {}, ...days);
}

type Look = NightMark['status'] | 'disturbed' | 'missing';

/** A night that measured others but not this series is as if there was none. */
function lookOf(nights: readonly NightMark[], isSeen: boolean): Look {
  const night = nights.find(({ status }) => status === 'measured') ?? nights.at(-1);
  if (night === undefined) return isSeen ? 'measured' : 'missing';
  if (!isSeen) return night.status === 'measured' ? 'missing' : night.status;
  return night.disturbed ? 'disturbed' : night.status;
}

function cell(look: Look, title: string, left: number, width: number, { top, bottom }: Area): SVGElement {
  const height = bottom - top;
  const inner = Math.max(1, width - (width > 4 ? 1 : 0.3));
  const wide = inner >= 7;
  const middle = `${left + inner / 2}`;
  const shape = {
    failed: `M${middle} ${top + 3}m-2.5 0l5 6m0-6l-5 6`,
    interrupted: `M${middle} ${top + 3}m-2.5 0l5 6m0-6l-5 6`,
    skipped: `M${middle} ${top + height / 2}m-3 0h6`,
    disturbed: `M${left} ${bottom}L${left + inner} ${top}`,
    measured: '',
    missing: '',
  }[look];
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
    ...(wide && shape !== '' ? [svg('path', { d: shape })] : []),
  );
}

const triangle = symbol(symbolTriangle, 44)() ?? '';

/** A triangle below each night in which something became another version. */
export function versionMarks({ head, from, to, words }: PlotInput, top: number, x: X): SVGGElement {
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

/** Days or months below. January has its year. */
export function timeAxis(top: number, x: X, lang: Lang, count: number): SVGGElement {
  const ticks = x.ticks(count);
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
