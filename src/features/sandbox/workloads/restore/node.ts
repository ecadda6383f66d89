import { messages } from '../../../../core/messages/define.ts';
import type { Workload } from '../../../../core/model/workload/workload.ts';
import { tailAnswers } from '../../restore/tail.ts';
import { heldMiB, restoreCaveats, restored } from '../../restore/workload.ts';

const words = messages('workload.restoreNode', { title: 'Restore a warmed service: Node.js' });

/** Holds random pages, works for its argument in ms by its own clock, then answers lines; READ reads a byte of every page of a slice. */
const program = `
const warm = Number(process.argv[1]);
const held = require('node:crypto').randomBytes(${heldMiB} << 20);
const begin = performance.now();
const state = new Map([['hits', 0]]);
for (let x = 1; performance.now() - begin < warm; ) x = (x * 1103515245 + 12345) % 2147483648;
let sum = 0;
const read = (slice) => { for (let i = slice << 12; i < held.length; i += ${tailAnswers} << 12) sum += held[i]; };
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const [verb, key, value] = line.split(' ');
  if (verb === 'INCR') state.set(key, state.get(key) + 1);
  if (verb === 'SET') state.set(key, value);
  if (verb === 'READ') read(Number(key));
  process.stdout.write((verb === 'SET' || verb === 'READ' ? 'OK' : state.get(key)) + '\\n');
});
`;

const workload: Workload = {
  id: 'restore/node',
  image: 'node',
  title: words.title,
  description: `A service in Node.js that holds ${heldMiB} MiB and has worked for \`warmUp\` ms before it answers, as one that reads its
configuration and compiles its code: a fresh start against a restore from a checkpoint, each to its first right answer.

${restoreCaveats}`,
  parameters: { warmUp: 'work of the service before its first answer, ms by its own clock' },
  presets: {
    quick: [],
    standard: [],
    full: [0, 200, 1_000].map((warmUp) => ({ warmUp })),
    sandbox: [{ warmUp: 200 }],
  },
  ...restored({
    command: ({ warmUp }) => ['/usr/bin/node', '-e', program, String(warmUp)],
    warmUpMs: ({ warmUp }) => Number(warmUp),
    read: () => 'READ',
  }),
};
export default workload;
