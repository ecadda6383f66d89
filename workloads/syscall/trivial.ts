import { messages } from '../../src/core/messages/define.ts';
import { stamped } from '../../src/core/model/trial/stamped.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { perfBenchTime } from '../lib/perf-bench.ts';
import { operationMetrics, operationNamed, operationValues } from '../lib/stress-ng.ts';

const words = messages('workload.trivialCall', {
  title: 'A trivial system call in a loop',
});

const calls = 50_000;
/** Operation → the benchmark of `perf bench syscall`. */
const operations = { getppid: 'basic', getpgid: 'getpgid' } as const;

const trivial: Workload = {
  id: 'syscall/trivial',
  category: 'syscall',
  image: 'tools',
  title: words.title,
  description: `\`perf bench syscall\` makes one system call ${calls} times in a loop. One operation is one call, with no
clock read in between; a kernel has next to nothing to do in it, so what is left is the way in and out.

gVisor's systrap answers a call on another thread, which spins for it; with more busy threads than CPUs that thread has to be
woken each time, and a call costs several times as much. Unlike in the table of \`syscall/stress-ng\` all calls are hot.

\`quick\` has this test and not that table: a trial costs half as much under runc and a third under gVisor, and scatters less.`,
  parameters: { op: 'the system call: getppid or getpgid' },
  presets: {
    quick: [{ op: 'getppid' }],
    standard: [{ op: 'getppid' }],
    full: Object.keys(operations).map((op) => ({ op })),
    lab: [{ op: 'getppid' }],
    hardening: [{ op: 'getppid' }],
    'gvisor-flags': [{ op: 'getppid' }],
  },
  metrics: operationMetrics,
  precision: 0.1,
  representative: true,
  observe: { kind: 'series' },
  container: ({ op }) => ({
    command: stamped([
      '/usr/bin/perf',
      'bench',
      'syscall',
      operationNamed('syscall/trivial', operations, op),
      '--loop',
      String(calls),
    ]),
    stamped: true,
    timeoutMs: 60_000,
  }),
  parse: ({ stdout }, { op }) => operationValues(perfBenchTime(stdout, `Executed ${calls} ${op}() calls`)),
};
export default trivial;
