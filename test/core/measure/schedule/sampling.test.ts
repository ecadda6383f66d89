import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide, type SubjectState } from '../../../../src/core/measure/schedule/sampling.ts';

const config = { minBlocks: 7, maxBlocks: 12, maxTimeMs: 100_000 };
const state = (subject: string, more: Partial<SubjectState> = {}): SubjectState => ({
  subject,
  blocks: 7,
  width: 2,
  settled: null,
  share: null,
  costMs: 1000,
  maxBlocks: 99,
  alive: true,
  ...more,
});

test('all subjects go on until the least number of blocks, however narrow their intervals', () => {
  const states = [
    state('a', { blocks: 3, width: null }),
    state('b', { blocks: 3, width: 0.1, settled: 'precise' }),
  ];
  expect(decide(states, config, 0)).toEqual({ kind: 'block', subjects: ['a', 'b'] });
});

test.each([
  ['precise', 0.9],
  ['clear', 9],
] as const)('a subject that is %s costs no more time', (settled, width) => {
  const states = [state('open'), state('done', { settled, width })];
  expect(decide(states, config, 0)).toEqual({ kind: 'block', subjects: ['open'] });
});

test('a workload that has nothing new to tell after some blocks gets no more of them, and no time is kept for it', () => {
  const facts = state('facts', { blocks: 1, maxBlocks: 1, width: null });
  expect(decide([facts, state('wide')], config, 0)).toEqual({ kind: 'block', subjects: ['wide'] });
  expect(decide([facts], config, 0)).toEqual({ kind: 'stop', reason: 'max-blocks' });
  const dear = state('dear', { blocks: 3, maxBlocks: 4, width: null, costMs: 90_000 });
  // One block of it is wanted, not the four that the others need.
  expect(decide([dear], config, 5_000)).toEqual({ kind: 'block', subjects: ['dear'] });
});

test('it stops by precision, by blocks and by time, and says which', () => {
  const precise = state('a', { settled: 'precise' });
  expect(decide([precise], config, 0)).toEqual({ kind: 'stop', reason: 'precision' });
  const clear = state('b', { settled: 'clear' });
  expect(decide([precise, clear], config, 0)).toEqual({ kind: 'stop', reason: 'decided' });
  const last = state('c', { blocks: 12 });
  expect(decide([precise, last], config, 0)).toEqual({ kind: 'stop', reason: 'max-blocks' });
  // A workload that has no more to tell has nothing to be precise about.
  const facts = state('facts', { blocks: 1, maxBlocks: 1, width: null });
  expect(decide([precise, facts], config, 0)).toEqual({ kind: 'stop', reason: 'precision' });
  expect(decide([state('a', { blocks: 12 })], config, 0)).toEqual({ kind: 'stop', reason: 'max-blocks' });
  expect(decide([state('a')], config, 99_500)).toEqual({ kind: 'stop', reason: 'max-time' });
  expect(decide([state('a', { alive: false })], config, 0)).toEqual({
    kind: 'stop',
    reason: 'nothing-to-measure',
  });
});

test('time beyond the least number of blocks goes to the widest interval first', () => {
  const states = [
    state('narrower', { width: 1.5, costMs: 4000 }),
    state('wider', { width: 3, costMs: 4000 }),
    state('behind', { blocks: 6, width: 1.1, costMs: 4000 }),
  ];
  expect(decide(states, config, 91_000)).toEqual({ kind: 'block', subjects: ['wider', 'behind'] });
  expect(decide(states, config, 95_500)).toEqual({ kind: 'block', subjects: ['behind'] });
});

test('blocks follow shares, and what lags behind its own comes first', () => {
  const states = [
    state('quiet', { blocks: 10, share: 1 }),
    state('loud', { blocks: 10, share: 4 }),
    state('new', { blocks: 6, share: null }),
  ];
  expect(decide(states, { ...config, maxBlocks: 99 }, 0)).toEqual({
    kind: 'block',
    subjects: ['loud', 'new'],
  });
  const equal = states.map((each) => ({ ...each, share: 2, blocks: 10 }));
  expect(decide(equal, { ...config, maxBlocks: 99 }, 0)).toMatchObject({
    subjects: ['quiet', 'loud', 'new'],
  });
  // What lags does not fit into the time left, and what fits does not wait for it.
  const dear = [state('quiet', { share: 1 }), state('loud', { share: 4, costMs: 50_000 })];
  expect(decide(dear, config, 90_000)).toEqual({ kind: 'block', subjects: ['quiet'] });
});

test('in the long run, blocks are in proportion to shares', () => {
  const limits = { minBlocks: 6, maxBlocks: 1000, maxTimeMs: 1e9 };
  const blocks = new Map(Object.entries({ one: 6, two: 6, five: 6 }));
  const shares = { one: 1, two: 2, five: 5 };
  for (let i = 0; i < 400; i++) {
    const states = Object.entries(shares).map(([name, share]) =>
      state(name, { share, blocks: blocks.get(name) ?? 0, maxBlocks: 1000 }),
    );
    const decision = decide(states, limits, 0);
    if (decision.kind === 'stop') throw new Error('it goes on');
    for (const name of decision.subjects) blocks.set(name, (blocks.get(name) ?? 0) + 1);
  }
  const [one = 0, two = 0, five = 0] = blocks.values();
  expect(two / one).toBeCloseTo(2, 1);
  expect(five / one).toBeCloseTo(5, 1);
});

test('when not all can be brought to the least number of blocks, those that can are, cheapest first', () => {
  const states = [
    state('dear', { blocks: 1, width: null, costMs: 10_000 }),
    state('cheap', { blocks: 1, width: null, costMs: 2_000 }),
    state('middling', { blocks: 1, width: null, costMs: 4_000 }),
  ];
  // 12 s + 24 s are reserved; of the other 14 s the dear one gets a block too.
  expect(decide(states, config, 50_000)).toEqual({ kind: 'block', subjects: ['dear', 'cheap', 'middling'] });
  // Nothing is left beside the reserved 36 s for a subject that could not be finished anyway.
  expect(decide(states, config, 60_000)).toEqual({ kind: 'block', subjects: ['cheap', 'middling'] });
  expect(decide(states, config, 87_000)).toEqual({ kind: 'block', subjects: ['cheap'] });
});

test('whatever the costs, a block never costs more than the time left', () => {
  const subject = fc.record({
    blocks: fc.nat({ max: 12 }),
    width: fc.option(fc.double({ min: 0, max: 5, noNaN: true })),
    costMs: fc.double({ min: 1, max: 50_000, noNaN: true }),
  });
  fc.assert(
    fc.property(
      fc.array(subject, { maxLength: 12 }),
      fc.double({ min: 0, max: 120_000, noNaN: true }),
      (many, elapsed) => {
        const states = many.map((more, i) => state(`s${i}`, more));
        const decision = decide(states, config, elapsed);
        if (decision.kind === 'stop') return;
        const cost = states
          .filter((s) => decision.subjects.includes(s.subject))
          .reduce((sum, s) => sum + (s.costMs ?? 0), 0);
        expect(cost).toBeLessThanOrEqual(config.maxTimeMs - elapsed + 1e-6);
      },
    ),
  );
});
