import { messages, notices } from '../../src/core/messages/define.ts';
import type { Params } from '../../src/core/model/trial/cell.ts';
import type { Evidence } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';

const words = messages('workload.smallestLimit', {
  starts: 'yes, within {limit}',
  title: 'The smallest limit that a container starts in',
});

const says = notices('workload.smallestLimit', {
  doesNotStart:
    'a container does not start within {limit} of memory under this runtime ({kills} OOM kills): give it a higher limit',
  otherLine: "expected the line ''{line}'', got {output}",
});

const mib = 2 ** 20;
const limits = { '8M': 8 * mib, '16M': 16 * mib, '32M': 32 * mib, '64M': 64 * mib } as const;
const line = 'started';

function limitBytes({ limit }: Params): number {
  const found = Object.entries(limits).find(([name]) => name === limit);
  if (found === undefined) throw new RangeError(`memory/smallest has no limit '${limit}'`);
  return found[1];
}

function figure({ cgroup }: Evidence, id: string): number | null {
  const found = cgroup?.figures[id];
  return found === undefined || 'absent' in found ? null : found.value;
}

const smallest: Workload = {
  id: 'memory/smallest',
  category: 'memory',
  image: 'base',
  title: words.title,
  description: `Starts a container with a small memory limit that prints a line and sleeps. Where it starts, the memory that the trial's
cgroup was charged at most says how near it was; where it does not, the test is *unsupported* with that reason, but only if
the kernel counted an OOM kill in the trial's cgroup or the limit was reached: any other failure to start stays a failure.

A runtime's own processes count: under runc the runtime itself starts inside the limit for a moment, under gVisor sentry and
gofer live in it. It is the headroom that a limit needs beside the application. Under Kata the limit is that of a cgroup in
the guest, and where the virtual machine works outside the container's cgroup, what the host sees of it
(\`memory.resident\`) takes the place of the peak.`,
  parameters: { limit: 'memory limit of the container: 8M, 16M, 32M or 64M' },
  presets: {
    quick: [],
    standard: [{ limit: '16M' }],
    full: Object.keys(limits).map((name) => ({ limit: name })),
  },
  metrics: [
    {
      id: 'memory.peak',
      unit: 'bytes',
      better: 'lower',
      description:
        "highest memory.current of the trial's cgroup (v1: max_usage_in_bytes), from create to removal",
    },
  ],
  precision: 0.05,
  maxBlocks: 8,
  observe: { kind: 'idle', settleMs: 0 },
  container: (params) => ({
    command: ['/bin/sh', '-c', `echo ${line}; exec sleep 3600`],
    memoryBytes: limitBytes(params),
    timeoutMs: 20_000,
  }),
  parse({ stdout }) {
    if (stdout !== `${line}\n`)
      throw new ParseError(says.otherLine({ line, output: JSON.stringify(stdout.slice(0, 80)) }));
    return [];
  },
  facts: (_, params) => [{ id: 'smallest.starts', value: words.starts({ limit: String(params.limit) }) }],
  refused(evidence, params) {
    // The container printed its line and was ended by the harness, so it starts. One that ended by itself has no exit code
    // here.
    if (evidence.stdout !== '' && evidence.exitCode !== null) return null;
    const [kills, peak] = [figure(evidence, 'memory.oom_kills'), figure(evidence, 'memory.peak')];
    const reached = (kills ?? 0) > 0 || (peak ?? 0) >= 0.95 * limitBytes(params);
    if (!reached) return null;
    return says.doesNotStart({ limit: String(params.limit), kills: kills ?? 'unknown' });
  },
};
export default smallest;
