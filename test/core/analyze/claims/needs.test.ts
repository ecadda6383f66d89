import { describe, expect, test } from 'vitest';
import { analyze } from '../../../../src/core/analyze/analyze.ts';
import { withNeeds } from '../../../../src/core/analyze/claims/needs.ts';
import { findSubjects, headlineFinder } from '../../../../src/core/analyze/rows/subjects.ts';
import { normalQuantile } from '../../../../src/core/analyze/stats/distributions.ts';
import { collectSamples } from '../../../../src/core/analyze/values/samples.ts';
import type { PrecisionNeeds } from '../../../../src/core/model/analysis/analysis.ts';
import type { RunRecord } from '../../../../src/core/model/run/run.ts';
import { untilName } from '../../../../src/core/model/trial/subject-name.ts';
import type { TrialRecord } from '../../../../src/core/model/trial/trial.ts';
import type { Measurement } from '../../../../src/core/model/workload/metric.ts';
import { maxBlocksOf } from '../../../../src/core/model/workload/workload.ts';
import { cell, lineWorkload, measurement, runRecord, trialRecord } from '../../../support/records.ts';

/** Normal quantiles, so that the scatter of the logs is `size`. */
function blocks(n: number, size: number, more: Readonly<Record<string, number>> = {}): Measurement[] {
  return Array.from({ length: n }, (_, i) => i + 1).flatMap((block) => [
    measurement('runc', block, 100),
    measurement('crun', block, 100 * Math.exp(size * normalQuantile((block - 0.5) / n))),
    ...Object.entries(more).map(([runtime, value]) => measurement(runtime, block, value)),
  ]);
}

function needsOf(
  measurements: readonly Measurement[],
  {
    run = runRecord(),
    trials = [],
    widening = 1,
    most,
  }: { run?: RunRecord; trials?: readonly TrialRecord[]; widening?: number; most?: number } = {},
  runtime = 'crun',
): PrecisionNeeds | undefined {
  const workloads = [
    { ...lineWorkload('syscall/calls'), ...(most === undefined ? {} : { maxBlocks: most }) },
  ];
  const { rows } = analyze({ run, measurements, workloads });
  const subjects = findSubjects(run, headlineFinder(workloads), collectSamples(measurements));
  const found = withNeeds({ rows, subjects, run, trials, widening, maxBlocksOf: maxBlocksOf(workloads) });
  const row = found.find((each) => each.runtime === runtime);
  expect(row?.headline).toBe(true);
  return row?.needs;
}

