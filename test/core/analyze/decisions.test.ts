import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/core/analyze/analyze.ts';
import { analysisSchema, type SummaryRow } from '../../../src/core/model/analysis/analysis.ts';
import { seededRandom } from '../../../src/core/model/prng.ts';
import type { RunRecord } from '../../../src/core/model/run/run.ts';
import type { Measurement } from '../../../src/core/model/workload/metric.ts';
import { cell, lineWorkload, measurement, runRecord, runSubject } from '../../support/records.ts';
import { checkedTexts } from '../messages/checked-texts.ts';
import { gaussian } from './simulated-run.ts';

const workloads = [lineWorkload('syscall/calls')];

type Values = readonly (number | null)[];

/** A run of these values by block; null is a trial that failed. */
function runOf(
  arms: Readonly<Record<string, Values>>,
  { run = runRecord(), changes = {} }: { run?: RunRecord; changes?: Partial<Measurement> } = {},
) {
  const measurements = Object.entries(arms).flatMap(([runtime, values]) =>
    values.map((value, i) =>
      measurement(runtime, i + 1, value, value === null ? {} : { cell: cell(runtime), ...changes }),
    ),
  );
  const analysis = analyze({ run, measurements, workloads });
  expect(analysisSchema.strict().parse(analysis)).toEqual(analysis);
  checkedTexts(analysis);
  const rowOf = (runtime: string) => analysis.rows.find((row) => row.runtime === runtime) as SummaryRow;
  return { analysis, measurements, rowOf };
}

const repeat = (n: number, of: (i: number) => number) => Array.from({ length: n }, (_, i) => of(i));
const bytes = { metric: 'call.cost', unit: 'bytes', better: 'lower' } as const;

describe('where values are zero or negative', () => {
  test('a baseline of nothing beside a runtime with something is a claim', () => {
    const { rowOf } = runOf(
      { runc: repeat(12, () => 0), runsc: repeat(12, (i) => 100 + i) },
      { changes: bytes },
    );
    expect(rowOf('runsc')).toMatchObject({
      ratio: null,
      p: expect.toSatisfy((p: number) => p < 1e-10),
      verdict: 'more',
      note: 'zero values: compared by difference',
      difference: { estimate: 105.5 },
    });
  });

  test('nothing under both is equivalent', () => {
    const { rowOf } = runOf({ runc: repeat(12, () => 0), runsc: repeat(12, () => 0) });
    expect(rowOf('runsc')).toMatchObject({
      p: 1,
      verdict: 'equivalent',
      difference: { estimate: 0, low: 0, high: 0 },
    });
  });

  test('one event of twelve decides nothing', () => {
    const { rowOf } = runOf({ runc: repeat(12, () => 0), runsc: repeat(12, (i) => (i === 4 ? 3 : 0)) });
    expect(rowOf('runsc')).toMatchObject({ verdict: 'inconclusive' });
  });

  test('one zero among good pairs does not hide what the others show', () => {
    const { rowOf } = runOf({
      runc: repeat(12, (i) => 100 + (i % 3)),
      runsc: repeat(12, (i) => (i === 5 ? 0 : 200 + (i % 5))),
    });
    expect(rowOf('runsc')).toMatchObject({ ratio: null, verdict: 'slower' });
  });

  test('negative values are called so, and a small difference beside the baseline is equivalent', () => {
    const { rowOf } = runOf({
      runc: repeat(12, (i) => -100 - (i % 3)),
      crun: repeat(12, (i) => -99 - ((i * 5) % 3)),
      runsc: repeat(12, (i) => -50 - (i % 4)),
    });
    expect(rowOf('crun')).toMatchObject({
      verdict: 'equivalent',
      note: 'negative values: compared by difference',
    });
    // Less negative is more, and so slower.
    expect(rowOf('runsc')).toMatchObject({ verdict: 'slower' });
  });

  test('what a double cannot hold is not compared', () => {
    const { rowOf } = runOf({ runc: repeat(8, () => -1.7e308), runsc: repeat(8, () => 1.7e308) });
    expect(rowOf('runsc')).toMatchObject({ p: null, verdict: 'inconclusive' });
    expect(rowOf('runsc').difference).toBeUndefined();
  });
});

