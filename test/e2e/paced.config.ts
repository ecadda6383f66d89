import { defineConfig, defineWorkload, ParseError } from 'ocibench';
import { python, pythonStamps } from '../../src/tools/python-stamps.ts';
import { pacedWorkload, work } from './paced-service.ts';

const pieces = 400;

/**
 * The work of the service that is packed, with short pauses, one piece after the other: what each piece costs, with hardly any
 * rest in which a sandbox wakes for itself.
 */
const script = `
${pythonStamps}
${work}
stamp("begin")
for _ in range(${pieces}):
    work()
    time.sleep(0.0005)
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
