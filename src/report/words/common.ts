import { messages } from '../../core/messages/define.ts';
import type { Lang } from '../../core/messages/message.ts';
import { translate } from '../../core/messages/translate.ts';

/** Words that several sections and tables share. */
export const words = messages('report', {
  runtime: 'runtime',
  workload: 'test',
  verdict: 'verdict',
  fix: 'Fix',
  colon: ': ',
  semicolon: '; ',
  unknown: 'unknown',
  warning: 'Warning',
  notMeasured: 'Could not be measured',
  nothingMeasured: 'Nothing was measured.',
  nothingInTime:
    'Nothing was measured within the time limit of {limit} s. Allow more time:  @(run --max-time {longer}m)',
  goOnWithSome: 'Or continue with a part of it:  @(run --resume {run} --until {cell} --max-time {longer}m)',
  valueWithInterval: 'value [{confidence} CI]',
  ratioWithInterval: '× {baseline} [CI]',
  noInterval: '(too few pairs for an interval)',
  failed: '{n} failed',
  subjects: '{count} {n, plural, one {test} other {tests}}',
  emulatedGuest: 'emulated guest',
  emulated:
    'the processor was emulated ({by}). Use ratios between runtimes for demonstration, not for decisions.',
  leaked:
    'Runtimes left {processes} {processes, plural, one {process} other {processes}} behind after {trials} {trials, plural, one {trial} other {trials}}; they were killed.',
});

/** First word of every warning: `Warning:`. */
export function warningMark(lang: Lang): string {
  return `${translate(words.warning, lang)}${translate(words.colon, lang)}`.trim();
}
