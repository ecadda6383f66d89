import { expect, test } from 'vitest';
import { tailAnswers, tailNs } from '../../../../src/features/sandbox/restore/tail.ts';

const answers = (ns: (i: number) => number) => Array.from({ length: tailAnswers }, (_, i) => ns(i));
const settled = answers(() => 100);

test('the tail is what the first answers take beyond the same ones asked again', () => {
  expect(tailNs([...answers((i) => (i < 2 ? 500 : 100)), ...settled])).toBe(800);
});

test('equal distributions have no tail, however skewed they are', () => {
  const skewed = answers((i) => (i % 10 === 0 ? 9_000 : 100));
  expect(tailNs([...skewed, ...skewed.toReversed()])).toBe(0);
});

test('it is negative where the first answers were faster', () => {
  expect(tailNs([...answers(() => 90), ...settled])).toBe(-1_000);
});
