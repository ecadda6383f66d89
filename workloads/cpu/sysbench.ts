import { messages, notices } from '../../src/core/messages/define.ts';
import type { Message } from '../../src/core/messages/message.ts';
import type { Params } from '../../src/core/model/trial/cell.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { stamped } from '../../src/core/model/trial/stamped.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';

const words = messages('workload.sysbenchCpu', {
  title: 'Arithmetic, the control',
  threads: 'number of threads',
  events: 'number of events',
  rate: 'rate of events',
});

const says = notices('workload.sysbenchCpu', {
  missing: "no {what} in sysbench's output: {output}",
  impossibleThreads: 'sysbench ran {threads} threads',
  otherCount: 'sysbench counts {total} events, not {eventsPerThread} in each of {threads}',
  impossibleRate: 'sysbench reports {rate} events a second, which cannot be',
});

const eventsPerThread = 60;

/** The container determines the number of CPUs: a shell asks for it. */
const run = `exec /usr/bin/sysbench cpu --cpu-max-prime=100000 --events=$((${eventsPerThread} * $1)) --time=0 --threads=$1 run`;

/** The argument of the shell that becomes the number of threads. */
function threadsOf({ threads }: Params): string {
  if (threads === 'all') return '"$(nproc)"';
  if (String(threads) === '1') return '1';
  throw new RangeError(`cpu/sysbench has no threads '${threads}'`);
}

function numberIn(stdout: string, pattern: RegExp, what: Message): number {
  const found = pattern.exec(stdout)?.[1];
  if (found === undefined)
    throw new ParseError(says.missing({ what, output: JSON.stringify(stdout.slice(-120)) }));
  return Number(found);
}

const sysbench: Workload = {
  id: 'cpu/sysbench',
  category: 'cpu',
  image: 'tools',
  title: words.title,
  description: `sysbench looks for the primes up to 100 000, sixty times in each thread; a unit of work is one such search. It
makes almost no system call, so no runtime takes part and every ratio should be 1: where it is not, the machine, a CPU limit
or the clock explains the difference, and the other figures of the run deserve the same distrust.

With \`threads=all\` there are as many threads as the container sees CPUs, so that a runtime that uses a CPU of its own, shows
fewer CPUs than there are or places threads badly shows here. The rate is that of all threads together.

The events are long (about 6 ms) because sysbench reads the clock around each: with primes up to 5 000 a third to a half of
the rate was lost under gVisor, where reading the clock is a system call in a sandbox's first second (\`syscall/clock\`).`,
  parameters: { threads: '1, or all: as many as the container sees CPUs' },
  presets: {
    quick: [],
    standard: [{ threads: 1 }],
    full: [{ threads: 1 }, { threads: 'all' }],
    lab: [{ threads: 1 }],
  },
  metrics: [
    {
      id: 'sysbench.events_rate',
      unit: 'ops/s',
      better: 'higher',
      description:
        "sysbench's events per second over all threads; an event is one search for the primes up to 100 000",
    },
    {
      id: 'sysbench.threads',
      unit: 'count',
      better: 'neither',
      description: 'threads that sysbench ran; with threads=all the CPUs that the container sees',
    },
  ],
  precision: 0.03,
  representative: true,
  observe: { kind: 'series' },
  container: (params) => ({
    command: stamped(['/bin/sh', '-c', `set -- ${threadsOf(params)}; ${run}`]),
    stamped: true,
    timeoutMs: 60_000,
  }),
  parse({ stdout }, params) {
    const threads = numberIn(stdout, /^Number of threads: (\d+)$/m, words.threads);
    const total = numberIn(stdout, /^ +total number of events: +(\d+)$/m, words.events);
    const rate = numberIn(stdout, /^ +events per second: +(\d+\.\d+)$/m, words.rate);
    if (!(threads >= 1 && threads <= 8192) || (params.threads !== 'all' && threads !== 1))
      throw new ParseError(says.impossibleThreads({ threads }));
    if (total !== eventsPerThread * threads)
      throw new ParseError(says.otherCount({ total, eventsPerThread, threads }));
    // An event is about 10^7 operations: one a minute or a million a second per thread means a broken clock.
    if (!(rate > 1 / 60 && rate / threads < 1e6)) throw new ParseError(says.impossibleRate({ rate }));
    return [
      { metric: 'sysbench.events_rate', unit: 'ops/s', better: 'higher', value: rate },
      { metric: 'sysbench.threads', unit: 'count', better: 'neither', value: threads },
      { metric: 'work.units', unit: 'count', better: 'neither', value: total },
    ];
  },
};
export default sysbench;
