import { stamped } from '../../src/model/stamped.ts';
import { ParseError, type Workload } from '../../src/model/workload.ts';

const events = 60;

const sysbench: Workload = {
  id: 'cpu/sysbench',
  category: 'cpu',
  image: 'tools',
  title: 'Arithmetic, the control',
  description: `sysbench looks for the primes up to 100 000 sixty times in one thread. It makes almost no system call, so no
runtime takes part and every ratio should be 1: where it is not, the machine, a CPU limit or the clock explains the
difference, and the other figures of the run deserve the same doubt.

The events are long (about 6 ms) because sysbench reads the clock around each: with primes up to 5 000 a third to a half of
the rate was lost under gVisor, which says something about reading clocks and starting up, and nothing about arithmetic.`,
  parameters: {},
  presets: { quick: [], standard: [{}], full: [{}] },
  metrics: [
    {
      id: 'sysbench.events_rate',
      unit: 'ops/s',
      better: 'higher',
      description: "sysbench's events per second; an event is one search for the primes up to 100 000",
    },
  ],
  precision: 0.03,
  observe: { kind: 'series' },
  container: () => ({
    command: stamped([
      '/usr/bin/sysbench',
      'cpu',
      '--cpu-max-prime=100000',
      `--events=${events}`,
      '--time=0',
      '--threads=1',
      'run',
    ]),
    stamped: true,
    timeoutMs: 60_000,
  }),
  parse({ stdout }) {
    const total = /^ +total number of events: +(\d+)$/m.exec(stdout);
    const found = /^ +events per second: +(\d+\.\d+)$/m.exec(stdout);
    if (total === null || found === null)
      throw new ParseError(`no rate of events in sysbench's output: ${JSON.stringify(stdout.slice(-120))}`);
    if (Number(total[1]) !== events)
      throw new ParseError(`sysbench counts ${total[1]?.slice(0, 40)} events, not ${events}`);
    const rate = Number(found[1]);
    // An event is some 10^7 operations: one a minute or a million a second means a broken clock.
    if (!(rate > 1 / 60 && rate < 1e6))
      throw new ParseError(`sysbench reports ${rate} events a second, which cannot be`);
    return [
      { metric: 'sysbench.events_rate', unit: 'ops/s', better: 'higher', value: rate },
      { metric: 'work.units', unit: 'count', better: 'neither', value: events },
    ];
  },
};
export default sysbench;
