import { messages } from '../../src/core/messages/define.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { nginxServer, ports, redisServer } from '../lib/service-workloads.ts';
import { serving, servingCaveats } from '../lib/serving.ts';

const words = messages('workload.serving', {
  title: 'From create to serving',
});

const workload: Workload = {
  id: 'startup/serving',
  category: 'startup',
  image: 'servers',
  title: words.title,
  description: `A real server, from the create call until it serves: what a rollout or a restart waits for.

${servingCaveats}`,
  presets: {
    quick: [],
    standard: [
      { server: 'redis', seen: 'log' },
      { server: 'nginx', seen: 'network' },
    ],
    full: ['redis', 'nginx'].flatMap((server) => ['log', 'network'].map((seen) => ({ server, seen }))),
  },
  ...serving({
    redis: {
      command: redisServer,
      port: ports.redis,
      protocol: 'redis',
      line: 'Ready to accept connections',
    },
    nginx: {
      command: nginxServer(1024),
      port: ports.nginx,
      protocol: 'http',
      line: 'start worker process ',
    },
  }),
};
export default workload;
