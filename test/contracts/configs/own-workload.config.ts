/**
 * A workload of one's own, beside those that are shipped:
 *
 *     ./ocibench run --config examples/own-workload.config.ts --workloads app/orders
 *
 * docs/own-workloads.md explains each part.
 */
import { defineConfig } from '../../../src/core/config/define-config.ts';
import { defineWorkload } from '../../../src/core/config/define-workload.ts';
import { ParseError } from '../../../src/core/model/trial/parser-output.ts';
import { stamped } from '../../../src/core/model/trial/stamped.ts';

const orders = 20_000;

/** Makes a document of orders and sums it up by customer, as a batch job would. */
const script = `
  seq ${orders} | jq -c '{customer: (. % 97), cents: (. * 7 % 5000)}' > /tmp/orders.json
  jq -s 'group_by(.customer) | map(map(.cents) | add) | add' /tmp/orders.json
`;

const batch = defineWorkload({
  id: 'app/orders',
  category: 'app',
  // A recipe: these Debian packages and what they need. { reference: 'registry/name:tag' } is an image that Docker has.
  image: {
    id: 'orders',
    description: 'jq and a shell',
    suite: 'trixie',
    packages: ['busybox-static', 'bash', 'jq'],
    remove: ['usr/share/doc', 'usr/share/man', 'etc/apt', 'etc/dpkg'],
  },
  title: 'Sum up orders with jq',
  description: `Writes ${orders} orders as JSON and sums them up by customer. A unit of work is one order.`,
  metrics: [
    {
      id: 'orders.rate',
      unit: 'ops/s',
      better: 'higher',
      description: 'orders per second of the stamped work',
    },
  ],
  container: () => ({
    command: stamped(['/bin/sh', '-c', script]),
    stamped: true,
    timeoutMs: 60_000,
  }),
  parse({ stdout, window }) {
    // The sum is known, so that a container which did something else is no data point.
    const sum = Array.from({ length: orders }, (_, i) => ((i + 1) * 7) % 5000).reduce((a, b) => a + b, 0);
    if (stdout.trim() !== String(sum)) throw new ParseError(`expected ${sum}, got '${stdout.slice(0, 60)}'`);
    if (window === null) throw new ParseError('no stamps');
    return [
      { metric: 'orders.rate', unit: 'ops/s', better: 'higher', value: orders / (window.containerNs / 1e9) },
      { metric: 'work.units', unit: 'count', better: 'neither', value: orders },
    ];
  },
});

export default defineConfig({ ownWorkloads: [batch] });
