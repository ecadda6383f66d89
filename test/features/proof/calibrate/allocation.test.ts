import { expect, test } from 'vitest';
import { type Cell, cellKey } from '../../../../src/core/model/trial/cell.ts';
import { cellsOf, chooseForBlock, firstCells } from '../../../../src/features/proof/calibrate/loop.ts';
import { comparison } from './builders.ts';

const cheap = comparison('cpu-10ms');
const dear = comparison('cpu-1s');
const other = comparison('forks');
const open = (missing: number) => [dear, cheap, other].map((each) => ({ comparison: each, missing }));
/** A second of CPU takes a second longer; everything else takes 0.2 s. */
const costOf = (cell: Cell) => (cellKey(cell) === cellKey(cellsOf(dear)[0] as Cell) ? 1200 : 200);

test('while there is time for all, a block holds all', () => {
  expect(chooseForBlock(open(10), costOf, 60_000)).toEqual([dear, cheap, other]);
});

test('before costs are known, a block holds all', () => {
  expect(chooseForBlock(open(10), () => 0, 1)).toEqual([dear, cheap, other]);
});

test('what several comparisons share is paid for once', () => {
  // The control of both: (1200 + 200 + 200) × 10, and not (1200 + 200 + 200 + 200) × 10.
  expect(chooseForBlock(open(10).slice(0, 2), costOf, 16_000)).toEqual([dear, cheap]);
  expect(chooseForBlock(open(10).slice(0, 2), costOf, 15_999)).toEqual([cheap]);
});

test('where time is short, it goes to what can still be settled, cheapest first', () => {
  expect(chooseForBlock(open(10), costOf, 10_000)).toEqual([cheap, other]);
  const nearlyDone = [
    { comparison: cheap, missing: 40 },
    { comparison: dear, missing: 2 },
  ];
  expect(chooseForBlock(nearlyDone, costOf, 10_000)).toEqual([dear]);
});

test('where nothing can be settled, time goes to what is nearest', () => {
  expect(chooseForBlock(open(10), costOf, 100)).toEqual([cheap]);
  expect(chooseForBlock([], costOf, 100)).toEqual([]);
});

test('every runtime and every program warms up, once', () => {
  const cell = (runtime: string, workload: string, params: string): Cell => ({
    runtime,
    profile: 'default',
    layer: 'docker',
    workload,
    params,
  });
  const cells = [
    cell('runc', 'quiet', 'cpu_ms=10'),
    cell('runc', 'quiet', ''),
    cell('runc', 'held', ''),
    cell('crun', 'held', ''),
    cell('crun', 'quiet', ''),
  ];
  expect(firstCells(cells)).toEqual([cells[0], cells[2], cells[3]]);
});
