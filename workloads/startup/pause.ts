import { messages, notices } from '../../src/core/messages/define.ts';
import { between } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';

const words = messages('workload.pause', {
  title: 'Freeze and thaw a container',
});

const says = notices('workload.pause', {
  otherLine: "expected the line 'up', got {output}",
});

const pause: Workload = {
  id: 'startup/pause',
  category: 'startup',
  image: 'base',
  title: words.title,
  description: `\`docker pause\` and \`docker unpause\` through the API, on a container that sleeps: what platforms do that keep
containers warm without letting them run. runc and crun use the freezer of cgroups; gVisor stops its sentry's tasks by itself;
Kata stops the guest.`,
  parameters: {},
  presets: { quick: [], standard: [{}], full: [{}] },
  metrics: [
    {
      id: 'pause.round',
      unit: 'ns',
      better: 'lower',
      description: 'the pause call until it answers, and the unpause call until it answers',
    },
    { id: 'pause.freeze', unit: 'ns', better: 'lower', description: 'the pause call alone' },
    { id: 'pause.thaw', unit: 'ns', better: 'lower', description: 'the unpause call alone' },
  ],
  precision: 0.05,
  observe: { kind: 'nothing' },
  container: () => ({ command: ['/bin/sh', '-c', 'echo up; exec sleep 3600'], timeoutMs: 30_000 }),
  steps: () => [
    { do: 'await-first-output' },
    { do: 'settle', ms: 100 },
    { do: 'pause' },
    { do: 'settle', ms: 50 },
    { do: 'unpause' },
    { do: 'kill' },
  ],
  parse(evidence) {
    if (evidence.stdout !== 'up\n')
      throw new ParseError(says.otherLine({ output: JSON.stringify(evidence.stdout.slice(0, 80)) }));
    const freeze = between(evidence, 'pause-begin', 'pause-end');
    const thaw = between(evidence, 'unpause-begin', 'unpause-end');
    return [
      { metric: 'pause.round', unit: 'ns', better: 'lower', value: freeze + thaw },
      { metric: 'pause.freeze', unit: 'ns', better: 'lower', value: freeze },
      { metric: 'pause.thaw', unit: 'ns', better: 'lower', value: thaw },
    ];
  },
};
export default pause;
