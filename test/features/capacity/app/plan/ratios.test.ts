import { expect, test } from 'vitest';
import type { Analysis, SummaryRow } from '../../../../../src/core/model/analysis/analysis.ts';
import { ratioOf } from '../../../../../src/features/capacity/app/plan/ratios.ts';
import type { PlannedService } from '../../../../../src/features/capacity/plan/input-record.ts';
import { busyCpus } from '../../../../../src/features/capacity/plan/measured.ts';
import { exactly } from '../../../../../src/features/capacity/plan/runtime-cost.ts';
import { knownRun } from '../../overhead/known-run.ts';

const workload = 'memory/sized';

/** The ratio of a workload that took 3 times the CPU time under runsc, while so many CPUs were busy. */
function measured(
  busy: readonly number[],
  idleCpus: number,
  emulated: readonly (readonly [string, string])[] = [],
  mains: Readonly<Record<string, Pick<SummaryRow, 'n' | 'failures'>>> = {},
) {
  const { run } = knownRun();
  const params = run.subjects.find((each) => each.workload === workload)?.params ?? '';
  const place = { workload, params, layer: 'docker', profile: 'default' };
  const row = {
    ...place,
    metric: 'work.cpu',
    runtime: 'runsc',
    headline: false,
    n: 7,
    failures: 0,
    ratio: 3,
    ratioCiLow: 2.8,
    ratioCiHigh: 3.2,
    better: 'lower',
  };
  const main = ['runc', 'runsc'].map((runtime) => ({
    ...place,
    metric: 'memory.resident',
    runtime,
    headline: true,
    n: 7,
    failures: 0,
    ...mains[runtime],
  }));
  const values = new Map([[busyCpus, new Map(busy.map((value, block) => [block, value] as const))]]);
  return ratioOf(
    {
      name: 'a',
      workload: { id: workload, params },
      cpu: { ratios: new Map() },
    } as unknown as PlannedService,
    'runsc',
    { file: 'services.yaml', at: 0 },
    {
      run,
      emulated: new Map(emulated),
      analysis: () => ({ rows: [...main, row] }) as unknown as Analysis,
      cells: () => [{ runtime: 'runsc', workload, params, values }],
      costs: new Map([['runsc', { idleCpus: exactly(idleCpus) } as never]]),
    },
  );
}

test('what a sandbox uses at rest is not in the ratio: the plan adds it to each replica', () => {
  const { ratio } = measured([0.2, 0.1, 0.15], 0.03) as {
    ratio: { estimate: number; low: number; high: number };
  };
  // 0.03 of 0.15 CPUs are the sandbox's own.
  expect(ratio.estimate).toBeCloseTo(3 * 0.8, 10);
  expect(ratio.low).toBeCloseTo(2.8 * 0.8, 10);
  expect(ratio.high).toBeCloseTo(3.2 * 0.8, 10);
});

test('a ratio is as measured where it is not known how busy the CPUs were', () => {
  expect(measured([], 0.03)).toMatchObject({ ratio: { estimate: 3 }, from: 'measured' });
});

test.each([
  ['runsc', { n: 6, failures: 1 }, '1 of 7 trials of memory/sized under runsc failed'],
  ['runc', { n: 0, failures: 7 }, '7 of 7 trials of memory/sized under runc failed'],
  ['runsc', { n: 0, failures: 0 }, 'the run has no ratio of the CPU time of memory/sized under runsc'],
] as const)(
  'there is no ratio of survivors, nor of a test without its main figure: %s %j',
  (runtime, of, why) => {
    const found = measured([0.2], 0.03, [], { [runtime]: of }) as { refusals: readonly { text: string }[] };
    expect(found.refusals.map(({ text }) => text)).toEqual([expect.stringContaining(why)]);
    const few = { [runtime]: { n: 19, failures: 1 } };
    expect(measured([], 0.03, [], few)).toMatchObject({ ratio: { estimate: 3 } });
  },
);

test('there is no ratio of guests that were emulated', () => {
  const found = measured([], 0.03, [['runsc', 'QEMU TCG']]) as { refusals: readonly { text: string }[] };
  expect(found.refusals.map(({ text }) => text)).toEqual([
    expect.stringContaining('the run emulated the processor of the guests of runsc (QEMU TCG)'),
  ]);
});
