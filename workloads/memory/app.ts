import { messages, notices } from '../../src/core/messages/define.ts';
import type { Params } from '../../src/core/model/trial/cell.ts';
import { outputOf } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { ScenarioStep } from '../../src/core/model/workload/scenario.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { idleMemoryMetric } from '../lib/memory-metric.ts';

const words = messages('workload.memoryApp', {
  title: 'Memory of idle applications',
});

const says = notices('workload.memoryApp', {
  otherOutput: '{name}: expected {wanted}, got {output}',
  notReady: 'the application did not say that it is ready: {output}',
});

const keys = 50_000;
const valueBytes = 256;
const socket = '/tmp/redis.sock';
const settleMs = 300;

function client(...words: readonly string[]): readonly string[] {
  return ['/usr/bin/redis-cli', '-s', socket, ...words];
}

/** The program, its output when it is ready, and the steps that follow. */
interface App {
  readonly command: readonly string[];
  readonly ready: string;
  readonly fill: readonly (Extract<ScenarioStep, { do: 'exec' }> & { readonly prints: string })[];
}

const apps: Readonly<Record<string, App>> = {
  redis: {
    command: [
      '/usr/bin/redis-server',
      '--port',
      '0',
      '--unixsocket',
      socket,
      '--dir',
      '/tmp',
      '--save',
      '',
      '--appendonly',
      'no',
      '--enable-debug-command',
      'yes',
    ],
    ready: 'Ready to accept connections',
    fill: [
      {
        do: 'exec',
        name: 'populate',
        command: client('debug', 'populate', String(keys), 'key', String(valueBytes)),
        prints: 'OK\n',
      },
      { do: 'exec', name: 'count', command: client('dbsize'), prints: `${keys}\n` },
    ],
  },
  python: {
    command: [
      '/usr/bin/python3',
      '-I',
      '-c',
      'import json, re, time\nprint("ready", flush=True)\ntime.sleep(3600)',
    ],
    ready: 'ready',
    fill: [],
  },
};

function appOf({ app }: Params): App {
  const found = Object.entries(apps).find(([name]) => name === app);
  if (found === undefined) throw new RangeError(`memory/app has no app '${app}'`);
  return found[1];
}

const app: Workload = {
  id: 'memory/app',
  category: 'memory',
  image: 'apps',
  title: words.title,
  description: `Starts an application, fills it where it holds data, waits until it has settled, and sums its memory as for an idle
container (\`memory/idle\`): what an idle service costs the host, so that the sandbox's share shows in proportion.

- \`redis\`: redis-server without persistence, holding ${keys} keys of ${valueBytes} bytes (\`DEBUG POPULATE\`), reached over a Unix
  socket inside the container by \`docker exec\`.
- \`python\`: the interpreter with the modules json and re, asleep.

A Redis of 20 MB is small; the larger the data, the nearer the ratio is to 1, since what a sandbox adds is mostly a fixed sum.`,
  parameters: { app: 'redis (with a data set) or python (the interpreter)' },
  presets: {
    quick: [],
    standard: [{ app: 'redis' }],
    full: Object.keys(apps).map((name) => ({ app: name })),
  },
  metrics: [idleMemoryMetric],
  precision: 0.03,
  maxBlocks: 8,
  observe: { kind: 'nothing' },
  container: (params) => ({ command: appOf(params).command, timeoutMs: 30_000 }),
  steps(params) {
    const { ready, fill } = appOf(params);
    return [
      { do: 'await-output', text: ready, mark: 'ready' },
      ...fill.map(({ prints: _, ...step }) => step),
      { do: 'settle', ms: settleMs },
      { do: 'snapshot' },
      { do: 'kill' },
    ];
  },
  parse(evidence, params) {
    for (const { name, prints } of appOf(params).fill) {
      const { stdout } = outputOf(evidence, name);
      if (stdout !== prints)
        throw new ParseError(
          says.otherOutput({
            name,
            wanted: JSON.stringify(prints),
            output: JSON.stringify(stdout.slice(0, 80)),
          }),
        );
    }
    if (!evidence.stdout.includes(appOf(params).ready))
      throw new ParseError(says.notReady({ output: JSON.stringify(evidence.stdout.slice(-120)) }));
    return [];
  },
};
export default app;
