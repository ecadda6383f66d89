import { messages } from '../../../../core/messages/define.ts';
import type { Workload } from '../../../../core/model/workload/workload.ts';
import { tailAnswers } from '../../restore/tail.ts';
import { heldMiB, restoreCaveats, restored } from '../../restore/workload.ts';

const words = messages('workload.restorePython', { title: 'Restore a warmed service: Python' });

/** Holds random pages, works for its argument in ms by its own clock, then answers lines; READ reads a byte of every page of a slice. */
const program = `
import os, sys, time
held = os.urandom(${heldMiB} << 20)
end = time.monotonic() + float(sys.argv[1]) / 1000
state = {'hits': 0}
while time.monotonic() < end: pass
for line in sys.stdin:
    verb, key, *value = line.split()
    if verb == 'INCR': state[key] += 1
    if verb == 'SET': state[key] = value[0]
    if verb == 'READ': held[int(key) << 12::${tailAnswers} << 12]
    print('OK' if verb in ('SET', 'READ') else state[key], flush=True)
`;

const workload: Workload = {
  id: 'restore/python',
  image: 'python',
  title: words.title,
  description: `A service in Python that holds ${heldMiB} MiB and has worked for \`warmUp\` ms before it answers, as one that imports its
libraries: a fresh start against a restore from a checkpoint, each to its first right answer.

${restoreCaveats}`,
  parameters: { warmUp: 'work of the service before its first answer, ms by its own clock' },
  presets: { quick: [], standard: [], full: [0, 200, 1_000].map((warmUp) => ({ warmUp })) },
  ...restored({
    command: ({ warmUp }) => ['/usr/bin/python3', '-c', program, String(warmUp)],
    warmUpMs: ({ warmUp }) => Number(warmUp),
    read: () => 'READ',
  }),
};
export default workload;
