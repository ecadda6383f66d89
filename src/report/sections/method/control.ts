import { joined } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { formatNumber } from '../../../core/messages/number.ts';
import { aaControl } from '../../../core/model/aa-control.ts';
import { subjectKey } from '../../../core/model/cell.ts';
import type { ReportContext } from '../../context.ts';
import { formatCount } from '../../format.ts';

const words = messages('section.method.control', {
  again:
    '{baseline} was also measured a second time for {n} of {all} {all, plural, one {workload} other {workloads}}.',
  joins: 'Both measurements are in the ratios.',
  check:
    'As a check, the two were compared: over {n} {n, plural, one {comparison} other {comparisons}} the root mean square of the normal scores is {rms}; by chance alone it exceeds {limit} in one run of a hundred.',
  widened:
    'So {baseline} differs from itself by more than chance, and all intervals and tests of this run are widened by a factor of {widening}.',
  unchecked: 'There are too few pairs of the two to check whether they differ by more than chance.',
});

/** What measuring the baseline a second time showed; nothing where it was measured once. */
export function controlSentences({ run, analysis, trials, lang }: ReportContext): readonly Message[] {
  const { baseline, aaCheck } = analysis;
  const subjectsOf = (runtime: string) =>
    new Set(
      trials
        .filter(({ trial }) => trial.phase === 'measure' && trial.cell.runtime === runtime)
        .map(({ trial }) => subjectKey(trial.cell)),
    ).size;
  const [n, all] = [subjectsOf(aaControl(baseline)), subjectsOf(baseline)];
  if (n === 0) return [];
  const { rms = null, limit = null, comparisons = 0, widening = 1 } = aaCheck ?? {};
  const score = (value: number) => formatNumber(value, 2, lang);
  const checked =
    rms === null || limit === null
      ? [words.unchecked]
      : [words.check({ n: comparisons, rms: score(rms), limit: score(limit) })];
  const sentences = [
    words.again({ baseline, n: formatCount(n, lang), all }),
    ...((run.method ?? 1) >= 2 && run.config.duet === undefined ? [words.joins] : []),
    ...(aaCheck === undefined ? [] : checked),
    ...(widening > 1 ? [words.widened({ baseline, widening: score(widening) })] : []),
  ];
  return [joined(sentences, 'space')];
}
