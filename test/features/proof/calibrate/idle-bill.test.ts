import { expect, test } from 'vitest';
import { external } from '../../../../src/core/messages/compose.ts';
import {
  billsOf,
  judgeIdleMemory,
  type MemoryView,
} from '../../../../src/features/proof/calibrate/idle-round.ts';

const mebibyte = 2 ** 20;
const view = (atMs: number, available: number, sandboxes: number, engine: number): MemoryView => ({
  atMs,
  available,
  sandboxes,
  engine,
  processes: engine,
});

test('each step of a round gets what it added, per sandbox', () => {
  const bills = billsOf(
    [view(0, 1000, 0, 50), view(10, 960, 8, 82), view(20, 800, 136, 114), view(30, 1000, 0, 50)],
    8,
  );
  expect(bills).toEqual([
    { available: 5, sandboxes: 1, engine: 4, engineProcesses: 4 },
    { available: 20, sandboxes: 16, engine: 4, engineProcesses: 4 },
  ]);
});

test('a steady change of the host meanwhile is in none of them', () => {
  const views = [view(0, 1000, 0, 50), view(10, 960, 8, 82), view(25, 800, 136, 114), view(30, 1000, 0, 50)];
  const drifting = views.map((each) => ({ ...each, available: each.available - 3 * each.atMs }));
  expect(billsOf(drifting, 8)).toEqual(billsOf(views, 8));
});

test('a round in which nothing started has no bill', () => {
  expect(billsOf([view(0, 1000, 0, 50), view(10, 1000, 0, 50)], 8)).toEqual([]);
});

test('memory that nobody is charged for fails', () => {
  const rounds = (uncharged: number) =>
    [0, 1, 2, 3, 4, 5].map((round) => ({
      available: (20 + round / 10 + uncharged) * mebibyte,
      sandboxes: 15 * mebibyte,
      engine: (5 + round / 10) * mebibyte,
      engineProcesses: 0,
    }));
  const bill = (uncharged: number) =>
    judgeIdleMemory('runsc', 8, rounds(uncharged), { failures: [], absent: null });
  expect(bill(0)).toMatchObject({ settled: 'clear', pairs: 6, check: { verdict: 'pass', n: 6 } });
  expect(bill(8)).toMatchObject({ settled: 'clear', check: { verdict: 'fail' } });
});

test('rounds that failed are counted beside the others', () => {
  const failures = [external('no start'), external('no start')];
  const standing = judgeIdleMemory('runsc', 8, [], { failures, absent: null });
  expect(standing).toMatchObject({
    pairs: 2,
    settled: null,
    check: { verdict: 'inconclusive', note: '2 failed, the first with: no start' },
  });
});
