import { expect, test } from 'vitest';
import { costTable } from '../../../../src/features/capacity/predict/costs.ts';
import { busyCpus, type MeasuredCell } from '../../../../src/features/capacity/predict/measured.ts';

const pair = { runtime: 'runsc', native: 'runc', confidence: 0.95 };
const blocks = 8;

/** A cell with the same values in every block, but for a drift that both runtimes have. */
function cells(
  workload: string,
  params: string,
  metric: string,
  values: Readonly<Record<string, number>>,
  busy: Readonly<Record<string, number>> = {},
): readonly MeasuredCell[] {
  const every = (value: number) =>
    new Map(Array.from({ length: blocks }, (_, block) => [block + 1, value + block] as const));
  return Object.entries(values).map(([runtime, value]) => ({
    runtime,
    workload,
    params,
    values: new Map([
      [metric, every(value)],
      ...(metric === 'work.cpu'
        ? []
        : [[busyCpus, new Map([...every(0).keys()].map((block) => [block, busy[runtime] ?? 1]))] as const]),
    ]),
  }));
}

test('a call costs what it takes longer, on all CPUs that are busy meanwhile', () => {
  const table = costTable(
    [...cells('syscall/trivial', 'op=getppid', 'op.time', { runc: 100, runsc: 1100 }, { runsc: 1.5 })],
    pair,
  );
  const cost = table.get('call.trap');
  // In a block: 1.5 × (1100 + i) − (100 + i).
  expect(cost?.ns.value).toBeCloseTo(1551.75, 1);
  expect(cost?.ns.low).toBeLessThan(1551.75);
  expect(cost?.sources).toEqual(['syscall/trivial op=getppid']);
});

test('what an operation does beside its feature is taken off', () => {
  const table = costTable(
    [
      ...cells('syscall/trivial', 'op=getppid', 'op.time', { runc: 100, runsc: 1100 }),
      ...cells('syscall/stress-ng', '', 'syscall.read', { runc: 200, runsc: 2200 }),
      ...cells('io/small-files', 'target=rootfs', 'work.cpu', { runc: 20_000, runsc: 64_000 }),
    ],
    pair,
  );
  // 44000 − 2 × 1000 − 2000, for four calls on paths; what a write costs is not known.
  expect(table.get('call.open')?.ns.value).toBeCloseTo(10_000);
});

test('a cell of another kind does no harm', () => {
  const file = (op: string, runsc: number) =>
    cells('syscall/file', `op=${op};target=rootfs`, 'op.time', { runc: 1000, runsc });
  const table = costTable(
    [...file('create', 9000), ...file('stat', 10_000), ...file('unlink', 500_000)],
    pair,
  );
  expect(table.get('call.open')?.ns.value).toBeCloseTo(9000);
});

test('a cost is never negative', () => {
  const table = costTable(cells('syscall/trivial', 'op=getppid', 'op.time', { runc: 150, runsc: 100 }), pair);
  expect(table.get('call.trap')?.ns).toEqual({ value: 0, low: 0, high: 0 });
});

test('computing costs a share of itself', () => {
  const table = costTable(cells('cpu/sysbench', 'threads=1', 'work.cpu', { runc: 1e7, runsc: 1.1e7 }), pair);
  expect(table.get('user')?.ns.value).toBeCloseTo(0.1, 5);
});

test('what no cell measures alone has the cost of what is like it, or none', () => {
  const table = costTable(
    cells('syscall/trivial', 'op=getppid', 'op.time', { runc: 100, runsc: 1100 }),
    pair,
  );
  expect(table.get('call.other')).toMatchObject({ standIn: 'call.trap', ns: { value: 1000 } });
  expect(table.has('faults')).toBe(false);
});

test('blocks without a pair say nothing', () => {
  const [native, subject] = cells('syscall/trivial', 'op=getppid', 'op.time', { runc: 100, runsc: 1100 });
  if (native === undefined || subject === undefined) throw new Error('two cells');
  const later = new Map(
    [...subject.values].map(([metric, values]) => {
      return [metric, new Map([...values].map(([block, value]) => [block + 100, value]))] as const;
    }),
  );
  expect(costTable([native, { ...subject, values: later }], pair).size).toBe(0);
});
