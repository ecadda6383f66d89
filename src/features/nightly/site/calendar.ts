import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { htmlText } from '../../../report/sanitize.ts';
import { type DayLook, dayMs, dayName, daySide, daySigns, lookOf } from './data.ts';
import { isDisturbed, statusWord } from './months.ts';
import type { HostView } from './series-view.ts';

const words = messages('dashboard.calendar', {
  seen: 'The last {days} days of host {host}: {measured} nights measured, of which {disturbed} disturbed; {skipped} skipped, {broken} failed or interrupted, {missing} without a night.',
  disturbed: 'disturbed',
  missing: 'no night',
  alarm: 'alarm',
});

interface Day {
  /** `2026-11-26` */
  readonly day: string;
  /** Column of its week, from 0, and day of the week, Monday being 0. */
  readonly week: number;
  readonly weekday: number;
  readonly look: DayLook;
  readonly alarms: number;
}

const weeks = 53;
/** Size of a day with its gap, pixels. */
const step = 13;
/** Height of the row of month names, pixels. */
const top = 16;

const utc = (day: string) =>
  Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10)));

const weekdayOf = (ms: number) => (new Date(ms).getUTCDay() + 6) % 7;

/** The days up to the last night: from the first night on, at most about a year. */
export function calendarDays({ nights, alarms }: Pick<HostView, 'nights' | 'alarms'>): readonly Day[] {
  const [first, last] = [nights[0]?.night, nights.at(-1)?.night];
  if (first === undefined || last === undefined) return [];
  const byDay = Map.groupBy(nights, ({ night }) => night);
  const alarmed = Map.groupBy(alarms, ({ night }) => night);
  const end = utc(last);
  const mondayOf = (ms: number) => ms - weekdayOf(ms) * dayMs;
  const start = Math.max(utc(first), mondayOf(end) - (weeks - 1) * 7 * dayMs);
  const monday = mondayOf(start);
  return Array.from({ length: Math.max(0, (end - start) / dayMs + 1) }, (_, i) => {
    const ms = start + i * dayMs;
    const day = dayName(ms);
    const week = Math.floor((ms - monday) / (7 * dayMs));
    const look = lookOf((byDay.get(day) ?? []).map((night) => ({ ...night, disturbed: isDisturbed(night) })));
    return { day, week, weekday: weekdayOf(ms), look, alarms: alarmed.get(day)?.length ?? 0 };
  });
}

function lookWord(look: DayLook, lang: Lang): string {
  return look === 'disturbed' || look === 'missing' ? translate(words[look], lang) : statusWord(look, lang);
}

/** A year of nights as a calendar with one column per week. */
export function htmlCalendar(view: HostView, lang: Lang): string {
  const days = calendarDays(view);
  if (days.length === 0) return '';
  const count = (...looks: readonly DayLook[]) => days.filter(({ look }) => looks.includes(look)).length;
  const seen = words.seen({
    days: days.length,
    host: view.host,
    measured: count('measured', 'disturbed'),
    disturbed: count('disturbed'),
    skipped: count('skipped'),
    broken: count('failed', 'interrupted'),
    missing: count('missing'),
  });
  const columns = (days.at(-1)?.week ?? 0) + 1;
  const [width, height] = [Math.max(columns * step, 60), top + 7 * step];
  const marks = days.map(({ day, week, weekday, look, alarms }) => {
    const [x, y] = [week * step, top + weekday * step];
    const name = [day, lookWord(look, lang), ...(alarms > 0 ? [translate(words.alarm, lang)] : [])].join(
      ': ',
    );
    return `<g class="day ${look}" transform="translate(${x} ${y})"><title>${htmlText(name)}</title>${shapeOf(look)}${alarms > 0 ? '<circle class="bell" cx="5.5" cy="5.5" r="3"/>' : ''}</g>`;
  });
  const label = htmlText(translate(seen, lang));
  return `<figure class="calendar"><figcaption>${label}</figcaption>
<div class="scroll" role="region" aria-label="${label}" tabindex="0"><svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-hidden="true">${monthNames(days, lang)}${marks.join('')}</svg></div>
${legend(lang)}</figure>`;
}

function shapeOf(look: DayLook): string {
  const sign = daySigns[look];
  return `<rect width="${daySide}" height="${daySide}" rx="2"/>${sign === '' ? '' : `<path d="${sign}"/>`}`;
}

function monthNames(days: readonly Day[], lang: Lang): string {
  const format = new Intl.DateTimeFormat(lang, { month: 'short', timeZone: 'UTC' });
  return days
    .flatMap(({ day, week }) =>
      day.endsWith('-01')
        ? [`<text x="${week * step}" y="10">${htmlText(format.format(utc(day)))}</text>`]
        : [],
    )
    .join('');
}

const looks: readonly DayLook[] = ['measured', 'disturbed', 'skipped', 'interrupted', 'missing'];

function legend(lang: Lang): string {
  const item = (mark: string, word: string) =>
    `<li><svg viewBox="0 0 ${daySide} ${daySide}" width="${daySide}" height="${daySide}" aria-hidden="true">${mark}</svg> ${htmlText(word)}</li>`;
  const shown = looks.map((look) =>
    item(`<g class="day ${look}">${shapeOf(look)}</g>`, legendWord(look, lang)),
  );
  const bell = item('<circle class="bell" cx="5.5" cy="5.5" r="3"/>', translate(words.alarm, lang));
  return `<ul class="legend">${[...shown, bell].join('')}</ul>`;
}

/** Failed and interrupted nights look alike. */
function legendWord(look: DayLook, lang: Lang): string {
  return look === 'interrupted'
    ? `${lookWord('failed', lang)}, ${lookWord('interrupted', lang)}`
    : lookWord(look, lang);
}
