import { messages } from '../../../../core/messages/define.ts';
import type { Workload } from '../../../../core/model/workload/workload.ts';
import { objectives } from '../../density/knee.ts';
import { densityFacts, densityMetrics, mostBlocks, parseDensity, stepSize } from '../../density/workload.ts';

const words = messages('workload.densityIdle', { title: 'Idle sandboxes, one more and up to the knee' });

const idle: Workload = {
  id: 'density/idle',
  category: 'density',
  image: 'base',
  title: words.title,
  description: `Adds sandboxes that sleep, four at a time, in steps, until something breaks or \`upTo\` of them run. After
each step it reads the memory of all of them, the CPU that they use at rest, and the host. A line over the steps gives what
*one more* costs (main metric: memory, each page once and in full); what all share is in the line’s beginning, not in its slope.
Few sandboxes are cheap enough for the blocks of a verdict on that; many look for the knee, in two blocks.

It ends where a start of the last step (95th percentile; of fewer than 20 the median) takes more than
${objectives.startTimes}× the median of the first step and more than ${objectives.startNs / 1e9} s, where the sandboxes use more than half of the CPUs at rest and tasks wait for
one during ${objectives.cpuPressure * 100} % of that time, where the sandboxes hold a tenth of the memory and tasks wait
for it during ${objectives.memoryPressure * 100} % of a step, after two minutes of starting, where a start fails or a sandbox ends; and before the host suffers: a fifth of its memory, and at least 1 GiB,
stays free, and a tenth of its threads and open files. What broke is a fact.`,
  parameters: { upTo: 'sandboxes at most' },
  presets: {
    quick: [],
    standard: [],
    full: [{ upTo: 8 }, { upTo: 1024 }],
    sandbox: [{ upTo: 8 }],
  },
  metrics: densityMetrics,
  precision: 0.05,
  maxBlocks: mostBlocks,
  observe: { kind: 'nothing' },
  container: () => ({ command: ['/bin/sh', '-c', 'echo idle; exec sleep 3600'], timeoutMs: 120_000 }),
  group: ({ upTo }) => ({
    kind: 'runner',
    runner: 'density',
    count: Number(upTo),
    needsHost: true,
    settings: { step: stepSize(Number(upTo)), settleMs: 400, windowMs: 600 },
  }),
  parse: parseDensity,
  facts: densityFacts,
};
export default idle;
