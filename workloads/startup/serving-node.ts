import type { Workload } from '../../src/model/workload.ts';
import { nodeServer, ports } from '../../src/tools/servers.ts';
import { serving, servingCaveats } from '../../src/tools/serving.ts';

const workload: Workload = {
  id: 'startup/serving-node',
  category: 'startup',
  image: 'nodejs',
  title: 'From create to serving: Node.js',
  description: `A server of six lines in Node.js, from the create call until it serves. Most of it is the start of Node.js itself,
which reads and maps much before it runs anything: where a runtime makes files or memory dear, this grows more than for a
small server in C.

${servingCaveats}`,
  presets: {
    quick: [],
    standard: [{ server: 'node', seen: 'log' }],
    full: ['log', 'network'].map((seen) => ({ server: 'node', seen })),
  },
  ...serving({
    node: { command: nodeServer, port: ports.node, protocol: 'http', line: 'listening' },
  }),
};
export default workload;
