import { defineConfig, defineWorkload, ParseError } from 'ocibench';
import { figureOf } from '../../src/model/evidence.ts';
import { pacedCommand, pacedCpus, pacedWorkload } from './paced-service.ts';

/**
 * The service itself, several times side by side. A piece of work takes more CPU time alone on a host at rest than where caches
 * and CPUs are awake, and hosts that are planned are not at rest.
 */
const paced = defineWorkload({
  id: pacedWorkload,
  category: 'app',
  image: 'python',
  title: 'Services that wake up and work',
  parameters: { sandboxes: 'services side by side' },
  presets: { quick: [6, 12, 18].map((sandboxes) => ({ sandboxes })), standard: [], full: [] },
  metrics: [
    {
      id: pacedCpus,
      unit: 'ratio',
      better: 'lower',
      description: 'CPU time of sandboxes and engine ÷ time ÷ sandboxes',
    },
  ],
  container: () => ({ command: pacedCommand, timeoutMs: 120_000 }),
  group: ({ sandboxes }) => ({
    kind: 'density',
    count: Number(sandboxes),
    budgetBytes: 4 * 2 ** 30,
    settleMs: 2000,
    idleMs: 8000,
  }),
  parse(evidence, { sandboxes }) {
    const count = figureOf(evidence, 'sandboxes.count');
    if (count !== Number(sandboxes)) throw new ParseError(`${count} sandboxes of ${sandboxes} fitted`);
    const cpuNs = figureOf(evidence, 'sandboxes.idle_cpu') + figureOf(evidence, 'sandboxes.idle_engine_cpu');
    const value = cpuNs / figureOf(evidence, 'sandboxes.idle_time') / count;
    return [{ metric: pacedCpus, unit: 'ratio', better: 'lower', value }];
  },
});

export default defineConfig({ ownWorkloads: [paced] });
