import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { FeatureId } from './prediction.ts';

/** Names of features, as causes of cost. */
const featureWords = messages('predict.feature', {
  user: 'its own computation',
  kernel: 'kernel work',
  trap: 'calls that the kernel answers at once',
  read: 'reads',
  write: 'writes',
  open: 'files opened and looked up',
  socket: 'sockets',
  wait: 'waiting for events',
  futex: 'locks (futex)',
  memory: 'changes of the address space',
  process: 'signals and processes',
  other: 'other calls',
  crowded: 'calls while all CPUs are busy',
  bytes: 'bytes moved',
  faults: 'page faults',
  switches: 'tasks that wait and wake',
  processes: 'new processes',
  threads: 'new threads',
  execs: 'programs executed',
});

const names: Readonly<Record<FeatureId, Message>> = {
  user: featureWords.user,
  kernel: featureWords.kernel,
  'call.trap': featureWords.trap,
  'call.read': featureWords.read,
  'call.write': featureWords.write,
  'call.open': featureWords.open,
  'call.socket': featureWords.socket,
  'call.wait': featureWords.wait,
  'call.futex': featureWords.futex,
  'call.memory': featureWords.memory,
  'call.process': featureWords.process,
  'call.other': featureWords.other,
  crowded: featureWords.crowded,
  bytes: featureWords.bytes,
  faults: featureWords.faults,
  switches: featureWords.switches,
  processes: featureWords.processes,
  threads: featureWords.threads,
  execs: featureWords.execs,
};

/** Name of a feature. */
export function featureName(id: FeatureId): Message {
  return names[id];
}
