import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import type { SummaryRow } from '../../../core/model/analysis/analysis.ts';
import {
  formatCount,
  formatEstimate,
  formatPercentEstimate,
  formatValue,
} from '../../../report/document/format.ts';
import type { FeatureSentences } from '../../../report/sections/answers/feature-sentences.ts';
import { causeInText, causeWords } from '../density/causes.ts';
import { causes, type KneeCause } from '../density/knee.ts';
import { type EstimateLimit, estimateLimits, limitWords } from '../density/workload.ts';
import { ofFirstPlace } from '../place.ts';

const words = messages('section.density', {
  idle: 'One more idle sandbox takes {memory} of memory{against}{cpu}; {fit}{estimate}.',
  loaded: 'One more sandbox with a light load takes {memory} of memory{against}{cpu}; {fit}{estimate}.',
  against: ' ({baseline}: {memory})',
  cpu: ' and {share} of a CPU',
  fit: '{count} fit here, then {cause}',
  between: 'between {count} and {missed} fit here, then {cause}',
  end: 'all {count} of the test fit',
  endOfSmaller: '{count} fit here, and a larger test failed',
  estimate: ' (an estimate of what the host would hold: {count}, by {limit})',
});

const limits: Readonly<Record<EstimateLimit, Message>> = messages('section.densityLimit', {
  memory: 'the host’s memory',
  cpu: 'the host’s CPUs',
  threads: 'the host’s threads',
});

/** A share of a CPU below this would be said as 0.0 %, or is noise below zero. */
const shownCpu = 0.0005;

const sentences = { 'density/idle': words.idle, 'density/loaded': words.loaded } as const;

const upTo = ({ params }: SummaryRow): number => Number(/upTo=(\d+)/.exec(params)?.[1] ?? 0);

/**
 * What one more sandbox takes, by the line within a trial, of the test with the most blocks; and how many fit, of the test with the
 * most sandboxes. Under the first profile, layer and engine of the run.
 */
const density: FeatureSentences = (runtime, { rows, facts, analysis: { baseline }, lang }) =>
  Object.entries(sentences).flatMap(([workload, said]) => {
    const alike = ofFirstPlace(rows.filter((row) => row.workload === workload));
    const tests = alike.filter((row) => row.runtime === runtime && row.metric === 'density.fit');
    const [most] = tests.toSorted((a, b) => upTo(b) - upTo(a));
    const lines = alike.filter(
      (row) => row.runtime === runtime && row.metric === 'density.next_memory' && row.n > 0,
    );
    const [best] = lines.toSorted((a, b) => b.n - a.n || upTo(b) - upTo(a));
    if (most === undefined || best === undefined) return [];
    const rowOf = (metric: string, { params }: SummaryRow, who = runtime) =>
      alike.find((row) => row.runtime === who && row.metric === metric && row.params === params);
    const of = (metric: string) => rowOf(metric, most)?.median ?? null;
    const next = (metric: string) => rowOf(metric, best)?.median ?? null;
    const [memory, fit] = [next('density.next_memory'), of('density.fit')];
    const factOf = (wanted: string) => {
      const found = facts.find(
        ({ id, ...fact }) =>
          id === wanted &&
          (['runtime', 'workload', 'params', 'profile', 'layer', 'engine'] as const).every(
            (key) => fact[key] === most[key],
          ),
      );
      return found === undefined ? null : recalled(found, 'value');
    };
    const knee = factOf('density.knee');
    const cause = knee === null ? null : causeOf(knee);
    if (memory === null || fit === null || cause === null) return [];
    // Of many blocks, the interval is over them; of one or two, that within a trial.
    const { ciLow = null, ciHigh = null } = rowOf('density.next_memory', best) ?? {};
    const [low, high] =
      ciLow === null || ciHigh === null
        ? [next('density.next_memory_low'), next('density.next_memory_high')]
        : [ciLow, ciHigh];
    const cpuRow = rowOf('density.next_cpu', best);
    const [cpu, count, missed] = [cpuRow?.median ?? null, of('density.fit_estimate'), of('density.missed')];
    const share = { value: cpu ?? 0, low: cpuRow?.ciLow ?? null, high: cpuRow?.ciHigh ?? null };
    const other =
      runtime === baseline ? null : (rowOf('density.next_memory', best, baseline)?.median ?? null);
    const limit = limitOf(factOf('density.limit'));
    const found = { count: formatCount(fit, lang), cause: causeInText[cause] };
    const isOutdone = alike.some(
      (row) => row.runtime === runtime && row.failures > 0 && upTo(row) > upTo(most),
    );
    return [
      said({
        memory: formatEstimate({ value: memory, low, high }, 'bytes', lang),
        against: other === null ? '' : words.against({ baseline, memory: formatValue(other, 'bytes', lang) }),
        cpu:
          cpu === null || cpu < shownCpu ? '' : words.cpu({ share: formatPercentEstimate(share, lang, 1) }),
        fit:
          cause === 'end'
            ? (isOutdone ? words.endOfSmaller : words.end)(found)
            : missed === null
              ? words.fit(found)
              : words.between({ ...found, missed: formatCount(missed, lang) }),
        estimate:
          count === null || limit === null
            ? ''
            : words.estimate({ count: formatCount(count, lang), limit: limits[limit] }),
      }),
    ];
  });

function causeOf({ id }: Message): KneeCause | null {
  return causes.find((cause) => causeWords[cause].id === id) ?? null;
}

function limitOf(said: Message | null): EstimateLimit | null {
  return estimateLimits.find((limit) => limitWords[limit].id === said?.id) ?? null;
}

export default density;