describe('what an inconclusive comparison needs', () => {
  test('is the blocks to ±5 % at its own noise', () => {
    const needs = needsOf(blocks(8, 0.15));
    expect(needs).toMatchObject({ halfWidth: 0.05, moreMs: null, until: 'syscall/calls:crun' });
    // (1.96 · 1.02 · 0.15 ÷ log 1.05)² = 38 at the scatter of normal values, of which these eight quantiles are a wide sample.
    expect(needs?.blocks).toBeGreaterThan(32);
    expect(needs?.blocks).toBeLessThan(52);
    expect(needs?.moreBlocks).toBe((needs?.blocks ?? 0) - 8);
  });

  test('is nothing where an extension measures fewer blocks than that of the test', () => {
    const { moreBlocks = 0 } = needsOf(blocks(8, 0.15)) ?? {};
    expect(needsOf(blocks(8, 0.15), { most: moreBlocks })?.moreBlocks).toBe(moreBlocks);
    expect(needsOf(blocks(8, 0.15), { most: moreBlocks - 1 })).toBeUndefined();
  });

  test('of fewer than six pairs is not foretold: it is at least what an extension takes', () => {
    for (const n of [1, 2, 3, 4, 5])
      for (const size of [0.01, 0.3])
        expect(needsOf(blocks(n, size))).toMatchObject({ blocks: n + 6, moreBlocks: 6, atLeast: true });
    expect(needsOf(blocks(6, 0.3))).not.toHaveProperty('atLeast');
  });

  test('is the same of the same pairs, whatever their cell is called', () => {
    const renamed = blocks(8, 0.15).map((each) => ({
      ...each,
      cell: { ...each.cell, runtime: each.cell.runtime === 'crun' ? 'runsc' : each.cell.runtime },
    }));
    expect(needsOf(renamed, {}, 'runsc')?.blocks).toBe(needsOf(blocks(8, 0.15))?.blocks);
  });

  test('is hardly more where one pair is an outlier', () => {
    const far = blocks(20, 0.1).map((each) =>
      each.block === 7 && each.cell.runtime === 'crun' ? { ...each, value: 300 } : each,
    );
    const plain = needsOf(blocks(20, 0.15))?.blocks ?? 0;
    expect(plain).toBeGreaterThan(26);
    expect(needsOf(far)?.blocks ?? 0).toBeLessThan(plain);
  });

  test('is more where the intervals of the run are widened', () => {
    // The fewer there are, the more of them go into the quantile of Student's t.
    expect(needsOf(blocks(8, 0.15), { widening: 2 })?.blocks).toBeGreaterThan(
      3.7 * (needsOf(blocks(8, 0.15))?.blocks ?? 0),
    );
  });

  test('follows the practical threshold of the run', () => {
    const run = runRecord({ config: { thresholds: { practical: 0.1, alpha: 0.05 } } });
    const needs = needsOf(blocks(8, 0.15), { run });
    expect(needs?.halfWidth).toBe(0.1);
    expect(needs?.blocks).toBeLessThan(20);
  });

  test('is at least what the test of an extension needs', () => {
    // A ratio of 1.045 whose interval is hardly wider than the band.
    const near = blocks(7, 0.06).map((each) =>
      each.cell.runtime === 'crun' ? { ...each, value: 1.045 * (each.value ?? 0) } : each,
    );
    const needs = needsOf(near);
    expect(needs?.blocks).toBeGreaterThanOrEqual(13);
    expect(needs?.blocks).toBeLessThan(16);
  });

  test('costs the trials of the runtime and of the baseline, once or twice a block', () => {
    const trial = (runtime: string, ms: number, changes: Partial<TrialRecord> = {}) =>
      trialRecord({ cell: cell(runtime), iterationNs: ms * 1e6, ...changes });
    const trials = [
      trial('runc', 100),
      trial('runc', 110),
      trial('runc', 900),
      trial('crun', 50),
      trial('crun', 9000, { phase: 'warmup', block: 0 }),
      trial('crun', 9000, { outcome: { status: 'timed-out', step: 'run', limitMs: 1 } }),
      trial('runsc', 5000),
    ];
    const more = needsOf(blocks(8, 0.15))?.moreBlocks ?? 0;
    expect(needsOf(blocks(8, 0.15), { trials })?.moreMs).toBe(more * (110 + 50));
    const twice = [...trials, trial('runc#2', 120)];
    expect(needsOf(blocks(8, 0.15), { trials: twice })?.moreMs).toBe(more * (110 + 50 + 120));
    expect(needsOf(blocks(8, 0.15), { trials: trials.slice(3) })?.moreMs).toBeNull();
    // Those of a duet run at once.
    const atOnce = [...trials, trial('runc#crun', 70)];
    expect(needsOf(blocks(8, 0.15), { trials: atOnce })?.moreMs).toBe(more * 70);
  });

  test('takes the noise of both arms of the baseline', () => {
    // The second arm moves against the first: their mean is still.
    const measurements = Array.from({ length: 8 }, (_, i) => [
      measurement('runc', i + 1, 100 * Math.exp(0.3 * normalQuantile((i + 0.5) / 8))),
      measurement('runc#2', i + 1, 100 * Math.exp(-0.3 * normalQuantile((i + 0.5) / 8))),
      measurement('crun', i + 1, 100 * Math.exp(0.1 * normalQuantile((((3 * i) % 8) + 0.5) / 8))),
    ]).flat();
    const one = needsOf(measurements.filter(({ cell }) => cell.runtime !== 'runc#2'));
    const both = needsOf(measurements);
    expect(both?.blocks).toBeLessThan((one?.blocks ?? 0) / 3);
  });
});

describe('nothing is promised', () => {
  test('of a verdict that is made', () => {
    expect(needsOf(blocks(8, 0.001))).toBeUndefined();
    expect(needsOf(blocks(8, 0.15), {}, 'runc')).toBeUndefined();
  });

  test('of survivors', () => {
    const failing = blocks(8, 0.15).map((one) =>
      one.cell.runtime === 'crun' && one.block === 3 ? measurement('crun', 3, null) : one,
    );
    expect(needsOf(failing)).toBeUndefined();
  });

  test('where a ratio does not exist', () => {
    const zero = blocks(8, 0.15).map((one) => (one.block === 3 ? { ...one, value: 0 } : one));
    expect(needsOf(zero)).toBeUndefined();
  });

  test('but of a ratio well inside the band, whose interval is narrow and still reaches out of it', () => {
    // Eight of ten pairs lie about 1, two at 1.1: 1.00 [0.99, 1.06].
    const lopsided = [-0.02, -0.015, -0.01, -0.005, 0, 0.005, 0.01, 0.015, 0.09, 0.12].flatMap((log, i) => [
      measurement('runc', i + 1, 100),
      measurement('crun', i + 1, 100 * Math.exp(log)),
    ]);
    const needs = needsOf(lopsided);
    expect(needs?.blocks).toBeGreaterThanOrEqual(16);
    expect(needs?.blocks).toBeLessThan(60);
  });

  test('where the interval is narrow and the ratio lies at the edge of the band', () => {
    // 1.048 with an interval of ±3 %: neither equivalent nor another.
    const edge = Array.from({ length: 10 }, (_, i) => [
      measurement('runc', i + 1, 100),
      measurement('crun', i + 1, 104.8 * Math.exp(0.04 * (-1) ** i)),
    ]).flat();
    expect(needsOf(edge)).toBeUndefined();
  });
});

test('a cell is named as --until reads it', () => {
  expect(untilName(cell('crun', 'startup/echo'))).toBe('startup/echo:crun');
  expect(untilName(cell('runsc', 'io/fio', 'block=4k;op=randread'))).toBe(
    'io/fio?block=4k;op=randread:runsc',
  );
});
