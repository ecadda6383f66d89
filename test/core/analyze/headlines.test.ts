import { expect, test } from 'vitest';
import { headlineFinder } from '../../../src/core/analyze/headlines.ts';
import type { Measurement } from '../../../src/core/model/metric.ts';
import idle from '../../../workloads/memory/idle.ts';

const value = (metric: string, workload = idle.id): Measurement => ({
  runId: 'r',
  trialId: 't',
  block: 1,
  position: 0,
  phase: 'measure',
  cell: { runtime: 'runc', profile: 'default', layer: 'docker', workload, params: '' },
  category: 'memory',
  metric,
  unit: 'bytes',
  better: 'lower',
  value: 1,
  outcome: 'ok',
});

test('a workload’s first metric is its headline, also where nothing was measured', () => {
  expect(headlineFinder([idle], [value('memory.resident'), value('memory.footprint')])(idle.id)).toBe(
    'memory.resident',
  );
  expect(headlineFinder([idle], [])(idle.id)).toBe('memory.resident');
});

test('a run that has the former headline alone keeps it, under its own name', () => {
  const headlineOf = headlineFinder([idle], [value('memory.footprint'), value('pss.total')]);
  expect(headlineOf(idle.id)).toBe('memory.footprint');
  expect(headlineOf('gone/gone')).toBeUndefined();
});

test('another workload’s values say nothing of it', () => {
  expect(headlineFinder([idle], [value('memory.footprint', 'own/work')])(idle.id)).toBe('memory.resident');
});

test('an older run that was gone on with keeps the headline that most of its blocks have', () => {
  const before = Array.from({ length: 10 }, () => value('memory.footprint'));
  expect(headlineFinder([idle], [...before, value('memory.resident')])(idle.id)).toBe('memory.footprint');
});
