import { expect, test } from 'vitest';
import { blocksForInterval } from '../../../src/core/analyze/claims/looks.ts';

test('an interval needs six blocks at 95 %, eight at 99 %', () => {
  // The widest interval of n pairs misses with probability 2^(1−n).
  expect(blocksForInterval(0.05)).toBe(6);
  expect(blocksForInterval(0.01)).toBe(8);
  expect(blocksForInterval(0.5)).toBe(6);
});
