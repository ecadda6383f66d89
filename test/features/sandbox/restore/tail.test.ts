import { expect, test } from 'vitest';
import { settledAnswers, tailAnswers, tailNs } from '../../../../src/features/sandbox/restore/tail.ts';

const settled = Array.from({ length: settledAnswers }, (_, i) => (i === 0 ? 9_000 : 100));

test('the tail is what the first answers take beyond as many settled ones; one slow settled answer does not matter', () => {
  const first = Array.from({ length: tailAnswers }, (_, i) => (i < 2 ? 500 : 100));
  expect(tailNs([...first, ...settled])).toBe(800);
});

test('it is negative where the first answers were faster', () => {
  const first = Array.from({ length: tailAnswers }, () => 90);
  expect(tailNs([...first, ...settled])).toBe(-1_000);
});
