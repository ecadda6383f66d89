import { expect, test } from 'vitest';
import { analyze } from '../../../src/core/analyze/analyze.ts';
import { headlinePrecision, wantedBy } from '../../../src/core/analyze/claims/precision.ts';
import { summaryCsv } from '../../report/exports/summary-rows.ts';
import { lineWorkload, runSubject } from '../../support/records.ts';
import { measuredInBoth, twoEngines as run } from './several-engines-run.ts';

const workloads = [lineWorkload('syscall/calls')];
const analysis = analyze({ run, measurements: measuredInBoth(), workloads });

test('each runtime is compared with the baseline of its own engine', () => {
  const ratios = analysis.rows.map(({ runtime, engine, ratio, baselineEngine }) => [
    `${runtime} ${engine}`,
    ratio === null ? null : Number(ratio.toFixed(1)),
    baselineEngine,
  ]);
  expect(ratios).toEqual([
    ['runc old', null, undefined],
    ['crun old', 0.5, undefined],
    ['runsc old', 3, undefined],
    ['runc new', null, undefined],
    ['crun new', 0.5, undefined],
    ['runsc new', 5, undefined],
  ]);
  expect(new Set(analysis.rows.flatMap(({ family }) => family ?? []))).toEqual(
    new Set([
      'headline/old/crun/syscall',
      'headline/old/runsc/syscall',
      'headline/new/crun/syscall',
      'headline/new/runsc/syscall',
    ]),
  );
});

test('each runtime in the other engine is compared with itself in the first', () => {
  expect(
    analysis.engines?.map(({ runtime, engine, baseline, baselineEngine, ratio, verdict, family }) => [
      `${runtime} ${engine} ÷ ${baseline} ${baselineEngine}`,
      Number(ratio?.toFixed(1)),
      verdict,
      family,
    ]),
  ).toEqual([
    ['runc new ÷ runc old', 0.6, 'faster', 'headline/engine/docker/new/runc/syscall'],
    ['crun new ÷ crun old', 0.6, 'faster', 'headline/engine/docker/new/crun/syscall'],
    ['runsc new ÷ runsc old', 1, 'equivalent', 'headline/engine/docker/new/runsc/syscall'],
  ]);
  for (const row of analysis.engines ?? []) {
    expect(row.pairs).toBe(12);
    expect(row.ratioCiLow).toBeLessThan(row.ratio ?? 0);
    expect(row.ratioCiHigh).toBeGreaterThan(row.ratio ?? 0);
    expect(row.pAdjusted).toBeGreaterThanOrEqual(row.p ?? 1);
  }
});

test('pairs are of the same blocks only, and survivors are not judged', () => {
  const whole = measuredInBoth();
  const without = whole.filter(({ block, cell: { engine } }) => engine === 'old' || block > 4);
  const fewer = analyze({ run, measurements: without, workloads });
  expect(fewer.engines?.map(({ pairs }) => pairs)).toEqual([8, 8, 8]);
  const failing = whole.map((each) =>
    each.cell.engine === 'new' && each.cell.runtime === 'crun' && each.block <= 5
      ? { ...each, metric: null, unit: null, better: null, value: null, outcome: 'failed' as const }
      : each,
  );
  const row = analyze({ run, measurements: failing, workloads }).engines?.find(
    ({ runtime }) => runtime === 'crun',
  );
  expect(row).toMatchObject({ verdict: 'inconclusive', failures: 5 });
});

test('summary.csv has them after the rows of the run, with the engine that they are compared with', () => {
  const lines = summaryCsv(analysis, run);
  expect(lines).toHaveLength(9);
  expect(lines.map((row) => row.baseline_engine)).toEqual([...Array(6).fill(''), 'old', 'old', 'old']);
  expect(lines.at(-1)).toMatchObject({ runtime: 'runsc', engine: 'new', baseline: 'runsc' });
});

test('a run of one engine has none of it', () => {
  const { engines: _, ...config } = run.config;
  const single = analyze({
    run: { ...run, config, subjects: [runSubject('syscall/calls')] },
    measurements: measuredInBoth().flatMap((each) => {
      const { engine, ...bare } = each.cell;
      return engine === 'old' ? [{ ...each, cell: bare }] : [];
    }),
    workloads,
  });
  expect(single).not.toHaveProperty('engines');
  expect(single.rows.map(({ family }) => family ?? '')).toContain('headline/crun/syscall');
});

test('a cell is settled only when its comparison between the engines is', () => {
  const settledOf = (spread: number) => {
    const measurements = measuredInBoth().map((each) => {
      // What disturbs an engine as a whole leaves its own comparisons as they are.
      const shift = each.cell.engine === 'new' ? 1 + spread * Math.sin(each.block * 7) : 1;
      return { ...each, value: (each.value ?? 0) * shift };
    });
    const wanted = wantedBy({ ...run.config, precision: 0.03 });
    const found = headlinePrecision({ run, measurements, workloads, wanted });
    return found.map(({ cell, settled }) => `${cell.runtime} ${cell.engine} ${settled !== null}`);
  };
  const inFirst = ['crun old true', 'runsc old true'];
  expect(settledOf(0)).toEqual([...inFirst, 'crun new true', 'runsc new true']);
  expect(settledOf(0.5)).toEqual([...inFirst, 'crun new false', 'runsc new false']);
});

const one = {
  run: { ...run, runtimes: run.runtimes.filter(({ entry }) => entry.name === 'runc') },
  measurements: measuredInBoth().filter(({ cell }) => cell.runtime === 'runc'),
  workloads,
};

test('where there is one runtime, what is waited for is its comparison with the first engine', () => {
  const precisionOf = (spread: number) => {
    const measurements = one.measurements.map((each) => ({
      ...each,
      value: (each.value ?? 0) * (each.cell.engine === 'new' ? 1 + spread * Math.sin(each.block * 7) : 1),
    }));
    return headlinePrecision({ ...one, measurements, wanted: wantedBy({ ...run.config, precision: 0.03 }) });
  };
  const [found, ...others] = precisionOf(0);
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    cell: { runtime: 'runc', engine: 'new' },
    pairs: 12,
    settled: 'precise',
    ratio: expect.closeTo(0.6, 2),
  });
  expect(precisionOf(0.5).map(({ settled }) => settled)).toEqual([null]);
});

test('where there is one runtime, an engine that ended as clear has the wider interval of such an end', () => {
  const rowOf = (measurements: typeof one.measurements, runtimes = one.run.runtimes) =>
    analyze({ ...one, measurements, run: { ...run, runtimes } }).engines?.find(
      ({ runtime }) => runtime === 'runc',
    );
  const early = one.measurements.filter(({ block, cell }) => cell.engine === 'old' || block <= 7);
  const [ended, whole] = [rowOf(early), rowOf(one.measurements.filter(({ block }) => block <= 7))];
  expect(ended?.ratio).toBe(whole?.ratio);
  expect(ended?.ratioCiHigh ?? 0).toBeGreaterThan(whole?.ratioCiHigh ?? Number.POSITIVE_INFINITY);
  // With other runtimes beside it, it does not end by itself.
  expect(rowOf(early, run.runtimes)?.ratioCiHigh).toBe(whole?.ratioCiHigh);
});
