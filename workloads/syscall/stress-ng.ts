import { messages, notices } from '../../src/core/messages/define.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { stamped } from '../../src/core/model/trial/stamped.ts';
import type { MetricDefinition, ParsedValue } from '../../src/core/model/workload/metric.ts';
import { droppedCapabilities, type Workload } from '../../src/core/model/workload/workload.ts';
import { afterClockSettled, smallCache } from '../lib/stress-ng.ts';

const words = messages('workload.stressNg', {
  title: 'Cost of system calls',
});

const says = notices('workload.stressNg', {
  impossibleTime: 'stress-ng reports {average} ns for {name}, which cannot be',
  reservedName: 'stress-ng reports a call named {name}',
  twice: 'stress-ng reports {name} twice',
  missingCalls: "stress-ng's table of {all} calls has no {missing}",
  impossibleRate: 'stress-ng reports {rate} operations per second',
});

/** Calls that do almost nothing in a kernel, so that only entry and exit remain. All tested runtimes support them. */
const trivialCalls = [
  'getegid',
  'geteuid',
  'getgid',
  'getgroups',
  'getpgid',
  'getpgrp',
  'getpid',
  'getppid',
  'getpriority',
  'getresgid',
  'getresuid',
  'getsid',
  'gettid',
  'getuid',
  'sched_get_priority_max',
  'sched_get_priority_min',
  'sched_getparam',
  'sched_getscheduler',
  'sigpending',
  'umask',
] as const;

const trivial: MetricDefinition = {
  id: 'syscall.trivial',
  unit: 'ns/op',
  better: 'lower',
  description: `geometric mean over ${trivialCalls.length} trivial calls of stress-ng's average time per call`,
};
const throughput: MetricDefinition = {
  id: 'syscall.throughput',
  unit: 'ops/s',
  better: 'higher',
  description: "stress-ng's bogo operations (tests of system calls) per second of real time",
};
const perCall: MetricDefinition = {
  id: 'syscall.*',
  unit: 'ns/op',
  better: 'lower',
  description: "stress-ng's average time per call, for every call that succeeded more than once",
};

/** One row of the table: `syscall:   getpid   531.0   431   631` (average, shortest, longest, ns). */
const rowPattern = /^stress-ng: info: +\[\d+\] syscall: +([a-z0-9_]{1,40}) +(\d+\.\d+) +(\d+) +(\d+)$/;
/** `metrc: [1] syscall   1912   0.23   0.01   0.03   8388.82 …`: stressor, bogo ops, real, user, system, rate. */
const ratePattern = /^stress-ng: metrc: +\[\d+\] syscall +\d+ +\d+\.\d+ +\d+\.\d+ +\d+\.\d+ +(\d+\.\d+) /m;

/**
 * Bounds, ns. The table also has calls that the vDSO answers without entering a kernel (time, gettimeofday): tens of
 * ns, less on a fast machine. A call of more than a minute would not have fitted in the run.
 */
const plausibleNs = [1, 60e9] as const;
/** ocibench's own metrics of the family `syscall.*`: a call of such a name would be mistaken for one of them. */
const reserved: ReadonlySet<string> = new Set([trivial.id, throughput.id]);

function isTrivial(name: string): boolean {
  return (trivialCalls as readonly string[]).includes(name);
}

/** Average time of every call that was timed more than once, ns. */
function parseCalls(stdout: string): Map<string, number> {
  const calls = new Map<string, number>();
  const seen = new Set<string>();
  for (const line of stdout.split('\n')) {
    const found = rowPattern.exec(line.trimEnd());
    if (found === null) continue;
    const [name = '', average] = [found[1], Number(found[2])];
    const once = Number(found[3]) === Number(found[4]);
    if (!(average >= plausibleNs[0] && average <= plausibleNs[1]))
      throw new ParseError(says.impossibleTime({ average, name }));
    if (reserved.has(`syscall.${name}`)) throw new ParseError(says.reservedName({ name }));
    if (seen.has(name)) throw new ParseError(says.twice({ name }));
    seen.add(name);
    // The trivial ones are among the fastest, so they are always repeated; with a coarse clock, all can have the same
    // time.
    if (!once || isTrivial(name)) calls.set(name, average);
  }
  return calls;
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

const stressNg: Workload = {
  id: 'syscall/stress-ng',
  category: 'syscall',
  image: 'tools',
  title: words.title,
  description: `stress-ng's \`--syscall\` times about 250 system calls one by one, then repeats the faster three quarters until
it has made 1000. Each call that succeeded becomes a metric \`syscall.<name>\`; the main metric is the geometric mean over ${trivialCalls.length} calls that do next to
nothing in a kernel, which is where the ways of the runtimes into their kernel differ most. A single call of a single run
says little (about five calls each); the blocks make it a distribution.

stress-ng prints the average, the shortest and the longest time of a call, not how often it succeeded. A call whose
shortest time is its longest was timed once, cold, in that trial; it is left out of it, so that a cold call under one
runtime is not compared with warm ones under another. Which calls these are differs: a call with few values was slow or seldom
succeeded.

Calls on sockets are left out: stress-ng's tests of them race and can wait for ever. They need a writable \`/tmp\`, so the
container gets one that is not. Under gVisor the container first waits until its own clock shows a second, because stress-ng
misreads a clock that shows less, and because reading it is a system call until then (\`syscall/clock\`); this costs wall time
but is not part of any figure. No work is counted per CPU time: stress-ng's own start would be most of it.`,
  parameters: {},
  presets: { quick: [], standard: [{}], full: [{}] },
  metrics: [trivial, throughput, perCall],
  precision: 0.1,
  observe: { kind: 'series' },
  container: () => ({
    command: afterClockSettled(
      stamped([
        '/usr/bin/stress-ng',
        '--temp-path',
        '/scratch',
        ...smallCache,
        '--syscall',
        '1',
        '--syscall-method',
        'fast75',
        '--syscall-ops',
        '1000',
        '--syscall-top',
        '0',
        '--metrics',
        '--timeout',
        '20',
      ]),
    ),
    stamped: true,
    mounts: [
      { type: 'tmpfs', target: '/scratch' },
      { type: 'tmpfs', target: '/tmp', readOnly: true },
    ],
    needs: {
      because: 'it also times calls that capabilities allow (chroot, mknod); one that is refused costs less',
      capabilities: droppedCapabilities,
    },
    timeoutMs: 40_000,
  }),
  parse({ stdout }): readonly ParsedValue[] {
    const calls = parseCalls(stdout);
    const missing = trivialCalls.filter((name) => !calls.has(name));
    if (missing.length > 0)
      throw new ParseError(says.missingCalls({ all: calls.size, missing: missing.slice(0, 3).join(', ') }));
    const rate = Number(ratePattern.exec(stdout)?.[1] ?? Number.NaN);
    if (!(rate > 0 && rate < 1e9)) throw new ParseError(says.impossibleRate({ rate }));
    const mean = geometricMean(trivialCalls.map((name) => calls.get(name) ?? Number.NaN));
    const value = ({ unit, better }: MetricDefinition, metric: string, number: number): ParsedValue => ({
      metric,
      unit,
      better,
      value: number,
    });
    return [
      value(trivial, trivial.id, mean),
      value(throughput, throughput.id, rate),
      ...[...calls].map(([name, average]) => value(perCall, `syscall.${name}`, average)),
    ];
  },
};
export default stressNg;
