import { type DayLook, daySide, daySigns, type SeriesHead } from '../data.ts';
import { html, svg } from './elements.ts';
import type { NightPoint } from './points.ts';

/** Size of a sign, pixels. */
const [width, height] = [22, 12];

type Sign = readonly [word: string, ...marks: SVGElement[]];

/** Legend of the signs that the picture contains. */
export function legendOf(
  head: SeriesHead,
  points: readonly NightPoint[],
  words: Readonly<Record<string, string>>,
): HTMLUListElement {
  const middle = height / 2;
  const line = (name: string) => svg('line', { class: name, x1: 0, x2: width, y1: middle, y2: middle });
  const day = (look: DayLook) =>
    svg(
      'g',
      { class: `day ${look}`, transform: 'translate(5 .5)' },
      svg('rect', { width: daySide, height: daySide }),
      ...(daySigns[look] === '' ? [] : [svg('path', { d: daySigns[look] })]),
    );
  const has = (kind: string) => head.marks.some((mark) => mark.kind === kind);
  const w = (key: string) => words[key] ?? '';
  const signs: readonly Sign[] = [
    [
      w('value'),
      svg('rect', { class: 'band', x: 0, y: 1, width, height: 10 }),
      line('value'),
      svg('circle', { class: 'dot', cx: 11, cy: middle, r: 3 }),
    ],
    ...(points.some(({ rerun }) => rerun !== null)
      ? [[w('rerun'), svg('path', { class: 'rerun', d: 'M11 1l5 5-5 5-5-5z' })] as const]
      : []),
    ...(head.control === null ? [] : [[w('control'), line('control')] as const]),
    [w('level'), line('level')],
    ...(head.alarms.length > 0
      ? [[w('alarmSince'), svg('rect', { class: 'alarm-span', x: 0, y: 0, width, height })] as const]
      : []),
    ...(has('segment')
      ? [[w('segment'), svg('line', { class: 'segment', x1: 11, x2: 11, y1: 0, y2: height })] as const]
      : []),
    ...(head.marks.length > 0
      ? [[w('version'), svg('path', { class: 'version', d: 'M11 2l5 8h-10z' })] as const]
      : []),
    [w('measured'), day('measured')],
    [w('disturbed'), svg('circle', { class: 'dot disturbed', cx: -3, cy: middle, r: 3.5 }), day('disturbed')],
    [w('skipped'), day('skipped')],
    [`${w('failedNight')}, ${w('interrupted')}`, day('failed')],
    [w('missing'), day('missing')],
  ];
  return html(
    'ul',
    { class: 'legend' },
    ...signs.map(([word, ...marks]) =>
      html(
        'li',
        {},
        svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, 'aria-hidden': 'true' }, ...marks),
        word,
      ),
    ),
  );
}
