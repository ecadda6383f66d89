import { ParseError, type Workload } from '../../src/model/workload.ts';

const line = 'idle';

const idle: Workload = {
  id: 'memory/idle',
  category: 'memory',
  image: 'base',
  title: 'Footprint of an idle container',
  description: `Starts busybox's \`sleep\`, waits until it has settled, then sums the proportional set size (PSS,
\`/proc/<pid>/smaps_rollup\`) of every host process that works for the container: its own, the shim, gVisor's sentry,
gofer and stubs, Kata's VMM and helpers. PSS counts a page that n processes share as 1/n, so nothing is counted twice.
Shared memory that the cgroup is charged for and that no process maps is added: under gVisor application memory is a
memfd of the sentry's, and its stubs map little of it. A figure depends a little on what else shares the same binary;
one container runs at a time here. What \`docker stats\` shows leaves out the shim always, and under Kata the whole
virtual machine.`,
  parameters: {},
  presets: { quick: [{}], standard: [{}], full: [{}], lab: [{}] },
  metrics: [
    {
      id: 'memory.footprint',
      unit: 'bytes',
      better: 'lower',
      description:
        'PSS of all processes of the sandbox, without the daemons, and shared memory of its cgroup that none of them maps',
    },
  ],
  precision: 0.03,
  representative: true,
  observe: { kind: 'idle', settleMs: 300 },
  container: () => ({ command: ['/bin/sh', '-c', `echo ${line}; exec sleep 3600`], timeoutMs: 30_000 }),
  parse({ stdout }) {
    if (stdout !== `${line}\n`)
      throw new ParseError(`expected the line '${line}', got ${JSON.stringify(stdout.slice(0, 80))}`);
    return [];
  },
};
export default idle;
