import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import { blockLines, centreOf, type FitPoint } from '../../../../src/features/capacity/overhead/parts.ts';

const at = (xs: readonly number[], y: (x: number) => number): readonly FitPoint[] =>
  xs.map((x) => ({ x, y: y(x) }));
const asked = { atLeast: 3, confidence: 0.95 };

describe('the line of all blocks', () => {
  test('is the line where every point is on one', () => {
    const block = at([1, 4, 16], (x) => 3 + 2 * x);
    const lines = blockLines(
      Array.from({ length: 6 }, () => block),
      asked,
    );
    expect(lines?.intercept.value).toBeCloseTo(3, 9);
    expect(lines?.slope.value).toBeCloseTo(2, 9);
    expect(lines?.slope.blocks).toBe(6);
    expect(lines?.largest).toBeCloseTo(3, 9);
    expect(lines?.points).toBe(18);
  });

  test('is not moved by what differs from block to block', () => {
    const blocks = [0, 5, -3, 8, 1, 2, -7].map((drift) => at([1, 4, 16], (x) => drift + 2 * x));
    const lines = blockLines(blocks, asked);
    expect(lines?.slope).toMatchObject({ low: expect.closeTo(2, 9), high: expect.closeTo(2, 9) });
  });

  test('is hardly moved by a block that went wrong', () => {
    const blocks = Array.from({ length: 8 }, (_, i) => at([1, 4, 16], (x) => (i === 3 ? 1000 : 3 + 2 * x)));
    const lines = blockLines(blocks, asked);
    expect(lines?.intercept.value).toBeCloseTo(3, 6);
    expect(lines?.slope.value).toBeCloseTo(2, 6);
    expect(lines?.largest).toBeGreaterThan(900);
  });

  test('says which single point has the most', () => {
    const bent = at([0, 1, 2], (x) => (x === 1 ? 4 : 1));
    const lines = blockLines(
      Array.from({ length: 6 }, () => bent),
      asked,
    );
    expect(lines?.intercept.value).toBeCloseTo(2, 9);
    expect(lines?.largest).toBeCloseTo(4, 9);
  });

  test.each([
    ['no block', []],
    ['too few different sizes', [at([1, 1, 4], () => 1)]],
  ])('is none where there is %s', (_, blocks) => {
    expect(blockLines(blocks, asked)).toBeNull();
  });

  test('has no interval below six blocks', () => {
    const lines = blockLines(
      Array.from({ length: 5 }, () => at([1, 2, 3], (x) => x)),
      asked,
    );
    expect(lines?.slope).toMatchObject({ low: null, high: null, blocks: 5 });
  });

  test('covers the truth as often as it says', () => {
    const random = seededRandom('coverage');
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    let [intercepts, slopes] = [0, 0];
    const runs = 400;
    for (let i = 0; i < runs; i++) {
      const blocks = Array.from({ length: 8 }, () =>
        at([16, 64, 256, 512], (x) => 30 + 0.005 * x + normal()),
      );
      const { intercept, slope } = blockLines(blocks, asked) ?? {};
      const holds = (truth: number, estimate = intercept) =>
        (estimate?.low ?? Infinity) <= truth && truth <= (estimate?.high ?? -Infinity);
      if (holds(30)) intercepts++;
      if (holds(0.005, slope)) slopes++;
    }
    // 95 %; the standard error of a share of 400 is 1.1 %.
    expect(intercepts / runs).toBeGreaterThan(0.91);
    expect(slopes / runs).toBeGreaterThan(0.91);
  });
});

test('the centre of no value is none', () => {
  expect(centreOf([], 0.95)).toBeNull();
});
