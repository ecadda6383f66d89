import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import { formatCount, formatEstimate, formatPercent } from '../../../report/format.ts';
import type { FeatureSentences } from '../../../report/sections/answers/in-short.ts';
import { causeInText, causeWords } from '../density/causes.ts';
import { causes, type KneeCause } from '../density/knee.ts';

const words = messages('section.density', {
  idle: 'One more idle sandbox takes {memory} of memory{cpu}; {fit}{estimate}.',
  loaded: 'One more sandbox with a light load takes {memory} of memory{cpu}; {fit}{estimate}.',
  cpu: ' and {share} of a CPU',
  fit: '{count} fit here, then {cause}',
  end: 'all {count} of the test fit',
  estimate: ' (an estimate of what the host’s memory would hold: {count})',
});

const sentences = { 'density/idle': words.idle, 'density/loaded': words.loaded } as const;

/** What one more sandbox takes, by the line within a trial, and how many fit; of the test with the most sandboxes. */
const density: FeatureSentences = (runtime, { rows, facts, lang }) =>
  Object.entries(sentences).flatMap(([workload, said]) => {
    const own = rows.filter((row) => row.workload === workload && row.runtime === runtime);
    const [most] = own
      .filter(({ metric }) => metric === 'density.fit')
      .toSorted((a, b) => (b.median ?? 0) - (a.median ?? 0));
    if (most === undefined) return [];
    const of = (metric: string) =>
      own.find((row) => row.metric === metric && row.params === most.params)?.median ?? null;
    const [memory, fit] = [of('density.next_memory'), of('density.fit')];
    const knee = facts.find(
      ({ id, ...fact }) =>
        id === 'density.knee' &&
        (['runtime', 'workload', 'params'] as const).every((key) => fact[key] === most[key]),
    );
    const cause = knee === undefined ? null : causeOf(recalled(knee, 'value'));
    if (memory === null || fit === null || cause === null) return [];
    const [low, high] = [of('density.next_memory_low'), of('density.next_memory_high')];
    const [cpu, estimate] = [of('density.next_cpu'), of('density.fit_estimate')];
    const count = formatCount(fit, lang);
    return [
      said({
        memory: formatEstimate({ value: memory, low, high }, 'bytes', lang),
        cpu: cpu === null ? '' : words.cpu({ share: formatPercent(cpu, lang, 1) }),
        fit: cause === 'end' ? words.end({ count }) : words.fit({ count, cause: causeInText[cause] }),
        estimate: estimate === null ? '' : words.estimate({ count: formatCount(estimate, lang) }),
      }),
    ];
  });

function causeOf({ id }: Message): KneeCause | null {
  return causes.find((cause) => causeWords[cause].id === id) ?? null;
}

export default density;