describe('where trials failed', () => {
  const slower = (n: number) => repeat(n, (i) => 300 + (i % 5));
  const steady = repeat(12, (i) => 100 + ((i * 7) % 5));

  test('two of twelve leave survivors: no verdict, no p, no family', () => {
    const { rowOf } = runOf({ runc: steady, runsc: [...slower(10), null, null] });
    const row = rowOf('runsc');
    expect(row).toMatchObject({
      failures: 2,
      pairs: 10,
      p: null,
      pAdjusted: null,
      verdict: 'inconclusive',
      note: '2 of 12 trials failed; failed; more than 10% of the trials failed: only survivors are compared, so there is no verdict',
    });
    expect(row.family).toBeUndefined();
    // What the survivors show stays readable.
    expect(row.ratioCiLow).toBeGreaterThan(2.8);
  });

  test('one of twelve does not', () => {
    const { rowOf } = runOf({ runc: steady, runsc: [...slower(11), null] });
    expect(rowOf('runsc')).toMatchObject({ verdict: 'slower', note: '1 of 12 trials failed; failed' });
  });

  test('of the baseline, no runtime has a verdict', () => {
    const { rowOf } = runOf({ runc: [...steady.slice(0, 10), null, null], runsc: slower(12), crun: steady });
    for (const runtime of ['runsc', 'crun'])
      expect(rowOf(runtime)).toMatchObject({
        verdict: 'inconclusive',
        note: '2 of 12 trials of the baseline runc failed, so there is no verdict',
      });
  });

  test('of the baseline count over both its arms', () => {
    const arms = {
      runc: [...steady.slice(0, 10), null, null],
      'runc#2': [...steady, ...steady].slice(0, 12),
      runsc: slower(12),
    };
    // 2 of 24.
    expect(runOf(arms).rowOf('runsc').verdict).toBe('slower');
    expect(runOf({ runc: arms.runc, runsc: arms.runsc }).rowOf('runsc').verdict).toBe('inconclusive');
  });

  test('what a failed trial tells is a value of its own metric, and of no other', () => {
    const share = (runtime: string, block: number, value: number, outcome: string) =>
      measurement(runtime, block, value, {
        metric: 'call.share',
        unit: 'ratio',
        better: 'higher',
        outcome,
      });
    const measurements = ['runc', 'runsc'].flatMap((runtime) =>
      repeat(12, (i) => i + 1).flatMap((block) => {
        const failed = runtime === 'runsc' && block > 10;
        const cost = measurement(runtime, block, (runtime === 'runsc' ? 300 : 100) + (block % 5));
        return failed ? [share(runtime, block, 0.5, 'failed')] : [cost, share(runtime, block, 1, 'ok')];
      }),
    );
    const { rows, trials } = analyze({ run: runRecord(), measurements, workloads });
    const rowOf = (metric: string) => rows.find((row) => row.runtime === 'runsc' && row.metric === metric);
    expect(trials).toMatchObject({ ok: 22, failed: 2 });
    expect(rowOf('call.cost')).toMatchObject({
      n: 10,
      failures: 2,
      verdict: 'inconclusive',
      note: expect.stringContaining('only survivors are compared'),
    });
    expect(rowOf('call.share')).toMatchObject({
      n: 12,
      failures: 0,
      min: 0.5,
      verdict: 'inconclusive',
      note: expect.stringContaining('more than 10% of the trials failed, so there is no verdict'),
    });
  });

  test('survivors do not weigh on the correction of others', () => {
    const crun = repeat(12, (i) => 115 + ((i * 11) % 17));
    const alone = runOf({ runc: steady, crun }).rowOf('crun');
    const beside = runOf({ runc: steady, crun, runsc: [...slower(9), null, null, null] }).rowOf('crun');
    expect(beside.pAdjusted).toBe(alone.pAdjusted);
  });
});

describe('ties', () => {
  test('of counts that never vary are judged by their signs', () => {
    const { rowOf } = runOf(
      { runc: repeat(8, () => 6), runsc: repeat(8, () => 7) },
      { changes: { unit: 'count' } },
    );
    expect(rowOf('runsc')).toMatchObject({ p: 2 ** -7, verdict: 'more' });
    expect(rowOf('runsc').ratioCiLow).toBeCloseTo(7 / 6, 12);
    expect(rowOf('runsc').difference).toEqual({ estimate: 1, low: 1, high: 1 });
  });

  test('of everything are equivalent, also with a second arm of the baseline', () => {
    const same = repeat(8, () => 22_376_448);
    const { rowOf, analysis } = runOf({ runc: same, 'runc#2': same, crun: same });
    expect(rowOf('crun')).toMatchObject({
      ratio: 1,
      ratioCiLow: 1,
      ratioCiHigh: 1,
      p: 1,
      verdict: 'equivalent',
    });
    expect(analysis.aaCheck).toMatchObject({ comparisons: 1, rms: 0, widening: 1 });
  });
});

test('a ratio whose 90 % interval lies in the band is equivalent, although the 95 % interval does not', () => {
  const shifts = [0.06, -0.06, 0.04, -0.04, 0.01, -0.01, 0.02, -0.02];
  const { rowOf } = runOf({
    runc: shifts.map(() => 100),
    crun: shifts.map((shift) => 100 * Math.exp(shift * 1.25)),
  });
  const row = rowOf('crun');
  expect(row.ratioCiHigh).toBeGreaterThan(1.05);
  expect(row.ratio90High).toBeLessThan(1.05);
  expect(row.verdict).toBe('equivalent');
});

