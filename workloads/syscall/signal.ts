import { messages } from '../../src/core/messages/define.ts';
import { stressorWorkload } from '../lib/stress-ng.ts';

const words = messages('workload.signal', {
  title: 'Signals',
});

export default stressorWorkload({
  id: 'syscall/signal',
  title: words.title,
  description: `stress-ng with one stressor and a fixed number of operations. One operation is

- \`kill\`: a handler installed (three calls of rt_sigaction), a signal that the process sends to itself (kill), the handler, and
  rt_sigreturn; six calls in all (2000 times);
- \`trap\`: a breakpoint instruction, which the kernel turns into SIGTRAP, until the handler runs, as the stressor times it
  (1000 times). It is the way of every fault of a program; gVisor's platforms use signals or ptrace stops for it themselves.`,
  operations: {
    kill: { stressor: 'signal', ops: 2000 },
    trap: { stressor: 'sigtrap', ops: 1000, measure: 'nanosecs to handle SIGTRAP' },
  },
  standard: [],
});
