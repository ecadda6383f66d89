import { quantileSorted } from 'simple-statistics';
import { messages, notices } from '../../src/core/messages/define.ts';
import { between, outputOf } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';

const words = messages('workload.session', { title: 'Commands in a row in a warm sandbox' });

const says = notices('workload.session', { otherOutput: '{name} printed {output}' });

const line = 'ocibench';
const namesOf = (commands: unknown) => Array.from({ length: Number(commands) }, (_, i) => `command${i + 1}`);

const session: Workload = {
  id: 'sandbox/session',
  category: 'sandbox',
  image: 'base',
  title: words.title,
  description: `Runs \`/bin/echo\` of busybox \`commands\` times, one after the other, in a sandbox that has settled: the tax that
every command of an agent's session pays, whatever it does. A round trip is what the caller waits for: from the exec call until
the engine has told the exit code. The CPU per command includes the engine's, which starts a process of the runtime for each.`,
  parameters: { commands: 'commands, one after the other' },
  presets: { quick: [], standard: [], full: [{ commands: 100 }], sandbox: [{ commands: 20 }] },
  metrics: [
    {
      id: 'session.round_trip',
      unit: 'ns',
      better: 'lower',
      description:
        'median over the commands: from the exec call until the engine has told the exit code; host CLOCK_MONOTONIC',
    },
    {
      id: 'session.round_trip_p95',
      unit: 'ns',
      better: 'lower',
      description: 'its 95th percentile',
    },
    {
      id: 'session.to_output',
      unit: 'ns',
      better: 'lower',
      description: 'median over the commands: from the exec call to the first byte that the command prints',
    },
    {
      id: 'session.cpu',
      unit: 'ns',
      better: 'lower',
      description:
        'CPU time of the sandbox and of the engine during the commands ÷ commands; absent where the engine’s is not known',
    },
  ],
  precision: 0.05,
  observe: { kind: 'nothing' },
  container: () => ({ command: ['/bin/sh', '-c', 'echo up; exec sleep 3600'], timeoutMs: 60_000 }),
  steps: ({ commands }) => [
    { do: 'await-first-output' },
    { do: 'settle', ms: 100 },
    ...namesOf(commands).map((name) => ({ do: 'exec', name, command: ['/bin/echo', line] }) as const),
    { do: 'kill' },
  ],
  parse(evidence, { commands }) {
    const names = namesOf(commands);
    for (const name of names) {
      const { stdout } = outputOf(evidence, name);
      if (stdout !== `${line}\n`)
        throw new ParseError(says.otherOutput({ name, output: JSON.stringify(stdout.slice(0, 80)) }));
    }
    const times = (end: 'output' | 'end') =>
      names.map((name) => between(evidence, `${name}-begin`, `${name}-${end}`)).toSorted((a, b) => a - b);
    const ns = (metric: string, value: number) => ({ metric, unit: 'ns', better: 'lower', value }) as const;
    const { cpuNs = null, engineCpuNs = null } = evidence.window ?? {};
    return [
      ns('session.round_trip', quantileSorted(times('end'), 0.5)),
      ns('session.round_trip_p95', quantileSorted(times('end'), 0.95)),
      ns('session.to_output', quantileSorted(times('output'), 0.5)),
      ...(cpuNs === null || engineCpuNs === null
        ? []
        : [ns('session.cpu', (cpuNs + engineCpuNs) / names.length)]),
    ];
  },
};
export default session;
