import { expect, test } from 'vitest';
import { external } from '../../../../src/core/messages/compose.ts';
import type { Message } from '../../../../src/core/messages/message.ts';
import { idleMemory } from '../../../../src/features/proof/calibrate/idle-loop.ts';
import type { IdleOutcome } from '../../../../src/features/proof/calibrate/idle-round.ts';

const mebibyte = 2 ** 20;

/** Rounds on a host where starting and removing a sandbox takes `sandboxMs`; `errorOf`: MiB per sandbox, by round. */
function rounds({
  sandboxMs = 100,
  errorOf = (_runtime: string, _round: number): number | null => 0,
  runtimes = ['runc', 'crun'],
  absent = null as Message | null,
} = {}) {
  let clock = 0;
  const counts: number[] = [];
  const memory = idleMemory({
    runtimes,
    absent,
    counts: [12, 6],
    seed: 1,
    minRounds: 6,
    maxRounds: 12,
    interrupt: new AbortController().signal,
    now: () => clock,
    onRound: () => undefined,
    warmUp: async (plan) => {
      clock += plan.runtimes.length * plan.count * sandboxMs;
      return [];
    },
    measureRound: async (plan) => {
      counts.push(plan.count);
      clock += plan.runtimes.length * plan.count * sandboxMs + (plan.runtimes.length + 1) * 2_500;
      return plan.runtimes.map((runtime): IdleOutcome => {
        const error = errorOf(runtime, counts.length);
        return error === null
          ? { runtime, failure: external('no start') }
          : {
              runtime,
              memory: {
                available: 10 * mebibyte,
                sandboxes: 10 * mebibyte + error * mebibyte,
                engine: 0,
                engineProcesses: 0,
              },
            };
      });
    },
  });
  const verdicts = () => memory.result().checks.map(({ verdict }) => verdict);
  return { memory, counts, verdicts, clock: () => clock };
}

const all = (ms: number) => ({ beginMs: ms, leftMs: ms });

test('with time, a round has many sandboxes, and six rounds settle what does not scatter', async () => {
  const { memory, counts, verdicts } = rounds();
  await memory.measure(all(1e6));
  expect(counts).toEqual(Array(6).fill(12));
  expect(verdicts()).toEqual(['pass', 'pass']);
});

test('where nobody can tell what the engine is charged, no round is measured, and the bill is absent', async () => {
  const { memory, counts, verdicts, clock } = rounds({
    absent: external('the engine is in the root cgroup'),
  });
  await memory.measure(all(1e6));
  expect([counts, clock()]).toEqual([[], 0]);
  expect(verdicts()).toEqual(['absent', 'absent']);
  expect(memory.result().checks[0]?.note).toBe('the engine is in the root cgroup');
});

test('with less time a round has fewer, so that there are six all the same', async () => {
  const { memory, counts, verdicts, clock } = rounds();
  await memory.measure(all(55_000));
  expect(counts).toEqual(Array(6).fill(6));
  expect(verdicts()).toEqual(['pass', 'pass']);
  expect(clock()).toBeLessThanOrEqual(56_000);
});

test('where there is no time for six rounds, none is begun, and the check says what it takes', async () => {
  const { memory, counts } = rounds({ sandboxMs: 1_000 });
  await memory.measure(all(60_000));
  expect(counts).toEqual([]);
  const [check] = memory.result().checks;
  expect(check).toMatchObject({ verdict: 'inconclusive', needs: { morePairs: 6 } });
  expect(check?.note).toContain('inconclusive: about 6 more pairs would settle it');
});

test('what was not begun is begun later, if there is time then', async () => {
  const { memory, counts, verdicts } = rounds();
  await memory.measure({ beginMs: 20_000, leftMs: 100_000 });
  expect(counts).toEqual([]);
  await memory.measure(all(100_000));
  expect(counts).toHaveLength(6);
  expect(verdicts()).toEqual(['pass', 'pass']);
});

test('rounds that scatter go on, in all the time there is', async () => {
  const { memory, counts } = rounds({ errorOf: (_, round) => (round % 2 === 0 ? 3 : -3) });
  await memory.measure({ beginMs: 80_000, leftMs: 100_000 });
  const first = counts.length;
  expect(first).toBeGreaterThanOrEqual(6);
  await memory.measure(all(1e6));
  expect(counts).toHaveLength(12);
});

test('what scatters hopelessly is given up after three rounds, and the other runtime goes on', async () => {
  const { memory, counts, verdicts } = rounds({
    errorOf: (runtime, round) => (runtime === 'crun' ? 50 * (-1) ** round : 0),
  });
  await memory.measure(all(1e6));
  expect(counts).toHaveLength(6);
  expect(verdicts()).toEqual(['pass', 'inconclusive']);
  expect(memory.result().bills.filter(({ runtime }) => runtime === 'crun')).toHaveLength(3);
});

test('a runtime that does not start is given up', async () => {
  const { memory, counts } = rounds({ runtimes: ['runc'], errorOf: () => null });
  await memory.measure(all(1e6));
  expect(counts).toHaveLength(3);
  expect(memory.result().checks[0]).toMatchObject({
    n: 0,
    note: expect.stringMatching(/^3 failed, the first with: no start/),
  });
});
