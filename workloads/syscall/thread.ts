import { messages } from '../../src/core/messages/define.ts';
import { stressorWorkload } from '../lib/stress-ng.ts';

const words = messages('workload.thread', {
  title: 'Threads: start, switch, wake',
});

export default stressorWorkload({
  id: 'syscall/thread',
  title: words.title,
  description: `stress-ng with one stressor and a fixed number of operations. One operation is

- \`start\`: from before pthread_create to the new thread's first statement, as the stressor times it (200 threads, one at a
  time); what each thread does after that, and its end, is in the rate only;
- \`switch\`: one context switch between two processes, one of which fills a pipe that the other empties (2000 switches);
- \`futex\`: one waiter woken by FUTEX_WAKE in another process (1000 times). The waker calls until somebody waits, so an
  operation is four to eight calls of futex and the time says how fast a waiter comes back.

How two threads share the CPUs decides as much as the kernel: expect a wide spread.`,
  operations: {
    start: {
      stressor: 'pthread',
      ops: 200,
      options: ['--pthread-max', '1'],
      measure: 'nanosecs to start a pthread',
    },
    switch: { stressor: 'switch', ops: 2000, measure: 'nanosecs per context switch (pipe method)' },
    futex: { stressor: 'futex', ops: 1000 },
  },
  standard: ['start'],
});
