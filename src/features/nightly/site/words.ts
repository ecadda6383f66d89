import { message, messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Direction } from '../history/series.ts';
import type { StateKind } from './data.ts';

export const pageTitle = message('dashboard.title', 'Nights of container runtimes');

/** One word for the state of a series. */
export const stateWords: Readonly<Record<StateKind, Message>> = messages('dashboard.state', {
  moved: 'changed',
  returned: 'changed and came back',
  suspect: 'suspect, not confirmed',
  steady: 'steady',
  learning: 'learning its level',
  gone: 'no longer measured',
});

/** Signs beside the words, so that no information depends on colour. */
export const stateSigns: Readonly<Record<StateKind, string>> = {
  moved: '≠',
  returned: '↺',
  suspect: '?',
  steady: '≈',
  learning: '…',
  gone: '–',
};

export const directionWords: Readonly<Record<Direction, Message>> = messages('dashboard.direction', {
  better: 'better',
  worse: 'worse',
  other: 'different',
});

/** Explanation of each kind of series, and what moves it. */
const kindWords = messages('dashboard.kind', {
  pin: "Today''s program relative to its own pinned copy: only a change of this runtime affects it.",
  baseline:
    'A pinned copy relative to that of the baseline: a change of engine, kernel or host shows here if it affects the two differently.',
  none: "The baseline''s pinned copy itself: a change of engine, kernel or host shows here.",
});

export const kindNames = messages('dashboard.kindName', {
  pin: 'this runtime',
  baseline: 'engine or host, not as the baseline',
  none: 'engine or host',
});

/** Texts of the page's script, which fills in the values in braces. */
const pageWords = messages('dashboard.page', {
  back: 'All series',
  lower: 'lower is better',
  higher: 'higher is better',
  neither: 'neither direction is better',
  days30: '30 nights',
  days90: '90 nights',
  days365: 'a year',
  daysAll: 'all',
  range: 'Range',
  loading: 'Loading the nights…',
  failed: 'These months could not be loaded from data/: {months}. Keep the whole folder together.',
  noNights: 'This series has no nights in this range.',
  chart: 'Nights of {series}',
  nightOf: 'night of {night}',
  rerun: 'rerun of the same night',
  rerunWas: 'rerun: {value}, {blocks} blocks',
  blocks: '{blocks} blocks',
  disturbedBy: 'disturbed {share}',
  disturbed: 'disturbed night',
  failures: 'failed trials: {n}',
  program: 'program',
  own: 'its own median',
  control: "pinned copy''s median",
  value: 'night with its 95% interval',
  controlTitle: "its own median, then the pinned copy''s",
  change: '{what}: {was} → {is}',
  notMeasured: '{status}: {reason}',
  semicolon: '; ',
  level: 'level',
  segment: 'not comparable with nights before',
  version: 'other version',
  alarm: 'alarm',
  alarmSince: 'since the first night of the alarm',
  measured: 'measured',
  skipped: 'skipped',
  interrupted: 'interrupted',
  failedNight: 'failed',
  missing: 'no night',
  table: 'The same figures as a table',
  changes: 'What changed, and when',
  newest: 'newest first',
  began: 'began',
  figure: 'figure, 95% interval',
  blocksTitle: 'blocks',
  note: 'notes',
  previous: 'previous series',
  next: 'next series',
  keys: 'With the picture focused: ← and → move by one night, Home and End to the ends, Escape returns to all series.',
  foundNone: 'no series',
  foundOne: '1 series',
  foundMany: '{n} series',
  axisPin: 'change relative to the pinned copy',
  axisBaseline: "ratio relative to the baseline''s pinned copy",
});

/** Texts of the script in a language, with braces unfilled. */
export function scriptWords(lang: Lang): Readonly<Record<string, string>> {
  const own = Object.entries(pageWords).map(([key, made]): readonly [string, Message] => [
    key,
    typeof made === 'function' ? (made as (values: object) => Message)(keepBraces) : made,
  ]);
  const kinds = Object.entries(kindWords).map(([key, word]) => [`about_${key}`, word] as const);
  return Object.fromEntries([...own, ...kinds].map(([key, word]) => [key, translate(word, lang)]));
}

/** Values that render each placeholder as its own name in braces. */
const keepBraces = {
  months: '{months}',
  series: '{series}',
  night: '{night}',
  value: '{value}',
  blocks: '{blocks}',
  share: '{share}',
  n: '{n}',
  status: '{status}',
  reason: '{reason}',
  what: '{what}',
  was: '{was}',
  is: '{is}',
};
