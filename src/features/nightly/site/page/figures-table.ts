import type { Lang } from '../../../../core/messages/message.ts';
import { formatInstant, formatPercent, formatValue } from '../../../../report/format.ts';
import type { NightMark, SeriesHead } from '../data.ts';
import { figureText } from '../figure-text.ts';
import { html } from './elements.ts';
import { fill } from './fill.ts';
import { changesText, clauses, statusText } from './phrases.ts';
import type { NightPoint, RunFigure } from './points.ts';

interface FiguresTableInput {
  readonly head: SeriesHead;
  readonly points: readonly NightPoint[];
  readonly nights: readonly NightMark[];
  readonly lang: Lang;
  readonly words: Readonly<Record<string, string>>;
}

/** Notes on a night, beside its figure. */
export function notesOf(
  point: NightPoint,
  { head, lang, words }: Omit<FiguresTableInput, 'points' | 'nights'>,
): string {
  const { rerun, disturbed, failures, night } = point;
  const marks = head.marks.filter((mark) => mark.night === night);
  const parts = [
    ...(rerun === null
      ? []
      : [fill(words.rerunWas ?? '', { value: shown(head, rerun, lang), blocks: rerun.pairs })]),
    ...(disturbed === 0
      ? []
      : [fill(words.disturbedBy ?? '', { share: formatPercent(disturbed / 100, lang) })]),
    ...(failures === 0 ? [] : [fill(words.failures ?? '', { n: failures })]),
    ...marks.flatMap(({ kind, changes }) => [
      ...(kind === 'segment' ? [words.segment ?? ''] : []),
      ...changesText({ changes }, words),
    ]),
    ...head.alarms.filter((alarm) => alarm.night === night).map(({ id }) => `${words.alarm} ${id}`),
  ];
  return clauses(parts, words);
}

/** A figure as text. */
export function shown(head: SeriesHead, figure: RunFigure, lang: Lang): string {
  return figureText({ ...figure, against: head.against, unit: head.unit }, lang);
}

/** Table of every figure of the picture, and of the nights without one; newest first. */
export function figuresTable(of: FiguresTableInput): HTMLElement {
  const { head, points, nights, words } = of;
  const numbers = [
    words.figure,
    words.blocksTitle,
    words.own,
    ...(head.control === null ? [] : [words.control]),
  ];
  const titles = [words.began, ...numbers, words.program, words.note];
  const heading = (title = '') =>
    html('th', { scope: 'col', ...(numbers.includes(title) ? { class: 'number' } : {}) }, title);
  const [first, last] = [points[0]?.at.toISOString() ?? '', points.at(-1)?.at.toISOString() ?? ''];
  const seen = new Set(points.map(({ night }) => night));
  const without = nights.filter(
    ({ at, night, status }) => at >= first && at <= last && status !== 'measured' && !seen.has(night),
  );
  const rows = [
    ...points.map((point) => ({ at: point.at.toISOString(), row: rowOf(point, of) })),
    ...without.map((night) => ({ at: night.at, row: emptyRow(night, titles.length, of) })),
  ];
  const caption = `${head.name}, ${words.newest}`;
  const table = html(
    'table',
    { class: 'figures' },
    html('caption', { class: 'unseen' }, caption),
    html('thead', {}, html('tr', {}, ...titles.map((title) => heading(title)))),
    html('tbody', {}, ...rows.toSorted((a, b) => (a.at < b.at ? 1 : -1)).map(({ row }) => row)),
  );
  return html('div', { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: 0 }, table);
}

function rowOf(point: NightPoint, of: FiguresTableInput): HTMLTableRowElement {
  const { head, lang } = of;
  const value = (ns: number) => formatValue(ns, head.unit, lang);
  const cell = (text: string, name = '') => html('td', name === '' ? {} : { class: name }, text);
  return html(
    'tr',
    {},
    html('th', { scope: 'row' }, formatInstant(point.at.toISOString())),
    cell(shown(head, point, lang), 'number'),
    cell(String(point.pairs), 'number'),
    cell(value(point.median), 'number'),
    ...(head.control === null ? [] : [cell(point.control === null ? '–' : value(point.control), 'number')]),
    cell(point.program, 'program'),
    cell(notesOf(point, of)),
  );
}

function emptyRow(
  { at, status, reason }: NightMark,
  columns: number,
  { words }: FiguresTableInput,
): HTMLTableRowElement {
  return html(
    'tr',
    {},
    html('th', { scope: 'row' }, formatInstant(at)),
    html('td', { colspan: columns - 1 }, statusText(status, reason, words)),
  );
}
