import { messages } from '../../src/core/messages/define.ts';
import { stamped } from '../../src/core/model/trial/stamped.ts';
import type { ParsedValue } from '../../src/core/model/workload/metric.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { perfBenchTime } from '../lib/perf-bench.ts';
import {
  operationMetrics,
  operationNamed,
  operationValues,
  stressNgCommand,
  stressorValues,
} from '../lib/stress-ng.ts';

const words = messages('workload.process', {
  title: 'Processes: fork, exec, exit',
});

interface Operation {
  readonly command: readonly string[];
  readonly values: (stdout: string) => readonly ParsedValue[];
}

/** Creates one child at a time, which ends and is waited for. */
function forking(stressor: 'fork' | 'vfork', ops: number): Operation {
  const run = { stressor, ops, options: [`--${stressor}-max`, '1'] };
  return { command: stressNgCommand(run), values: (stdout) => stressorValues(stdout, run) };
}

const programs = 50;
const operations: Readonly<Record<string, Operation>> = {
  fork: forking('fork', 50),
  vfork: forking('vfork', 300),
  exec: {
    command: stamped(['/usr/bin/perf', 'bench', 'syscall', 'execve', '--loop', String(programs)]),
    values: (stdout) => operationValues(perfBenchTime(stdout, `Executed ${programs} execve() calls`)),
  },
};

const processes: Workload = {
  id: 'syscall/process',
  category: 'syscall',
  image: 'tools',
  title: words.title,
  description: `Children made one after the other. One operation is

- \`exec\`: fork, execve of \`/bin/true\` (busybox, linked statically) and waitpid, by \`perf bench syscall execve\` (${programs} times).
  The parent is perf itself, a program of 10 MB with many libraries, so the fork copies the page tables of a process of
  ordinary size;
- \`fork\`: fork, exit of the child and waitpid, by stress-ng (50 times; the parent also gives each child a process group). The
  parent is smaller than perf, so the time is not that of \`exec\` without the execve;
- \`vfork\`: the same with vfork (300 times), which copies nothing.

gVisor makes the child twice: a task in the sentry, and a host process or its address space for the platform.`,
  parameters: { op: `what is measured: ${Object.keys(operations).join(', ')}` },
  presets: {
    quick: [],
    standard: [{ op: 'exec' }],
    full: Object.keys(operations).map((op) => ({ op })),
    lab: [{ op: 'exec' }],
    'gvisor-flags': [{ op: 'exec' }],
  },
  metrics: operationMetrics,
  precision: 0.1,
  observe: { kind: 'series' },
  container: ({ op }) => ({
    command: operationNamed('syscall/process', operations, op).command,
    stamped: true,
    mounts: [{ type: 'tmpfs', target: '/scratch' }],
    timeoutMs: 60_000,
  }),
  parse: ({ stdout }, { op }) => operationNamed('syscall/process', operations, op).values(stdout),
};
export default processes;
