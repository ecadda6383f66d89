import { listed } from '../messages/compose.ts';
import { messages, notices } from '../messages/define.ts';
import { wasRepeatedForOutput } from '../model/lost-output.ts';
import type { TrialRecord } from '../model/trial.ts';
import { type Warning, warning } from './warning.ts';

const text = notices('warning', {
  outputLost:
    '{n, plural, one {{n} trial was} other {{n} trials were}} run once more, since the engine handed over none of the output of a container that ended with exit code 0 ({by}).',
});
const words = messages('warning', { outputLostUnder: '{runtime} ×{n}' });

/** Say which runtimes had trials that were repeated because their output was lost: a fault that comes and goes must not be hidden. */
export function lostOutputs(trials: readonly TrialRecord[]): Warning[] {
  const repeated = trials.filter(wasRepeatedForOutput);
  if (repeated.length === 0) return [];
  const by = [...Map.groupBy(repeated, ({ cell }) => cell.runtime)].map(([runtime, own]) =>
    words.outputLostUnder({ runtime, n: own.length }),
  );
  return [warning('output-lost', text.outputLost({ n: repeated.length, by: listed(by) }))];
}
