import { expect, test } from 'vitest';
import { workloadReference } from '../../scripts/workload-reference.ts';
import { loadRecipes, loadWorkloads } from '../../src/core/config/workloads.ts';

test('every workload, parameter and metric is in it', async () => {
  const workloads = await loadWorkloads();
  const text = workloadReference(workloads, await loadRecipes());
  for (const { id, parameters, metrics } of workloads) {
    expect(text).toContain(`### \`${id}\``);
    for (const name of [...Object.keys(parameters), ...metrics.map((metric) => metric.id)])
      expect(text).toContain(`\`${name}\``);
  }
});
