import { defineConfig, defineWorkload, ParseError } from 'ocibench';
import { python, pythonStamps } from '../../src/tools/python-stamps.ts';
import { pacedWorkload, periodMs, work } from './paced-service.ts';

const pieces = 60;

/** The work of the service that is packed, at the service's own rate: a sandbox that has slept must be woken for each piece. */
const script = `
${pythonStamps}
${work}
stamp("begin")
next = time.monotonic()
for _ in range(${pieces}):
    work()
    next += ${periodMs} / 1000
    time.sleep(max(0, next - time.monotonic()))
stamp("end")
`.trim();

const paced = defineWorkload({
  id: pacedWorkload,
  category: 'app',
  image: 'python',
  title: 'Pieces of work',
  metrics: [
    {
      id: 'paced.rate',
      unit: 'ops/s',
      better: 'higher',
      description: 'pieces of work in a second of the stamped window',
    },
  ],
  container: () => ({ command: python(script), stamped: true, timeoutMs: 60_000 }),
  parse({ window }) {
    if (window === null) throw new ParseError('no stamps');
    return [
      { metric: 'paced.rate', unit: 'ops/s', better: 'higher', value: pieces / (window.containerNs / 1e9) },
      { metric: 'work.units', unit: 'count', better: 'neither', value: pieces },
    ];
  },
});

export default defineConfig({ ownWorkloads: [paced] });
