import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadRecipes, loadWorkloads } from '../../src/core/config/workloads.ts';
import { workloadReference } from '../../src/report/workload-reference.ts';

test('docs/workloads.md says what the workloads are (write it anew with: npm run docs)', async () => {
  const written = readFileSync(join(import.meta.dirname, '../../docs/workloads.md'), 'utf8');
  expect(written).toBe(workloadReference(await loadWorkloads(), await loadRecipes()));
});

test('every workload, parameter and metric is in it', async () => {
  const workloads = await loadWorkloads();
  const text = workloadReference(workloads, await loadRecipes());
  for (const { id, parameters, metrics } of workloads) {
    expect(text).toContain(`### \`${id}\``);
    for (const name of [...Object.keys(parameters), ...metrics.map((metric) => metric.id)])
      expect(text).toContain(`\`${name}\``);
  }
});
