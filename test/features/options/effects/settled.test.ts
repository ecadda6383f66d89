import { expect, test } from 'vitest';
import { headlinePrecision, wantedBy } from '../../../../src/core/analyze/claims/precision.ts';
import { openSubject } from '../../../../src/core/measure/schedule/subject-progress.ts';
import { cell, lineWorkload, measurement } from '../../../support/records.ts';
import { designOf, factorialRun, measured } from './factorial-run.ts';

const design = designOf({ directfs: [true, false], overlay2: ['root:self', 'none'] });
const run = factorialRun(design);
const workloads = [lineWorkload('syscall/calls')];
const wanted = wantedBy(run.config);

test('an arm far from the baseline is not settled before the effects are', () => {
  // Three times runc: clear at once. What directfs changes scatters by 20 % and is not.
  const scattered = measured(design, () => 300, 8).map((each) =>
    each.cell.runtime.includes('directfs-false')
      ? measurement(each.cell.runtime, each.block, (each.value ?? 0) * (each.block % 2 === 0 ? 1.1 : 0.9))
      : each,
  );
  const found = headlinePrecision({ run, measurements: scattered, workloads, wanted });
  expect(found.map(({ settled }) => settled)).toEqual([null, null, null, null]);
  const steady = headlinePrecision({ run, measurements: measured(design, () => 300, 16), workloads, wanted });
  expect(steady.map(({ settled }) => settled)).toEqual(['clear', 'clear', 'clear', 'clear']);
});

test('all arms stay in the blocks while one is not settled', () => {
  const names = ['runc', ...design.arms.map(({ runtime }) => runtime), 'crun'];
  const cells = names.map((runtime) => ({
    cell: cell(runtime),
    standing:
      runtime === 'runc'
        ? undefined
        : { width: 1, shift: null, settled: runtime === 'gv+overlay2-none' ? null : ('clear' as const) },
    costMs: 10,
    givenUp: runtime === 'gv+directfs-false',
  }));
  const progress = { subject: 's', blocks: 9, maxBlocks: 99, alive: true, cells };
  const open = openSubject(progress, { baseline: 'runc', minBlocks: 6, designs: [design] }).open;
  expect(open.map((each) => each.cell.runtime)).toEqual([
    'runc',
    'gv',
    'gv+overlay2-none',
    'gv+directfs-false+overlay2-none',
  ]);
});
