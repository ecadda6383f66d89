import type { Lang } from '../../../../core/messages/message.ts';
import type { DashboardData, SeriesHead } from '../data.ts';
import { hashOf, type PageAddress, type Range, ranges } from './address.ts';
import { html } from './elements.ts';
import { figuresTable } from './figures-table.ts';
import { fill } from './fill.ts';
import { legendOf } from './legend.ts';
import type { Months } from './months.ts';
import { changesText, clauses } from './phrases.ts';
import { pictureOf } from './picture.ts';
import { monthsFor, type NightPoint, pointsOf, startOf } from './points.ts';

/** Data that the views of all series share. */
export interface Pages {
  readonly data: DashboardData;
  readonly months: Months;
  readonly lang: Lang;
}

/** Shows a series; `signal` cancels loading and listeners. Resolves when its nights are drawn. */
export async function showSeries(
  { data, months, lang }: Pages,
  head: SeriesHead,
  place: PageAddress,
  into: HTMLElement,
  signal: AbortSignal,
): Promise<void> {
  const { words } = data;
  const waiting = html('p', { class: 'quiet' }, words.loading ?? '');
  into.replaceChildren(...above(data, head, place), waiting);
  const arm = data.arms.indexOf(head.arm);
  const nights = data.nights.filter(({ host }) => host === head.host);
  const last = [...head.levels.map(({ to }) => to), ...nights.map(({ at }) => at)].toSorted().at(-1) ?? '';
  const loaded = await months.load(monthsFor(data.months, last, place.range));
  if (signal.aborted) return;
  const points = within(pointsOf(loaded.months, head.slug, head.control), last, place.range);
  const failed =
    loaded.failed.length === 0
      ? []
      : [
          html(
            'div',
            { class: 'warning', role: 'alert' },
            html('p', {}, fill(words.failed ?? '', { months: loaded.failed.join(', ') })),
          ),
        ];
  if (points.length === 0) {
    waiting.replaceWith(...failed, html('p', { class: 'quiet' }, words.noNights ?? ''));
    return;
  }
  const from = place.range === null ? dayBefore(points[0]?.at ?? new Date(last)) : startOf(last, place.range);
  const input = { head, points, nights, from, to: dayAfter(new Date(last)), lang, words };
  waiting.replaceWith(
    ...failed,
    html(
      'figure',
      { class: `arm-${arm}` },
      html('figcaption', {}, ...unbroken(head.finding)),
      ...pictureOf(input, arm, signal),
      legendOf(head, points, words),
    ),
    ...changesOf(head, words),
    html(
      'details',
      { class: 'fold level-2', open: '' },
      html('summary', {}, html('h2', {}, words.table ?? '')),
      html('div', { class: 'body' }, figuresTable(input)),
    ),
  );
}

const halfDay = 43_200_000;
const dayBefore = (at: Date) => new Date(at.valueOf() - halfDay);
const dayAfter = (at: Date) => new Date(at.valueOf() + halfDay);

function within(points: readonly NightPoint[], last: string, range: Range): readonly NightPoint[] {
  if (range === null) return points;
  const from = startOf(last, range);
  return points.filter(({ at }) => at >= from);
}

/** A sentence with no line breaks inside dates and intervals. */
function unbroken(sentence: string): readonly (Node | string)[] {
  return sentence
    .split(/(\d{4}-\d\d-\d\d(?:\/\d+)?|\[[^\]]*\])/)
    .map((part, i) => (i % 2 === 1 ? html('span', { class: 'unbroken' }, part) : part));
}

/** Header: title, links to other series, and choice of the range. */
function above(data: DashboardData, head: SeriesHead, place: PageAddress): readonly HTMLElement[] {
  const { words, series, arms } = data;
  const at = series.indexOf(head);
  const way = (to: SeriesHead | undefined, word: string | undefined, sign: string) =>
    to === undefined
      ? []
      : [html('a', { href: hashOf({ ...place, slug: to.slug }), title: to.name }, `${sign} ${word ?? ''}`)];
  const kind = { lower: words.lower, higher: words.higher, neither: words.neither }[head.better] ?? '';
  return [
    html(
      'p',
      { class: 'trail' },
      html('a', { href: '#series-list' }, `‹ ${words.back}`),
      ...way(series[at - 1], words.previous, '↑'),
      ...way(series[at + 1], words.next, '↓'),
    ),
    html(
      'h1',
      { tabindex: -1 },
      html('span', { class: `swatch runtime-${arms.indexOf(head.arm)}`, 'aria-hidden': 'true' }),
      `${head.arm}, ${head.subject}`,
    ),
    html(
      'p',
      { class: 'kind' },
      `${clauses([head.metric, kind], words)}. ${words[`about_${head.against}`] ?? ''}`,
    ),
    rangeChoice(head, place, words),
  ];
}

function rangeChoice(head: SeriesHead, { range }: PageAddress, words: DashboardData['words']): HTMLElement {
  const choices = ranges.map((each) => {
    const input = html('input', { type: 'radio', name: 'range', value: each ?? 'all' });
    input.checked = each === range;
    input.addEventListener('change', () => {
      location.replace(hashOf({ slug: head.slug, range: each }));
    });
    return html('label', {}, input, words[each === null ? 'daysAll' : `days${each}`] ?? '');
  });
  return html('fieldset', { class: 'ranges' }, html('legend', {}, words.range ?? ''), ...choices);
}

/** List of version changes with their nights, newest first. */
function changesOf({ marks }: SeriesHead, words: DashboardData['words']): readonly HTMLElement[] {
  if (marks.length === 0) return [];
  const items = marks.toReversed().map(({ night, kind, changes }) => {
    const said = changesText({ changes }, words);
    const parts = kind === 'segment' ? [words.segment ?? '', ...said] : said;
    return html('li', {}, html('strong', {}, night), ` ${clauses(parts, words)}`);
  });
  return [html('h2', {}, words.changes ?? ''), html('ul', {}, ...items)];
}
