import { messages, notices } from '../../src/core/messages/define.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { stamped } from '../../src/core/model/trial/stamped.ts';
import type { ParsedValue } from '../../src/core/model/workload/metric.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { perfBenchTime, perfBenchTotal } from '../lib/perf-bench.ts';
import { operationMetrics, operationNamed, operationValues } from '../lib/stress-ng.ts';

const words = messages('workload.ipc', {
  title: 'Pipes, Unix sockets and epoll',
});

const says = notices('workload.ipc', {
  otherProcesses: 'perf bench does not say that 40 processes ran',
  noRate: 'no rate of operations in the output of perf bench epoll',
});

const roundTrips = 3000;
const loops = 10;
/** perf's group: 20 senders, each of which sends to each of 20 receivers. */
const messageCount = 20 * 20 * loops;

interface Operation {
  readonly command: readonly string[];
  readonly timeNs: (stdout: string) => number;
}

function roundTrip(parties: string, ...options: string[]): Operation {
  return {
    command: ['sched', 'pipe', '--loop', String(roundTrips), ...options],
    timeNs: (stdout) =>
      perfBenchTime(stdout, `Executed ${roundTrips} pipe operations between two ${parties}`),
  };
}

function messaging(...options: string[]): Operation {
  return {
    command: ['sched', 'messaging', '--group', '1', '--nr_loops', String(loops), ...options],
    timeNs(stdout) {
      if (!/^# 1 groups == 40 processes run$/m.test(stdout)) throw new ParseError(says.otherProcesses);
      return perfBenchTotal(stdout) / messageCount;
    },
  };
}

const operations: Readonly<Record<string, Operation>> = {
  pipe: roundTrip('processes'),
  'pipe-threads': roundTrip('threads', '--threaded'),
  'socket-messages': messaging(),
  'pipe-messages': messaging('--pipe'),
  'epoll-wait': {
    command: ['epoll', 'wait', '--runtime', '1', '--threads', '1'],
    timeNs(stdout) {
      const rate = /^Averaged (\d+) operations\/sec \(\+- \d+\.\d+%\), total secs = 1$/m.exec(stdout)?.[1];
      if (rate === undefined) throw new ParseError(says.noRate);
      return 1e9 / Number(rate);
    },
  },
};

const ipc: Workload = {
  id: 'syscall/ipc',
  category: 'syscall',
  image: 'tools',
  title: words.title,
  description: `\`perf bench\` passes messages between processes of one container. One operation is

- \`pipe\`: a round trip of 4 bytes through two pipes between two processes: two writes, two reads that block, and two
  context switches (${roundTrips} round trips); \`pipe-threads\`: the same between two threads of one process;
- \`socket-messages\`: one message of 100 bytes through a Unix socket pair, of ${messageCount} that 20 processes send to 20 others
  (hackbench); \`pipe-messages\`: the same through pipes. All run at once, so the time is that of throughput, not of a
  message's way, and more CPUs make it shorter;
- \`epoll-wait\`: one event of an eventfd that a thread waits for with epoll (epoll_wait and read), while another writes to 64
  of them; measured for one second.

On one CPU or on many, and with processes that end up on the same CPU or on different ones, a round trip costs something
else on any kernel: expect a wide spread. gVisor switches context in its sentry and in the host's scheduler as well.`,
  parameters: { op: `what is measured: ${Object.keys(operations).join(', ')}` },
  presets: {
    quick: [],
    standard: [{ op: 'pipe' }],
    full: Object.keys(operations).map((op) => ({ op })),
  },
  metrics: operationMetrics,
  precision: 0.1,
  observe: { kind: 'series' },
  container: ({ op }) => ({
    command: stamped(['/usr/bin/perf', 'bench', ...operationNamed('syscall/ipc', operations, op).command]),
    stamped: true,
    timeoutMs: 60_000,
  }),
  parse: ({ stdout }, { op }): readonly ParsedValue[] =>
    operationValues(operationNamed('syscall/ipc', operations, op).timeNs(stdout)),
};
export default ipc;