describe('families of rows', () => {
  const values = repeat(8, (i) => 100 + (i % 3));
  const families = (run: RunRecord, measurements: readonly Measurement[]) =>
    analyze({ run, measurements, workloads }).rows.map(({ runtime, layer, metric, family }) => [
      runtime,
      layer,
      metric,
      family,
    ]);

  test('name the layer where a run has several', () => {
    const layers = ['docker', 'oci'] as const;
    const measurements = layers.flatMap((layer) =>
      ['runc', 'crun'].flatMap((runtime) =>
        values.map((value, i) =>
          measurement(runtime, i + 1, value, {
            trialId: `${layer}-${runtime}-${i}`,
            cell: { ...cell(runtime), layer },
          }),
        ),
      ),
    );
    const run = runRecord({
      config: { layers: [...layers] },
      subjects: layers.map((layer) => runSubject('syscall/calls', { layer })),
    });
    expect(families(run, measurements).filter(([runtime]) => runtime === 'crun')).toEqual([
      ['crun', 'docker', 'call.cost', 'headline/docker/crun/syscall'],
      ['crun', 'oci', 'call.cost', 'headline/oci/crun/syscall'],
    ]);
  });

  test('of facts are no headlines', () => {
    const facts = lineWorkload('isolation/facts', [
      { id: 'isolation.calls', unit: 'count', better: 'neither', description: '' },
    ]);
    const run = runRecord({ subjects: [runSubject('isolation/facts')] });
    const measurements = ['runc', 'runsc'].flatMap((runtime) =>
      values.map((_, i) =>
        measurement(runtime, i + 1, runtime === 'runc' ? 30 : 60, {
          cell: cell(runtime, 'isolation/facts'),
          category: 'isolation',
          metric: 'isolation.calls',
          unit: 'count',
        }),
      ),
    );
    const { rows } = analyze({ run, measurements, workloads: [facts] });
    expect(rows.find(({ runtime }) => runtime === 'runsc')).toMatchObject({
      headline: true,
      family: 'metric/runsc/isolation.calls',
    });
  });
});

describe('the tail', () => {
  const random = seededRandom('tail');
  const steady = (n: number) => repeat(n, () => 100 * Math.exp(0.02 * gaussian(random)));
  /** One trial in four takes five times as long. */
  const tailed = (n: number) => steady(n).map((value, i) => (i % 4 === 0 ? 5 * value : value));
  const run = runRecord({ config: { preset: 'full' } });

  test('is seen by the ratio of the 95th percentiles where other ratios see nothing', () => {
    const { rowOf } = runOf({ runc: steady(100), runsc: tailed(100) }, { run });
    const { ratio, tail } = rowOf('runsc');
    expect(ratio).toBeLessThan(1.5);
    expect(tail?.ratio).toBeGreaterThan(4.5);
    expect(tail?.low).toBeGreaterThan(4);
    expect(tail?.high).toBeLessThan(6);
    expect(tail?.p95).toBe(rowOf('runsc').p95);
    expect(tail?.baselineP95).toBe(rowOf('runc').p95);
  });

  test('has no interval below 86 values, and is not there below 20, in quick, or where values are not positive', () => {
    const { tail } = runOf({ runc: steady(85), runsc: tailed(100) }, { run }).rowOf('runsc');
    expect(tail).toMatchObject({ low: null, high: null });
    const none = [
      runOf({ runc: steady(19), runsc: tailed(30) }, { run }),
      runOf({ runc: steady(100), runsc: tailed(100) }),
      runOf({ runc: steady(100), runsc: tailed(99).concat(0) }, { run }),
    ];
    for (const { rowOf } of none) expect(rowOf('runsc').tail).toBeUndefined();
  });

  test('is covered by its interval at least as often as it says', () => {
    let covered = 0;
    const runs = 150;
    for (let i = 0; i < runs; i++) {
      const { low = 2, high = 0 } =
        runOf({ runc: steady(90), runsc: steady(90) }, { run }).rowOf('runsc').tail ?? {};
      if ((low ?? 2) <= 1 && 1 <= (high ?? 0)) covered++;
    }
    expect(covered / runs).toBeGreaterThanOrEqual(0.95);
  });
});

test('two groups of values are shown as two, in the row and its note', () => {
  const random = seededRandom('two groups');
  const noise = (level: number) => level * Math.exp(0.02 * gaussian(random));
  const { rowOf } = runOf({
    runc: repeat(20, () => noise(100)),
    runsc: repeat(20, (i) => noise(i % 5 < 2 ? 200 : 100)),
  });
  const { groups, note } = rowOf('runsc');
  expect(groups?.map(({ share }) => share)).toEqual([0.6, 0.4]);
  expect(groups?.[0]?.mean).toBeCloseTo(100, -1);
  expect(groups?.[1]?.mean).toBeCloseTo(200, -1);
  expect(note).toBe('two groups of values: 40% of them around 2 times the others');
  expect(rowOf('runc').groups).toBeUndefined();
});

test('a block counts as complete only with every cell that was ever measured', () => {
  const { analysis } = runOf({
    runc: repeat(10, (i) => 100 + i),
    crun: repeat(10, (i) => 100 + i),
    // It failed once, and was closed after seven blocks.
    runsc: repeat(7, (i) => 100 + i).map((value, i) => (i === 2 ? null : value)),
  });
  expect(analysis).toMatchObject({ blocks: 10, completeBlocks: 7 });
});
