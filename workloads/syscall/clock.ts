import { messages, notices } from '../../src/core/messages/define.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { stamped } from '../../src/core/model/trial/stamped.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { afterClockSettled, operationMetrics, operationValues } from '../lib/stress-ng.ts';

const words = messages('workload.clock', {
  title: 'Reading the clock',
});

const says = notices('workload.clock', {
  otherCount: 'sysbench counts {total} events, not {wanted}',
  noRate: 'no rate of events in sysbench’s output',
});

/** Events by the sandbox's age. A young sandbox is measured within its first second, so it gets few. */
const events = { young: 20_000, settled: 1_000_000 } as const;

function eventsAt(age: string | number | undefined): number {
  if (age !== 'young' && age !== 'settled') throw new RangeError(`syscall/clock has no age '${age}'`);
  return events[age];
}

const clock: Workload = {
  id: 'syscall/clock',
  category: 'syscall',
  image: 'tools',
  title: words.title,
  description: `sysbench with events that do nothing (primes up to 3): what is left of each is two readings of
CLOCK_MONOTONIC around it and some ns of arithmetic. One operation is one event. Where the vDSO answers, no kernel is entered
and an event takes about 100 ns; where it does not, each reading is a system call.

A gVisor sandbox calibrates its clock in its first second, and until then a reading *is* a system call: \`age=young\` measures
right after the start, \`age=settled\` once the clock inside shows a second of uptime. Short-lived programs that read the
clock a lot (and tools that time every operation) live in the first. Under runtimes without a clock of their own both are the same, unless the host
itself has no vDSO clock source.`,
  parameters: { age: 'how old the sandbox is: young (just started) or settled (a second)' },
  presets: {
    quick: [],
    standard: [{ age: 'settled' }],
    full: [{ age: 'young' }, { age: 'settled' }],
  },
  metrics: operationMetrics,
  precision: 0.05,
  observe: { kind: 'series' },
  container({ age }) {
    const command = stamped([
      '/usr/bin/sysbench',
      'cpu',
      '--cpu-max-prime=3',
      `--events=${eventsAt(age)}`,
      '--time=0',
      '--threads=1',
      'run',
    ]);
    return {
      command: age === 'young' ? command : afterClockSettled(command),
      stamped: true,
      timeoutMs: 60_000,
    };
  },
  parse({ stdout }, { age }) {
    const total = /^ +total number of events: +(\d+)$/m.exec(stdout)?.[1];
    const rate = /^ *events per second: +(\d+\.\d+)$/m.exec(stdout)?.[1];
    if (Number(total) !== eventsAt(age))
      throw new ParseError(
        says.otherCount({ total: String(total?.slice(0, 40)), wanted: String(eventsAt(age)) }),
      );
    if (rate === undefined) throw new ParseError(says.noRate);
    return operationValues(1e9 / Number(rate), Number(rate));
  },
};
export default clock;
