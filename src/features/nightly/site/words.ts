import { message, messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Direction } from '../history/series.ts';
import type { StateKind } from './data.ts';

export const pageTitle = message('dashboard.title', 'Nights of container runtimes');

/** One word for the state of a series. */
export const stateWords: Readonly<Record<StateKind, Message>> = messages('dashboard.state', {
  moved: 'moved',
  returned: 'moved and came back',
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

export const directionSigns: Readonly<Record<Direction, string>> = { better: '▲', worse: '▼', other: '≠' };

/** Explanation of each kind of series, and what moves it. */
const kindWords = messages('dashboard.kind', {
  pin: "Today''s program to its own pinned copy: only a change of this runtime moves it.",
  baseline:
    'A pinned copy to that of the baseline: engine, kernel or host move it where they treat the two differently.',
  none: "The value of the baseline''s pinned copy itself: engine, kernel or host move it.",
});

export const kindNames = messages('dashboard.kindName', {
  pin: 'this runtime',
  baseline: 'engine or host, unlike the baseline',
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
  range: 'How far back',
  loading: 'Loading the nights…',
  failed: 'These months could not be loaded from data/: {months}. The whole folder belongs together.',
  noNights: 'No night of this series is in this range.',
  chart: 'Nights of {series}',
  nightOf: 'night of {night}',
  rerun: 'rerun',
  rerunWas: 'rerun: {value}, {blocks} blocks',
  blocks: '{blocks} blocks',
  disturbedBy: 'disturbed {share}',
  disturbed: 'disturbed night',
  failures: 'failed trials: {n}',
  program: 'program',
  own: 'its own median',
  control: "pinned copy''s median",
  value: 'night, with its 95 % interval',
  controlTitle: "own median, and behind it the pinned copy''s",
  change: '{what}: {was} → {is}',
  notMeasured: '{status}: {reason}',
  semicolon: '; ',
  level: 'level',
  segment: 'nothing before can be compared',
  version: 'another version',
  alarm: 'alarm',
  alarmSince: "since the alarm''s first night",
  measured: 'measured',
  skipped: 'skipped',
  interrupted: 'interrupted',
  failedNight: 'failed',
  missing: 'no night',
  table: 'The same figures as a table',
  changes: 'What changed, and when',
  newest: 'the newest first',
  began: 'began',
  figure: 'figure, 95 % interval',
  blocksTitle: 'blocks',
  note: 'to be known',
  previous: 'previous series',
  next: 'next series',
  keys: 'With the picture in focus: ← and → go from night to night, Home and End to the ends, Escape to all series.',
  foundNone: 'no series',
  foundOne: '1 series',
  foundMany: '{n} series',
  axisPin: 'change to the pinned copy',
  axisBaseline: "ratio to the baseline''s pinned copy",
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
  ...{ months: '{months}', series: '{series}', night: '{night}', value: '{value}' },
  ...{ blocks: '{blocks}', share: '{share}', n: '{n}', status: '{status}', reason: '{reason}' },
  ...{ what: '{what}', was: '{was}', is: '{is}' },
};
