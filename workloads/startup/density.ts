import { messages, notices } from '../../src/core/messages/define.ts';
import { figureOf } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';

const words = messages('workload.density', {
  title: 'Idle containers side by side',
});

const says = notices('workload.density', {
  budgetUsedUp: '{count} of {sandboxes} sandboxes used up the memory budget of {budgetBytes} bytes',
});

const budgetBytes = 4 * 2 ** 30;

const density: Workload = {
  id: 'startup/density',
  category: 'memory',
  image: 'base',
  title: words.title,
  description: `Starts \`sandboxes\` containers that sleep, waits, and asks what each of them costs the host, from three sides:
the memory of all processes that work for them, each page once and in full (main metric), what their cgroups are charged and could not give
back, and the fall of the host's \`MemAvailable\` (with the free pages of its CPUs), which knows nothing of cgroups and processes, so that it is fair to every
runtime and holds page tables and kernel memory too. What all sandboxes share (a runtime's binary in the page cache, the first
container's start of the engine) is spread over them, so the figure per sandbox falls as their number grows. While they idle,
the CPU that they and the engine use is counted: gVisor's sentry woke up by itself until the releases of July 2026.

MemAvailable moves with everything else on the host: on a busy one its fall can even be negative, which is kept as it is and
has no ratio. No more sandboxes are started once the
host has lost ${budgetBytes / 2 ** 30} GiB.`,
  parameters: { sandboxes: 'containers that are idle at the same time' },
  presets: {
    quick: [],
    standard: [1, 4, 8].map((sandboxes) => ({ sandboxes })),
    full: [1, 4, 8, 16, 32].map((sandboxes) => ({ sandboxes })),
    capacity: [1, 4].map((sandboxes) => ({ sandboxes })),
  },
  metrics: [
    {
      id: 'density.resident',
      unit: 'bytes',
      better: 'lower',
      description:
        'memory of all processes of the sandboxes, shims included, each page once and in full, and shared memory that none maps ÷ sandboxes',
    },
    {
      id: 'density.footprint',
      unit: 'bytes',
      better: 'lower',
      description:
        'PSS of all processes of the sandboxes, shims included, and shared memory that none maps ÷ sandboxes',
    },
    {
      id: 'density.charged',
      unit: 'bytes',
      better: 'lower',
      description:
        'charge of the trial’s cgroup without page cache and slab that could be reclaimed ÷ sandboxes; no shims',
    },
    {
      id: 'density.available',
      unit: 'bytes',
      better: 'lower',
      description:
        'fall of MemAvailable (/proc/meminfo) and of free pages per CPU (/proc/zoneinfo) ÷ sandboxes; negative where the host gained memory meanwhile',
    },
    {
      id: 'density.idle_cpu',
      unit: 'ratio',
      better: 'lower',
      description:
        'CPU time of sandboxes and engine while idle ÷ time ÷ sandboxes: share of one CPU; absent where none was used, or the engine’s is not known',
    },
  ],
  precision: 0.05,
  maxBlocks: 8,
  observe: { kind: 'nothing' },
  container: () => ({ command: ['/bin/sh', '-c', 'echo idle; exec sleep 3600'], timeoutMs: 120_000 }),
  group: ({ sandboxes }) => ({ kind: 'density', count: Number(sandboxes), budgetBytes, idleMs: 1_500 }),
  parse(evidence, { sandboxes }) {
    const count = figureOf(evidence, 'sandboxes.count');
    if (count !== Number(sandboxes))
      throw new ParseError(says.budgetUsedUp({ count, sandboxes: String(sandboxes), budgetBytes }));
    const bytes = (metric: string, of: string) =>
      ({ metric, unit: 'bytes', better: 'lower', value: figureOf(evidence, of) / count }) as const;
    const ofEngine = evidence.figures['sandboxes.idle_engine_cpu'];
    // The memory is worth measuring where the engine's CPU time is not known.
    const cpu =
      ofEngine === undefined || 'absent' in ofEngine
        ? 0
        : figureOf(evidence, 'sandboxes.idle_cpu') + ofEngine.value;
    return [
      bytes('density.resident', 'sandboxes.resident'),
      bytes('density.footprint', 'sandboxes.footprint'),
      bytes('density.charged', 'sandboxes.charged'),
      bytes('density.available', 'sandboxes.available'),
      ...(cpu > 0
        ? [
            {
              metric: 'density.idle_cpu',
              unit: 'ratio',
              better: 'lower',
              value: cpu / figureOf(evidence, 'sandboxes.idle_time') / count,
            } as const,
          ]
        : []),
    ];
  },
};
export default density;
