import { expect, test } from 'vitest';
import { headlineFinder } from '../../../src/core/analyze/rows/subjects.ts';
import idle from '../../../workloads/memory/idle.ts';

test('a workload’s first metric is its headline, and a workload that is gone has none', () => {
  const headlineOf = headlineFinder([idle]);
  expect(headlineOf(idle.id)).toBe('memory.resident');
  expect(headlineOf('gone/gone')).toBeUndefined();
});
