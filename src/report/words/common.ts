import { messages } from '../../core/messages/define.ts';
import type { Lang } from '../../core/messages/message.ts';
import { translate } from '../../core/messages/translate.ts';

/** Words that several sections and tables share. */
export const words = messages('report', {
  runtime: 'runtime',
  workload: 'workload',
  verdict: 'verdict',
  fix: 'Fix',
  colon: ': ',
  semicolon: '; ',
  unknown: 'unknown',
  takeCare: 'Take care',
  notMeasured: 'Could not be measured',
  nothingMeasured: 'Nothing was measured.',
  nothingInTime:
    'Nothing was measured: the time limit of {limit} s ended the run before anything had a value. Give it longer:  @(run --max-time {longer}m)',
  goOnWithSome: 'Or go on with some of it:  @(run --resume {run} --until {cell} --max-time {longer}m)',
  medianWithInterval: 'median [{confidence} CI]',
  ratioWithInterval: '× {baseline} [CI]',
  noInterval: '(too few pairs for an interval)',
  failed: '{n} failed',
  subjects: '{count} {n, plural, one {subject} other {subjects}}',
  emulatedGuest: 'emulated guest',
  emulated:
    'the processor was emulated ({by}). Ratios between runtimes are for demonstration, not for decisions.',
  leaked:
    'Runtimes left {processes} {processes, plural, one {process} other {processes}} behind after {trials} {trials, plural, one {trial} other {trials}}; they were ended.',
});

/** First word of every warning. */
export function takeCare(lang: Lang): string {
  return `${translate(words.takeCare, lang)}${translate(words.colon, lang)}`.trim();
}
