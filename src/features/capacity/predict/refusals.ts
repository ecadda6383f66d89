import { quantity } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { saidAs } from '../../../core/model/said.ts';
import { percent } from '../sandbox/shown.ts';
import type { FeatureId, Refusal } from './prediction.ts';
import type { Excess } from './range.ts';
import { featureName } from './words.ts';

const text = notices('predict', {
  share:
    '{feature} would take {value} of its CPU time; the applications that the model was checked with have up to {limit}',
  rate: '{feature}: {value} in a second of CPU time; the applications that the model was checked with have up to {limit}',
  callRate:
    'it makes {value} system calls in a second of CPU time; the applications that the model was checked with make up to {limit}',
  concurrency:
    'it uses {value} CPUs at once; the applications that the model was checked with use up to {limit}, and beyond that a runtime can have cliffs',
  threads: 'it has {value} tasks; the applications that the model was checked with have up to {limit}',
  size: 'a call of it moves {value} bytes; those of the applications that the model was checked with move up to {limit}',
});

function sentence({ kind, feature, value, limit }: Excess): Message {
  const whole = { value: quantity(value, ''), limit: quantity(limit, '') };
  const named = (id: FeatureId) => ({ feature: featureName(id) });
  switch (kind) {
    case 'share':
      return text.share({ ...named(feature ?? 'user'), value: percent(value), limit: percent(limit) });
    case 'rate':
      return feature === null ? text.callRate(whole) : text.rate({ ...named(feature), ...whole });
    case 'concurrency':
      return text.concurrency({ value: quantity(value, '', 2), limit: quantity(limit, '', 2) });
    case 'threads':
      return text.threads(whole);
    case 'size':
      return text.size(whole);
  }
}

/** An excess with what is said of it. */
export function refusalOf(excess: Excess): Refusal {
  return { ...excess, ...saidAs('reason', sentence(excess)) };
}
