import { expect, test } from 'vitest';
import { data, standard } from './drawn.ts';

test('sequence: the order is that of time', () => {
  const at = data(standard, 'run-sequence').map((value) => value.at);
  expect(at).toEqual(at.map((_, i) => i + 1));
});
