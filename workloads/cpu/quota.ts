import { messages, notices } from '../../src/core/messages/define.ts';
import type { Params } from '../../src/core/model/trial/cell.ts';
import { type Evidence, figureOf } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { stamped } from '../../src/core/model/trial/stamped.ts';
import type { ParsedValue } from '../../src/core/model/workload/metric.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';

const words = messages('workload.quota', {
  title: 'A CPU quota, and whether it is kept',
});

const says = notices('workload.quota', {
  impossibleQuota: 'a quota of {cpus} CPUs',
  impossiblePeriods: 'the kernel counts {throttled} throttled periods of {periods}',
  noCpuTime: 'the CPU time between the stamps is not known',
  impossibleShare: '{cpuNs} ns of CPU in {hostNs} ns is {used} of the quota',
  noCpus: 'the container does not say how many CPUs it sees',
});

const done = 'quota: done';
/** Print the number of visible CPUs after the work, and stay alive: a removed cgroup has no limits to read. */
const script = `"$@" || exit; echo "quota: $(nproc) cpus visible"; echo "${done}"; exec sleep 3600`;

function cpusOf({ cpus }: Params): number {
  const number = Number(cpus);
  // A higher quota would need several threads, and hosts with one CPU refuse it.
  if (!(number >= 0.1 && number <= 0.9)) throw new RangeError(`cpu/quota has no cpus '${cpus}'`);
  return number;
}

/** The harness's figure, or null where the container's cgroup has none; ParseError where it was not read. */
function known(evidence: Evidence, id: string): number | null {
  const figure = evidence.figures[id];
  return figure !== undefined && 'absent' in figure ? null : figureOf(evidence, id);
}

/** The kernel's limits, as far as known: a quota that did not arrive in the container's cgroup has no figures there. */
function kernelSide(evidence: Evidence): ParsedValue[] {
  const quotaCpus = known(evidence, 'limits.cpus');
  const periods = known(evidence, 'throttle.periods');
  const throttled = known(evidence, 'throttle.throttled_periods');
  if (quotaCpus !== null && !(quotaCpus > 0 && quotaCpus < 10_000))
    throw new ParseError(says.impossibleQuota({ cpus: quotaCpus }));
  const values: ParsedValue[] = [];
  if (quotaCpus !== null)
    values.push({ metric: 'quota.cpus', unit: 'ratio', better: 'neither', value: quotaCpus });
  if (periods === null || throttled === null || periods === 0) return values;
  if (!(throttled >= 0 && throttled <= periods))
    throw new ParseError(says.impossiblePeriods({ throttled, periods }));
  return [
    ...values,
    { metric: 'quota.throttled', unit: 'ratio', better: 'neither', value: throttled / periods },
  ];
}

const quota: Workload = {
  id: 'cpu/quota',
  category: 'cpu',
  image: 'tools',
  title: words.title,
  description: `A container with a quota of less than a CPU (\`docker run --cpus\`) runs sysbench in one thread, which
would use a whole one, for a second of its own clock. Three sides of it are compared: what the kernel was told (\`cpu.max\` of
the container's own cgroup, or its counterpart in v1), what was used (CPU time of everything in the trial's cgroup over the
host's time, both between the stamps around the work), and how often the kernel held it back. 1.00 means that the quota was
honoured, within what the period of 100 ms in which the work begins and the one in which it ends can differ.

Where \`quota.cpus\` is missing the container's cgroup on the host has no quota: the runtime enforces it elsewhere (Kata, in its
guest) or not at all, and \`quota.used\` tells which. On a host that is busy itself the container may not even get its quota: then \`quota.used\` is below 1 and few periods or none
were throttled. Under gVisor the quota also covers the sentry and the gofer.

A program that starts a thread for each CPU it sees starts too many under a quota. runc and crun show all CPUs of the host.
So does gVisor with \`--cpu-num-from-quota=false\`, the default until release-20250804; since then it shows the quota, rounded
up, and never fewer than two. A program that starts so many threads is another one under either.`,
  parameters: { cpus: 'the quota in CPUs' },
  presets: { quick: [], standard: [{ cpus: 0.5 }], full: [{ cpus: 0.5 }, { cpus: 0.25 }] },
  metrics: [
    {
      id: 'quota.used',
      unit: 'ratio',
      better: 'neither',
      description:
        'CPU time used between the stamps per host time and quota; 1 means that the quota was kept',
    },
    {
      id: 'quota.cpus',
      unit: 'ratio',
      better: 'neither',
      description: 'the quota in CPUs, as the container’s cgroup has it',
    },
    {
      id: 'quota.throttled',
      unit: 'ratio',
      better: 'neither',
      description:
        'periods in which the container was held back per period in which it was runnable, start included',
    },
    {
      id: 'quota.visible_cpus',
      unit: 'count',
      better: 'neither',
      description: 'CPUs that nproc counts inside',
    },
  ],
  precision: 0.05,
  maxBlocks: 8,
  observe: { kind: 'series' },
  container: (params) => ({
    command: [
      '/bin/sh',
      '-c',
      script,
      'sh',
      ...stamped(['/usr/bin/sysbench', 'cpu', '--cpu-max-prime=20000', '--time=1', '--threads=1', 'run']),
    ],
    stamped: true,
    cpus: cpusOf(params),
    timeoutMs: 60_000,
  }),
  steps: () => [{ do: 'await-output', text: done, mark: 'work-done' }, { do: 'limits' }, { do: 'kill' }],
  parse(evidence, params) {
    const { window } = evidence;
    if (window === null || window.cpuNs === null) throw new ParseError(says.noCpuTime);
    const used = window.cpuNs / window.hostNs / cpusOf(params);
    // Bounds: a thread and its runtime use a few CPUs at most, and the container's clock is never twice as fast as the host's.
    if (!(window.hostNs > 0.5e9 && used > 0.01 && used < 50))
      throw new ParseError(says.impossibleShare({ cpuNs: window.cpuNs, hostNs: window.hostNs, used }));
    const visible = Number(/^quota: (\d{1,5}) cpus visible$/m.exec(evidence.stdout)?.[1] ?? Number.NaN);
    if (!(visible >= 1)) throw new ParseError(says.noCpus);
    return [
      { metric: 'quota.used', unit: 'ratio', better: 'neither', value: used },
      ...kernelSide(evidence),
      { metric: 'quota.visible_cpus', unit: 'count', better: 'neither', value: visible },
    ];
  },
};
export default quota;
