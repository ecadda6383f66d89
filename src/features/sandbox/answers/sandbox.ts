import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { SummaryRow } from '../../../core/model/analysis/analysis.ts';
import { subjectKey } from '../../../core/model/trial/cell.ts';
import { formatEstimate, formatRatioEstimate, formatValue } from '../../../report/document/format.ts';
import { groupBy, subjectLabel } from '../../../report/document/labels.ts';
import { costRatio } from '../../../report/findings/row-guards.ts';
import type { FeatureSentences } from '../../../report/sections/answers/feature-sentences.ts';
import { ofFirstPlace } from '../place.ts';

const words = messages('section.sandbox', {
  first: 'The first command of a new sandbox answers after {time} (median{ratio}).',
  burst: 'In a burst of {count} sandboxes, half of the first commands answer within {time}{ratio}{core}.',
  ratio: ', {ratio} relative to {baseline}',
  core: '; until all have answered, time × CPUs ÷ sandboxes is {time}',
  sooner:
    '{subject}: a restore into the existing container gives the right answer {time} sooner than a new container{after}.',
  later:
    '{subject}: a restore into the existing container gives the right answer {time} later than a new container{after}.',
  undecided:
    '{subject}: whether a restore answers sooner than a new container is inconclusive ({time}){after}.',
  ahead: '; once it has read all that it holds, it is {time} ahead',
  behind: '; once it has read all that it holds, it is {time} behind',
  open: '; once it has read all that it holds, which one is ahead is inconclusive ({time})',
  refused: '{subject}: {failed} of {all} restores failed at the first try; these are not timed.',
});

const ttiWords = messages('answer.tti', {
  openRatio: ', {ratio} relative to {baseline} (inconclusive)',
  failedBurst:
    'In a burst of {count} sandboxes, {failed} of {all} {all, plural, one {trial} other {trials}} failed{worst}.',
  worst: ': in the worst, {answered} of {count} answered',
  failedAlone: 'One after the other, only {answered} of {count} sandboxes answered in the worst trial.',
});

type ReportLanguage = Parameters<FeatureSentences>[1]['lang'];

/** How long the first command waits, alone and in the largest burst, and whether a restore pays. */
const sandbox: FeatureSentences = (runtime, { rows, analysis, lang }) => {
  const ofAllLayers = rows.filter((row) => row.runtime === runtime);
  const own = ofFirstPlace(rows.filter(({ workload }) => workload === 'sandbox/tti')).filter(
    (row) => row.runtime === runtime,
  );
  const starts = own.filter(({ metric }) => metric === 'tti.p50');
  const ratioOf = (row: SummaryRow) => {
    const cost = runtime === analysis.baseline ? null : costRatio(row);
    const said = row.verdict === 'inconclusive' ? ttiWords.openRatio : words.ratio;
    return cost === null ? '' : said({ ratio: formatRatioEstimate(cost, lang), baseline: analysis.baseline });
  };
  const countOf = ({ params }: SummaryRow) => Number(/count=(\d+)/.exec(params)?.[1] ?? 0);
  const alone = starts.find(({ params }) => params.includes('mode=sequential'));
  const [burst] = starts
    .filter(({ params, median }) => params.includes('mode=burst') && median !== null)
    .toSorted((a, b) => countOf(b) - countOf(a));
  const beside = (row: SummaryRow | undefined, wanted: string) =>
    own.find(({ metric, params }) => metric === wanted && params === row?.params);
  const core = beside(burst, 'tti.core_time');
  const worst = beside(alone, 'tti.success')?.min ?? 1;
  const time = ({ median }: SummaryRow) => formatValue(median ?? 0, 'ns', lang);
  return [
    ...(alone == null || alone.median === null
      ? []
      : [words.first({ time: time(alone), ratio: ratioOf(alone) })]),
    ...(alone === undefined || worst === 1
      ? []
      : [
          ttiWords.failedAlone({
            answered: Math.round(worst * countOf(alone)),
            count: countOf(alone),
          }),
        ]),
    ...own
      .filter(({ params, headline, failures }) => params.includes('mode=burst') && headline && failures > 0)
      .map((row) => {
        const [count, all] = [countOf(row), row.n + row.failures];
        const share = beside(row, 'tti.success');
        const isOfAll = share != null && share.n === all && share.min !== null;
        const worst = isOfAll
          ? ttiWords.worst({ answered: Math.round((share.min ?? 0) * count), count })
          : '';
        return ttiWords.failedBurst({ count, failed: row.failures, all, worst });
      }),
    ...(burst === undefined
      ? []
      : [
          words.burst({
            count: countOf(burst),
            time: time(burst),
            ratio: ratioOf(burst),
            core: core == null || core.median === null ? '' : words.core({ time: time(core) }),
          }),
        ]),
    ...groupBy(ofAllLayers, subjectKey).flatMap((subject) => [...saving(subject, lang), ...refused(subject)]),
  ];
};

/** How many trials had no restore at the first try, and so no time of one. */
function refused(subject: readonly SummaryRow[]): readonly Message[] {
  const countOf = (id: string) => subject.find(({ metric }) => metric === id)?.n ?? 0;
  const [first] = subject;
  const all = countOf('restore.failed_tries');
  const failed = all - countOf('restore.to_answer');
  return first === undefined || failed <= 0
    ? []
    : [words.refused({ subject: subjectLabel(first), failed: String(failed), all: String(all) })];
}

type Way = 'sooner' | 'later' | 'undecided';

/** Which of two is ahead; claimed only where the interval of the difference, taken within trials, excludes zero. */
function wayOf({ ciLow, ciHigh }: SummaryRow): Way {
  if (ciLow !== null && ciLow > 0) return 'sooner';
  return ciHigh !== null && ciHigh < 0 ? 'later' : 'undecided';
}

/** What a restore saves to its first answer; and after it has read all that it holds, where that is another verdict. */
function saving(subject: readonly SummaryRow[], lang: ReportLanguage): readonly Message[] {
  const rowOf = (id: string) => subject.find(({ metric, median }) => metric === id && median !== null);
  const [first, read] = [rowOf('restore.saving'), rowOf('restore.saving_read')];
  if (first === undefined) return [];
  const time = (row: SummaryRow) => {
    const [value, low, high] = [row.median ?? 0, row.ciLow, row.ciHigh];
    const isLater = wayOf(row) === 'later' && low !== null && high !== null;
    return formatEstimate(
      isLater ? { value: -value, low: -high, high: -low } : { value, low, high },
      'ns',
      lang,
    );
  };
  const [way, then] = [wayOf(first), read === undefined ? null : wayOf(read)];
  const thenWords = { sooner: words.ahead, later: words.behind, undecided: words.open };
  const more =
    read === undefined || then === null || then === way ? '' : thenWords[then]({ time: time(read) });
  return [words[way]({ subject: subjectLabel(first), time: time(first), after: more })];
}

export default sandbox;
