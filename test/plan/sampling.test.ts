import { expect, test } from 'vitest';
import { decide, type SubjectState } from '../../src/plan/sampling.ts';

const config = { minBlocks: 7, maxBlocks: 12, maxTimeMs: 100_000 };
const state = (subject: string, more: Partial<SubjectState> = {}): SubjectState => ({
  subject,
  blocks: 7,
  width: 2,
  costMs: 1000,
  alive: true,
  ...more,
});

test('all subjects go on until the least number of blocks, however narrow their intervals', () => {
  const states = [state('a', { blocks: 3, width: null }), state('b', { blocks: 3, width: 0.1 })];
  expect(decide(states, config, 0)).toEqual({ kind: 'block', subjects: ['a', 'b'] });
});

test('a subject that is precise enough costs no more time', () => {
  const states = [state('wide'), state('narrow', { width: 0.9 })];
  expect(decide(states, config, 0)).toEqual({ kind: 'block', subjects: ['wide'] });
});

test('it stops by precision, by blocks and by time, and says which', () => {
  expect(decide([state('a', { width: 1 })], config, 0)).toEqual({ kind: 'stop', reason: 'precision' });
  expect(decide([state('a', { blocks: 12 })], config, 0)).toEqual({ kind: 'stop', reason: 'max-blocks' });
  expect(decide([state('a')], config, 99_500)).toEqual({ kind: 'stop', reason: 'max-time' });
  expect(decide([state('a', { alive: false })], config, 0)).toEqual({
    kind: 'stop',
    reason: 'nothing-to-measure',
  });
});

test('scarce time goes to the fewest blocks first, then to the widest interval', () => {
  const states = [
    state('narrower', { width: 1.5, costMs: 4000 }),
    state('wider', { width: 3, costMs: 4000 }),
    state('behind', { blocks: 6, width: 1.1, costMs: 4000 }),
  ];
  expect(decide(states, config, 91_000)).toEqual({ kind: 'block', subjects: ['wider', 'behind'] });
  expect(decide(states, config, 95_500)).toEqual({ kind: 'block', subjects: ['behind'] });
});
