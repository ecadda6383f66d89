import type { Lang } from '../../../../core/messages/message.ts';
import type { SeriesHead } from '../data.ts';
import { html, svg } from './elements.ts';
import { notesOf, shown } from './figures-table.ts';
import { fill } from './fill.ts';
import { keyPlace } from './keys.ts';
import { clauses } from './phrases.ts';
import { drawPlot, type Plot, type PlotInput } from './plot.ts';
import type { NightPoint } from './points.ts';

/** Width of a picture on paper, pixels. */
const paperWidth = 700;

/**
 * The picture of a series, with a slider over its nights: arrow keys move to the next night, and a text below describes it.
 * `arm`: index of its colour.
 */
export function pictureOf(input: PlotInput, arm: number, signal: AbortSignal): readonly HTMLElement[] {
  const { head, points, words } = input;
  const box = html('div', { class: `plot arm-${arm}`, tabindex: 0, role: 'slider' });
  // Not a live region: screen readers already announce the slider's value text.
  const readout = html('p', { class: 'readout' });
  const keys = html('p', { class: 'keys' }, words.keys ?? '');
  box.setAttribute('aria-label', fill(words.chart ?? '', { series: head.name }));
  box.setAttribute('aria-valuemin', '1');
  box.setAttribute('aria-valuemax', String(points.length));
  const cursor = svg('g', {});
  let plot: Plot | null = null;
  let place = points.length - 1;
  const point = () => points[place];
  const show = () => {
    const now = point();
    if (now === undefined || plot === null) return;
    box.setAttribute('aria-valuenow', String(place + 1));
    box.setAttribute('aria-valuetext', sentenceOf(now, input));
    readout.replaceChildren(...readoutOf(now, input));
    placeCursor(cursor, plot, now);
  };
  const draw = (width: number) => {
    plot = drawPlot(input, Math.max(280, Math.round(width)));
    plot.element.append(cursor);
    box.replaceChildren(plot.element);
    show();
  };
  const move = (to: number) => {
    place = Math.max(0, Math.min(points.length - 1, to));
    show();
  };
  box.addEventListener('keydown', (event) => {
    const to = keyPlace(event.key, place, points.length);
    if (to === null) return;
    event.preventDefault();
    move(to);
  });
  const followPointer = (event: PointerEvent) => {
    if (plot !== null) move(nearest(plot, points, event.clientX, box));
  };
  box.addEventListener('pointermove', followPointer);
  box.addEventListener('pointerdown', followPointer);
  let width = 0;
  const observer = new ResizeObserver(([entry]) => {
    const now = Math.round(entry?.contentRect.width ?? 0);
    if (now > 0 && now !== width) draw(now);
    width = now;
  });
  observer.observe(box);
  window.addEventListener('beforeprint', () => draw(paperWidth), { signal });
  window.addEventListener('afterprint', () => draw(width), { signal });
  signal.addEventListener('abort', () => observer.disconnect());
  return [box, readout, keys];
}

function nearest({ x, element }: Plot, points: readonly NightPoint[], clientX: number, box: Element): number {
  const { left, width } = box.getBoundingClientRect();
  const scale = element.viewBox.baseVal.width / width;
  const at = x.invert((clientX - left) * scale).valueOf();
  const distances = points.map((point) => Math.abs(point.at.valueOf() - at));
  return distances.indexOf(Math.min(...distances));
}

function placeCursor(cursor: SVGGElement, { x, y, area, bottom }: Plot, { at, estimate }: NightPoint): void {
  cursor.replaceChildren(
    svg('line', { class: 'cursor', x1: x(at), x2: x(at), y1: area.top, y2: bottom }),
    svg('circle', { class: 'cursor-dot', cx: x(at), cy: y(estimate), r: 6 }),
  );
}

interface ReadoutInput {
  readonly head: SeriesHead;
  readonly lang: Lang;
  readonly words: Readonly<Record<string, string>>;
}

function partsOf(
  point: NightPoint,
  { head, lang, words }: ReadoutInput,
): readonly [night: string, value: string, rest: string] {
  const notes = notesOf(point, { head, lang, words });
  const rest = clauses([fill(words.blocks ?? '', { blocks: point.pairs }), point.program, notes], words);
  return [fill(words.nightOf ?? '', { night: point.night }), shown(head, point, lang), rest];
}

function sentenceOf(point: NightPoint, said: ReadoutInput): string {
  return clauses(partsOf(point, said), said.words);
}

function readoutOf(point: NightPoint, said: ReadoutInput): readonly (Node | string)[] {
  const [night, value, rest] = partsOf(point, said);
  return [html('strong', {}, value), ` ${clauses([night, rest], said.words)}`];
}
