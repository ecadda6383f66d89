import { messages, notices } from '../../src/core/messages/define.ts';
import { between, outputOf } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';

const words = messages('workload.exec', {
  title: 'Run a program in a running container',
});

const says = notices('workload.exec', {
  otherOutput: '{name} printed {output}',
});

const line = 'ocibench';
const rounds = 3;
const names = Array.from({ length: rounds }, (_, i) => `exec${i + 1}`);

const exec: Workload = {
  id: 'startup/exec',
  category: 'startup',
  image: 'base',
  title: words.title,
  description: `\`docker exec\` through the API: \`/bin/echo\` of busybox, ${rounds} times one after the other in a container that has
settled; the median counts. It is what health checks, debuggers and CI steps do. Under gVisor a host process (\`runsc exec\`)
lives as long as each program; under Kata the agent in the guest starts it.`,
  parameters: {},
  presets: { quick: [], standard: [{}], full: [{}] },
  metrics: [
    {
      id: 'exec.to_output',
      unit: 'ns',
      better: 'lower',
      description: 'from the exec call to the first byte that the program prints; host CLOCK_MONOTONIC',
    },
    {
      id: 'exec.total',
      unit: 'ns',
      better: 'lower',
      description: 'from the exec call until the engine has told the exit code',
    },
  ],
  precision: 0.05,
  representative: true,
  observe: { kind: 'nothing' },
  container: () => ({ command: ['/bin/sh', '-c', 'echo up; exec sleep 3600'], timeoutMs: 30_000 }),
  steps: () => [
    { do: 'await-first-output' },
    { do: 'settle', ms: 100 },
    ...names.map((name) => ({ do: 'exec', name, command: ['/bin/echo', line] }) as const),
    { do: 'kill' },
  ],
  parse(evidence) {
    for (const name of names)
      if (outputOf(evidence, name).stdout !== `${line}\n`)
        throw new ParseError(
          says.otherOutput({ name, output: JSON.stringify(outputOf(evidence, name).stdout.slice(0, 80)) }),
        );
    const middle = (end: 'output' | 'end') =>
      names.map((name) => between(evidence, `${name}-begin`, `${name}-${end}`)).toSorted((a, b) => a - b)[
        Math.floor(rounds / 2)
      ] ?? Number.NaN;
    return [
      { metric: 'exec.to_output', unit: 'ns', better: 'lower', value: middle('output') },
      { metric: 'exec.total', unit: 'ns', better: 'lower', value: middle('end') },
    ];
  },
};
export default exec;
