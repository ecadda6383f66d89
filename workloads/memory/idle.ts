import { messages, notices } from '../../src/core/messages/define.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { idleMemoryMetric } from '../lib/memory-metric.ts';

const words = messages('workload.memoryIdle', {
  title: 'Footprint of an idle container, as if the first on its host',
});

const says = notices('workload.memoryIdle', {
  otherLine: "expected the line ''{line}'', got {output}",
});

const line = 'idle';

const idle: Workload = {
  id: 'memory/idle',
  category: 'memory',
  image: 'base',
  title: words.title,
  description: `Starts busybox's \`sleep\`, waits until it has settled, then adds up the memory of every host process that
works for the container: its own, the shim, gVisor's sentry, gofer and stubs, Kata's VMM and helpers. A page that several
of them map counts once (\`/proc/<pid>/smaps\` and \`pagemap\`), and at its full size even where other containers of the host
map it too: program text is there once per host, and \`memory.private\` is the figure without it, which is what one more
container costs. The proportional set size (PSS) is \`memory.footprint\`; it shrinks with every other container that runs.
Shared memory that the cgroup is charged for and that no process maps is added: under gVisor application memory is a
memfd of the sentry's, and its stubs map little of it. What \`docker stats\` shows leaves out the shim always, and under
Kata the whole virtual machine.`,
  parameters: {},
  presets: { quick: [{}], standard: [{}], full: [{}], lab: [{}], 'gvisor-flags': [{}], capacity: [{}] },
  metrics: [idleMemoryMetric],
  precision: 0.03,
  representative: true,
  observe: { kind: 'idle', settleMs: 300 },
  container: () => ({ command: ['/bin/sh', '-c', `echo ${line}; exec sleep 3600`], timeoutMs: 30_000 }),
  parse({ stdout }) {
    if (stdout !== `${line}\n`)
      throw new ParseError(says.otherLine({ line, output: JSON.stringify(stdout.slice(0, 80)) }));
    return [];
  },
};
export default idle;
