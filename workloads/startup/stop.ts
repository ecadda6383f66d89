import { messages, notices } from '../../src/core/messages/define.ts';
import { between } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';

const words = messages('workload.stop', {
  title: 'Stop a container',
});

const says = notices('workload.stop', {
  otherLine: "expected the line 'up', got {output}",
  notObeyed: 'the stop took {value} s: the program did not get SIGTERM',
});

/** A shell as PID 1 acts on a signal only when it does not wait for a foreground program. */
const script = "trap 'exit 0' TERM; echo up; sleep 3600 & wait";
const graceSeconds = 10;

const stop: Workload = {
  id: 'startup/stop',
  category: 'startup',
  image: 'base',
  title: words.title,
  description: `Ends a container that has settled, by \`signal=term\` (\`docker stop\`: SIGTERM to a program that obeys at once,
until the engine has noticed its end) or by \`signal=kill\` (SIGKILL). It is what a rolling deploy waits for, and what is left
when a container hangs. A stop that took ${graceSeconds} s was a SIGTERM that did not arrive: such a trial is a failed one.`,
  parameters: { signal: 'term or kill' },
  presets: {
    quick: [],
    standard: [{ signal: 'term' }],
    full: [{ signal: 'term' }, { signal: 'kill' }],
  },
  metrics: [
    {
      id: 'stop.time',
      unit: 'ns',
      better: 'lower',
      description: 'from the stop or kill call until the engine tells that the container has ended',
    },
  ],
  precision: 0.05,
  observe: { kind: 'nothing' },
  container: () => ({ command: ['/bin/sh', '-c', script], timeoutMs: 30_000 }),
  steps: ({ signal }) => [
    { do: 'await-first-output' },
    { do: 'settle', ms: 100 },
    signal === 'kill' ? { do: 'kill' } : { do: 'stop', graceSeconds },
  ],
  parse(evidence, { signal }) {
    if (evidence.stdout !== 'up\n')
      throw new ParseError(says.otherLine({ output: JSON.stringify(evidence.stdout.slice(0, 80)) }));
    const value = between(evidence, signal === 'kill' ? 'kill-begin' : 'stop-begin', 'exit');
    if (value >= graceSeconds * 1e9) throw new ParseError(says.notObeyed({ value: value / 1e9 }));
    return [{ metric: 'stop.time', unit: 'ns', better: 'lower', value }];
  },
};
export default stop;
