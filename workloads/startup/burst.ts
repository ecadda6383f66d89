import { median } from 'simple-statistics';
import { messages, notices } from '../../src/core/messages/define.ts';
import { timeTo } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Copy } from '../../src/core/model/trial/trial.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';

const words = messages('workload.burst', {
  title: 'Several containers at once',
});

const says = notices('workload.burst', {
  noOutput: 'container {index} of the burst has no first output',
  otherLine: "expected the line ''{line}'', got {output}",
  otherCount: '{copies} containers were started, not {count}',
});

const line = 'ocibench';

function firstOutput(copy: Copy): number {
  const time = timeTo('first-output', copy);
  if (time === null) throw new ParseError(says.noOutput({ index: String(copy.index) }));
  return time;
}

const burst: Workload = {
  id: 'startup/burst',
  category: 'startup',
  image: 'base',
  title: words.title,
  description: `Creates and starts \`count\` containers at the same moment through one API, each printing a line and ending,
as a rolling deploy or a function platform does. The main metric is the median time to first output *within* the burst; the
slowest container and the starts per second of the whole burst are beside it. One unit of work is one container: \`work.cpu\`
is the CPU, engine included, that one start costs when they compete. Once there are more starts than CPUs, time grows with the
CPU that a start needs, so a runtime that hides its work on an idle core shows it here.`,
  parameters: { count: 'containers started at once' },
  presets: {
    quick: [],
    standard: [1, 4, 8].map((count) => ({ count })),
    full: [1, 2, 4, 8, 16].map((count) => ({ count })),
  },
  metrics: [
    {
      id: 'burst.latency',
      unit: 'ns',
      better: 'lower',
      description: 'median over the containers of a burst: from the create call to the first byte of output',
    },
    {
      id: 'burst.latency_max',
      unit: 'ns',
      better: 'lower',
      description: 'the same of the slowest container',
    },
    {
      id: 'burst.rate',
      unit: 'ops/s',
      better: 'higher',
      description: 'containers of a burst ÷ time until the last of them has printed',
    },
  ],
  precision: 0.05,
  maxBlocks: 12,
  observe: { kind: 'nothing' },
  container: () => ({ command: ['/bin/echo', line], timeoutMs: 90_000 }),
  group: ({ count }) => ({ kind: 'burst', count: Number(count) }),
  parse({ stdout, copies }, { count }) {
    if (stdout !== `${line}\n`)
      throw new ParseError(says.otherLine({ line, output: JSON.stringify(stdout.slice(0, 80)) }));
    if (copies.length !== Number(count))
      throw new ParseError(says.otherCount({ copies: copies.length, count: String(count) }));
    const latencies = copies.map(firstOutput);
    const last = Math.max(
      ...copies.flatMap(({ marks }) =>
        marks.filter(({ name }) => name === 'first-output').map((m) => m.atNs),
      ),
    );
    return [
      { metric: 'burst.latency', unit: 'ns', better: 'lower', value: median(latencies) },
      { metric: 'burst.latency_max', unit: 'ns', better: 'lower', value: Math.max(...latencies) },
      { metric: 'burst.rate', unit: 'ops/s', better: 'higher', value: (copies.length / last) * 1e9 },
      { metric: 'work.units', unit: 'count', better: 'neither', value: copies.length },
    ];
  },
};
export default burst;
