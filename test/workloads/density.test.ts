import { expect, test } from 'vitest';
import type { Figure } from '../../src/core/model/trial/trial.ts';
import density from '../../workloads/startup/density.ts';
import { output, valuesOf } from './support.ts';

const value = (of: number): Figure => ({ value: of, source: '' });
const figures = (engine: Figure) => ({
  figures: {
    'sandboxes.count': value(4),
    'sandboxes.idle_time': value(8e9),
    'sandboxes.idle_cpu': value(48e6),
    'sandboxes.idle_engine_cpu': engine,
    ...Object.fromEntries(
      ['resident', 'footprint', 'charged', 'available'].map((name) => [`sandboxes.${name}`, value(400)]),
    ),
  },
});
const memory = {
  'density.resident': 100,
  'density.footprint': 100,
  'density.charged': 100,
  'density.available': 100,
};

test('memory of a sandbox, and the CPU that it and its share of the engine use while idle', () => {
  const parsed = density.parse(output('idle\n', figures(value(16e6))), { sandboxes: 4 });
  expect(valuesOf(parsed)).toEqual({ ...memory, 'density.idle_cpu': 0.002 });
});

test('memory alone where the CPU time of the engine is not known', () => {
  const parsed = density.parse(output('idle\n', figures({ absent: 'the engine runs in the root cgroup' })), {
    sandboxes: 4,
  });
  expect(valuesOf(parsed)).toEqual(memory);
});
