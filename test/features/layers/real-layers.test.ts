import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { collectSamples } from '../../../src/core/analyze/values/samples.ts';
import type { Layer } from '../../../src/core/model/trial/cell.ts';
import type { Measurement } from '../../../src/core/model/workload/metric.ts';
import { layerStacks } from '../../../src/features/layers/analyses/layer-stacks.ts';
import { runRecord, runSubject, runtimeFacts } from '../../support/records.ts';

interface Recorded {
  readonly cells: readonly {
    readonly layer: Layer;
    readonly runtime: string;
    readonly params: string;
    /** metric → ns by block, from block 1 */
    readonly values: Readonly<Record<string, readonly (number | null)[]>>;
  }[];
}
const file = join(import.meta.dirname, '../../fixtures/layers/real-run.json');
const { cells } = JSON.parse(readFileSync(file, 'utf8')) as Recorded;

const measurements = cells.flatMap(({ layer, runtime, params, values }) =>
  Object.entries(values).flatMap(([metric, byBlock]) =>
    byBlock.flatMap((value, index): Measurement[] => {
      const cell = { runtime, profile: 'default', layer, workload: 'startup/echo', params };
      const place = { runId: 'real', trialId: `${index} ${layer} ${runtime} ${params}`, position: 0 };
      const measured = { metric, unit: 'ns', better: 'lower', value, outcome: 'ok' } as const;
      return value === null
        ? []
        : [{ ...place, block: index + 1, phase: 'measure', cell, category: 'startup', ...measured }];
    }),
  ),
);
const runtimes = ['runc', 'crun', 'runsc'];
const run = runRecord({
  runtimes: runtimes.map((name) => runtimeFacts(name)),
  subjects: [runSubject('startup/echo')],
});
const stacks = layerStacks(run, collectSamples(measurements));

describe('a real run at all layers, on a busy host', () => {
  test.each(stacks.map((stack) => [`${stack.runtime} ${stack.metric}`, stack] as const))(
    '%s: the layers add up to what was measured through Docker, within 5 %%',
    (_, { sum, whole, steps }) => {
      expect(steps.map(({ parts }) => parts.join())).toEqual([
        'process',
        'namespaces',
        'runtime',
        'containerd',
        'docker',
      ]);
      expect(Math.abs(sum / whole.estimate - 1)).toBeLessThan(0.05);
    },
  );

  test('every runtime is there, and what differs between them is the runtime', () => {
    const first = stacks.filter(({ metric }) => metric === 'startup.to_output');
    expect(first.map(({ runtime }) => runtime)).toEqual(runtimes);
    const of = (part: string) => first.map(({ steps }) => steps.find(({ parts }) => parts.join() === part));
    const [runc, crun, runsc] = of('runtime');
    expect(crun?.high).toBeLessThan(runc?.low ?? 0);
    expect(runsc?.low).toBeGreaterThan(runc?.high ?? 0);
    for (const step of of('docker')) expect(step?.low).toBeGreaterThan(0);
  });
});
