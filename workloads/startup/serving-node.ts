import { messages } from '../../src/core/messages/define.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { serving, servingCaveats } from '../lib/serving.ts';

const words = messages('workload.servingNode', {
  title: 'From create to serving: Node.js',
});

const port = 8080;

/** Print a line when listening, answer every request, and end on SIGTERM, which PID 1 ignores without a handler. */
const program = `
const server = require('node:http').createServer((_, response) => response.end('ok\\n'));
server.listen(${port}, () => console.log('listening'));
process.on('SIGTERM', () => process.exit(0));
`;

const workload: Workload = {
  id: 'startup/serving-node',
  category: 'startup',
  image: 'node',
  title: words.title,
  description: `A server of three lines in Node.js, from the create call until it serves. Most of it is the start of Node.js itself,
which reads and maps much before it runs anything: where a runtime makes files or memory dear, this grows more than for a
small server in C.

${servingCaveats}`,
  presets: {
    quick: [],
    standard: [{ server: 'node', seen: 'log' }],
    full: ['log', 'network'].map((seen) => ({ server: 'node', seen })),
  },
  ...serving({
    node: { command: ['/usr/bin/node', '-e', program], port, protocol: 'http', line: 'listening' },
  }),
};
export default workload;
