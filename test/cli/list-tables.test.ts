import { expect, test } from 'vitest';
import type { Lists } from '../../src/app/list.ts';
import { listTables } from '../../src/cli/list-tables.ts';
import { metric } from '../../src/core/metrics/metric.ts';
import { harnessMetrics } from '../../src/core/metrics/registry.ts';

const create = harnessMetrics.find(({ id }) => id === 'startup.create');
if (create === undefined) throw new Error('startup.create is not measured');
const odd = metric({
  id: 'test.odd',
  unit: 'ns',
  better: 'lower',
  label: 'odd',
  description: 'tab\tand \u001b[2Jend',
});
const lists: Lists = {
  runtimes: [
    {
      name: 'runc',
      path: '/usr/bin/runc',
      runtimeArgs: ['--systemd-cgroup'],
      origin: 'PATH',
      family: 'runc',
      version: null,
      sha256: null,
    },
  ],
  workloads: [],
  profiles: [],
  runs: [],
  metrics: [
    { ...create, from: 'every workload' },
    { ...odd, from: 'app/odd' },
  ],
};

test('each list is a table within the width, in the language of the reader', async () => {
  const text = await listTables(lists, ['runtimes', 'metrics'], { lang: 'fr', width: 80 });
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  const [runtimes = '', metrics = ''] = text.split('\n\n');
  expect(runtimes).toMatch(
    /^runtime +comment il est déclaré +version\nrunc +\/usr\/bin\/runc --systemd-cgroup .* +non installé ici$/,
  );
  expect(metrics).toMatch(/^métrique +unité +mieux +ce que c’est\nstartup\.create +ns +lower +création\n/);
});

test('text of a list can do nothing but be read', async () => {
  expect(await listTables(lists, ['metrics'], { lang: 'en', width: 100 })).not.toMatch(/[\u001b\t]/);
});
