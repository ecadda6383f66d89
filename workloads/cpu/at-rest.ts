import { messages, notices } from '../../src/core/messages/define.ts';
import { figureOf } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';

const words = messages('workload.atRest', {
  title: 'CPU of idle containers',
});

const says = notices('workload.atRest', {
  budgetUsedUp: '{count} of {sandboxes} sandboxes used up the memory budget of {budgetBytes} bytes',
});

const sandboxes = 4;
const budgetBytes = 4 * 2 ** 30;
const settleMs = 1_000;
const idleMs = 2_000;

const atRest: Workload = {
  id: 'cpu/at-rest',
  category: 'cpu',
  image: 'base',
  title: words.title,
  description: `Starts ${sandboxes} containers that sleep, waits a second, and counts the CPU time that they and the engine use in the
next ${idleMs / 1000} s: what a sandbox costs that does nothing. The first second is left out because runtime and engine still work
after a container's first output (\`density.idle_cpu\` of \`startup/density\` has them in it). Natively nothing runs but the engine.
gVisor's sentry woke up by itself, for 2 to 4% of a CPU with systrap of release 20240729; since release-20260721 it rests when
its programs do. The engine's part is divided by the containers, and so falls as their number grows.`,
  parameters: {},
  presets: { quick: [], standard: [], full: [{}], capacity: [{}] },
  metrics: [
    {
      id: 'at_rest.cpu',
      unit: 'ratio',
      // A ratio of two nearly zero values says nothing about the cost of CPU, so it is excluded from the category's summary.
      better: 'neither',
      description:
        'CPU time of idle sandboxes and the engine ÷ time ÷ sandboxes: share of one CPU; absent where none was used',
    },
  ],
  precision: 0.05,
  maxBlocks: 8,
  observe: { kind: 'nothing' },
  container: () => ({ command: ['/bin/sh', '-c', 'echo idle; exec sleep 3600'], timeoutMs: 120_000 }),
  group: () => ({ kind: 'density', count: sandboxes, budgetBytes, settleMs, idleMs }),
  parse(evidence) {
    const count = figureOf(evidence, 'sandboxes.count');
    if (count !== sandboxes) throw new ParseError(says.budgetUsedUp({ count, sandboxes, budgetBytes }));
    const cpu = figureOf(evidence, 'sandboxes.idle_cpu') + figureOf(evidence, 'sandboxes.idle_engine_cpu');
    const value = cpu / figureOf(evidence, 'sandboxes.idle_time') / count;
    return value > 0 ? [{ metric: 'at_rest.cpu', unit: 'ratio', better: 'neither', value }] : [];
  },
};
export default atRest;
