import { expect, test } from 'vitest';
import { measuredHalfWidth } from '../../../../bench/prove/prediction-noise.ts';

const application = { workload: 'app/x', params: '' };
const pair = { native: 'runc', runtime: 'runsc', confidence: 0.9 };

/** Cells whose CPU time is this by block, the first block being 0. */
function cells(native: readonly number[], subject: readonly number[]) {
  const cell = (runtime: string, values: readonly number[]) => ({
    ...application,
    runtime,
    values: new Map([['work.cpu', new Map(values.map((value, block) => [block, value] as const))]]),
  });
  return [cell('runc', native), cell('runsc', subject)];
}

const native = [10, 20, 10, 30, 10, 20];

test('what disturbs a block as a whole leaves its slow-down as it is', () => {
  const subject = native.map((ns) => 7 * ns);
  expect(measuredHalfWidth(cells(native, subject), application, pair)).toBeCloseTo(0, 12);
});

test('a slow-down that differs by a factor of e leaves half of that open at most', () => {
  const subject = native.map((ns, block) => ns * Math.exp(block % 2));
  const width = measuredHalfWidth(cells(native, subject), application, pair);
  expect(width).toBeGreaterThan(0.2);
  expect(width).toBeLessThanOrEqual(0.5);
});

test('two blocks have no interval, and a cell that was not measured has none either', () => {
  expect(measuredHalfWidth(cells([1, 2], [3, 4]), application, pair)).toBeNull();
  expect(measuredHalfWidth([], application, pair)).toBeNull();
});
