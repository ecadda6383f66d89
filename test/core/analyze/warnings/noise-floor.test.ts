import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../../../src/core/analyze/analyze.ts';
import { headlinePrecision, wantedBy } from '../../../../src/core/analyze/claims/precision.ts';
import { hodgesLehmann } from '../../../../src/core/analyze/stats/hodges-lehmann.ts';
import { metricClass, noiseFloors } from '../../../../src/core/analyze/warnings/noise-floor.ts';
import {
  analysisSchema,
  type NoiseFloor,
  type SummaryRow,
} from '../../../../src/core/model/analysis/analysis.ts';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import { aaControl, executedRuntime } from '../../../../src/core/model/trial/cell.ts';
import type { Category, Measurement, Unit } from '../../../../src/core/model/workload/metric.ts';
import {
  cell,
  lineWorkload,
  measurement,
  runRecord,
  runSubject,
  trialRecord,
} from '../../../support/records.ts';
import { checkedTexts } from '../../messages/checked-texts.ts';
import { gaussian } from '../simulated-run.ts';

const workloads = [lineWorkload('syscall/calls')];

/** Of a runtime to both arms of the baseline, block by block. */
function logRatios(measurements: readonly Measurement[], runtime: string): number[] {
  const [first = [], second = [], own = []] = ['runc', 'runc#2', runtime].map((name) =>
    measurements.filter(({ cell: of }) => of.runtime === name).map(({ value }) => Math.log(value ?? 0)),
  );
  return own.map((value, i) => value - ((first[i] ?? 0) + (second[i] ?? 0)) / 2);
}

/** Ten blocks of values around 100, those of each runtime at its factor with its own spread. */
function blocks(
  arms: Readonly<Record<string, readonly [factor: number, spread: number]>>,
  seed = 'floor',
): Measurement[] {
  const random = seededRandom(seed);
  return Array.from({ length: 10 }, (_, i) =>
    Object.entries(arms).map(([runtime, [factor, spread]]) =>
      measurement(runtime, i + 1, 100 * factor * Math.exp(spread * gaussian(random))),
    ),
  ).flat();
}

const analyzed = (measurements: readonly Measurement[]) =>
  analyze({ run: runRecord(), measurements, workloads });
const rowOf = (rows: readonly SummaryRow[], runtime: string) => rows.find((row) => row.runtime === runtime);

test('the second arm has a label of its own and is executed by the baseline', () => {
  expect(aaControl('runc')).toBe('runc#2');
  expect(executedRuntime('runc#2', 'runc')).toBe('runc');
  expect(executedRuntime('runc', 'runc')).toBe('runc');
  expect(executedRuntime('crun#2', 'runc')).toBe('crun#2');
});

test.each<[metric: string, unit: Unit, category: Category, name: string]>([
  ['startup.to_output', 'ns', 'startup', 'startup/startup.to_output'],
  ['fio.bandwidth', 'bytes/s', 'io', 'io/rate'],
  ['fio.iops', 'ops/s', 'io', 'io/rate'],
  ['fio.latency', 'ns', 'io', 'io/time'],
  ['syscall.getpid', 'ns/op', 'syscall', 'syscall/time'],
  ['memory.throughput', 'bytes/s', 'memory', 'memory/rate'],
  ['memory.peak', 'bytes', 'io', 'io/memory.peak'],
  ['cpu.usage', 'ns', 'app', 'app/cpu.usage'],
  ['image.size', 'bytes', 'app', 'app/bytes'],
  ['found', 'count', 'isolation', 'isolation/count'],
  ['share', 'ratio', 'cpu', 'cpu/share'],
])('%s in %s of %s is of class %s', (metric, unit, category, name) => {
  expect(metricClass(metric, unit, category, true)).toBe(name);
});

test('what is reported beside a headline is a class of its own, and each of the harness’s metrics is one', () => {
  expect(metricClass('syscall.getpid', 'ns/op', 'syscall', false)).toBe('syscall/other time');
  expect(metricClass('memory.peak', 'bytes', 'io', false)).toBe('io/other memory.peak');
  // The footprint of a busy program beside its rate must not be the noise of an idle one, whose headline it is.
  expect(metricClass('memory.footprint', 'bytes', 'memory', true)).toBe('memory/memory.footprint');
});

describe('a run with a quiet second arm', () => {
  const measurements = blocks({
    runc: [1, 0.01],
    'runc#2': [1, 0.01],
    crun: [1, 0.01],
    runsc: [1.4, 0.01],
  });
  const analysis = analyzed(measurements);

  test('shows it as no runtime', () => {
    expect(analysis.rows.map((row) => row.runtime)).toEqual(['runc', 'crun', 'runsc']);
    expect(analysis.warnings).toEqual([]);
    // Its trials are trials nevertheless.
    expect(analysis.trials.ok).toBe(40);
    const precision = headlinePrecision({
      run: runRecord(),
      measurements,
      workloads,
      wanted: wantedBy(runRecord().config),
    });
    expect(precision.map(({ cell }) => cell.runtime)).toEqual(['crun', 'runsc']);
  });

  test('says how far the baseline is from itself, and claims what is beyond', () => {
    expect(analysis.noiseFloor).toMatchObject([{ class: 'syscall/time', pairs: 10, differs: false }]);
    const [{ ratioLow, ratioHigh } = { ratioLow: 0, ratioHigh: 0 }] = analysis.noiseFloor;
    expect(ratioHigh).toBeGreaterThan(1);
    expect(ratioHigh).toBeLessThan(1.03);
    expect((ratioLow ?? 0) * (ratioHigh ?? 0)).toBeCloseTo(1, 12);
    expect(rowOf(analysis.rows, 'runsc')?.verdict).toBe('slower');
    expect(rowOf(analysis.rows, 'crun')?.verdict).toBe('equivalent');
  });

  test('joins the baseline', () => {
    const without = analyzed(measurements.filter((m) => m.cell.runtime !== 'runc#2'));
    expect(without.noiseFloor).toEqual([]);
    expect(without.aaCheck).toBeNull();
    expect(analysis.aaCheck).toMatchObject({ comparisons: 1, widening: 1 });
    const logs = logRatios(measurements, 'runsc');
    const row = rowOf(analysis.rows, 'runsc');
    expect(row?.ratio).toBeCloseTo(Math.exp(hodgesLehmann(logs, 0.95).estimate), 12);
    expect(row?.ratio).not.toBe(rowOf(without.rows, 'runsc')?.ratio);
    // Its own row describes the first arm; the check compares the two.
    expect(rowOf(analysis.rows, 'runc')).toEqual(rowOf(without.rows, 'runc'));
  });

  test('is read again', () => {
    expect(analysisSchema.strict().parse(analysis)).toEqual(analysis);
  });
});

test('the floor is information: a noisy second arm takes no claim back', () => {
  const arms = { runc: [1, 0.01], crun: [1.12, 0.01], runsc: [2, 0.01] } as const;
  const noisy = analyzed([...blocks(arms), ...blocks({ 'runc#2': [1, 0.25] }, 'other')]);
  const [floor] = noisy.noiseFloor;
  expect(floor).toMatchObject({ differs: false });
  expect(floor?.ratioHigh).toBeGreaterThan(1.12);
  expect(noisy.aaCheck?.widening).toBe(1);
  expect(rowOf(noisy.rows, 'crun')?.verdict).toBe('slower');
});

describe('where the baseline differs from itself', () => {
  const arms = { runc: [1, 0.01], crun: [1, 0.01], runsc: [1.22, 0.03] } as const;
  const plain = analyzed(blocks(arms));
  const measurements = [...blocks(arms), ...blocks({ 'runc#2': [1.2, 0.01] }, 'other')];
  const analysis = analyzed(measurements);
  const { comparisons = 0, rms, limit, widening = 0 } = analysis.aaCheck ?? {};

  test('the run is marked at the top', () => {
    expect(analysis.noiseFloor).toMatchObject([{ class: 'syscall/time', differs: true }]);
    expect(comparisons).toBe(1);
    expect(rms).toBeGreaterThan(limit ?? Number.NaN);
    // Of one comparison the limit is the normal quantile of 0.995.
    expect(limit).toBeCloseTo(2.5758293035, 9);
    expect(widening).toBe(rms);
    expect(analysis.warnings[0]?.code).toBe('aa-differs');
    const times = (rms ?? 0).toFixed(2);
    expect(analysis.warnings[0]?.message).toMatch(
      /^The baseline runc, measured twice, differs from itself by more than chance\. The root mean square of its normal scores over 1 comparison is [\d.]+; by chance it exceeds 2\.58 once in a hundred runs\. Verdicts therefore widen every interval by a factor of [\d.]+\. It differs most in runc: syscall\/calls by (19|20|21) %\.$/,
    );
    expect(analysis.warnings[0]?.message).toContain(`every interval by a factor of ${times}`);
    checkedTexts(analysis.warnings);
  });

  test('every verdict takes intervals as many times as wide', () => {
    expect(rowOf(plain.rows, 'crun')?.verdict).toBe('equivalent');
    const row = rowOf(analysis.rows, 'crun');
    const narrow = hodgesLehmann(logRatios(measurements, 'crun'), 0.9);
    expect(Math.log(row?.ratio90High ?? 0) - Math.log(row?.ratio ?? 0)).toBeCloseTo(
      widening * ((narrow.high ?? Number.NaN) - narrow.estimate),
      12,
    );
    expect(rowOf(analysis.rows, 'runsc')?.p).toBeGreaterThan(rowOf(plain.rows, 'runsc')?.p ?? 1);
  });
});

test('a second arm without enough values says that the noise is not known', () => {
  const few = blocks({ 'runc#2': [1, 0.01] }).slice(0, 5);
  const analysis = analyzed([...blocks({ runc: [1, 0.01], runsc: [2, 0.01] }), ...few]);
  expect(analysis.noiseFloor).toEqual([
    { class: 'syscall/time', ratioLow: null, ratioHigh: null, pairs: 5, differs: false },
  ]);
  expect(analysis.aaCheck).toEqual({ comparisons: 0, rms: null, limit: null, finds: null, widening: 1 });
  expect(analysis.warnings.map(({ code }) => code)).toEqual(['aa-unknown']);
  expect(rowOf(analysis.rows, 'runsc')?.verdict).toBe('slower');
});

test('a second arm without any value says that the noise is not known, of no class', () => {
  const none = Array.from({ length: 3 }, (_, i) => measurement('runc#2', i + 1, null));
  const analysis = analyzed([...blocks({ runc: [1, 0.01], runsc: [2, 0.01] }), ...none]);
  expect(analysis.noiseFloor).toEqual([]);
  expect(checkedTexts(analysis.warnings)).toContainEqual({
    code: 'aa-unknown',
    message:
      'The run’s own noise is not known: the second measurement of runc has no values, so verdicts do not take it into account.',
  });
});

test('failures of the second arm are counted and named', () => {
  const failed = Array.from({ length: 3 }, (_, i) => measurement('runc#2', i + 1, null));
  const trials = failed.map(({ trialId, block }) =>
    trialRecord({
      trialId,
      block,
      cell: cell('runc#2'),
      outcome: { status: 'timed-out', step: 'run', limitMs: 5 },
    }),
  );
  const measurements = [...blocks({ runc: [1, 0.01], runsc: [2, 0.01] }), ...failed];
  const analysis = analyze({ run: runRecord(), measurements, workloads, trials });
  expect(analysis.trials.failed).toBe(3);
  expect(checkedTexts(analysis.warnings)).toContainEqual({
    code: 'failed-trials',
    message: '3 trials failed, in 1 combination of test and runtime: runc#2: syscall/calls.',
  });
  expect(analysis.noiseFloor).toEqual([]);
});

describe('the floor of a class', () => {
  const end = fc.double({ min: -1, max: 1, noNaN: true });
  const row = fc.tuple(end, end, fc.double({ min: 0, max: 1, noNaN: true })).map(
    ([a, b, pAdjusted]) =>
      ({
        category: 'io',
        metric: 'fio.bandwidth',
        unit: 'bytes/s',
        headline: true,
        n: 10,
        pairs: 10,
        ratioCiLow: Math.exp(Math.min(a, b)),
        ratioCiHigh: Math.exp(Math.max(a, b)),
        pAdjusted,
      }) as SummaryRow,
  );
  const thresholds = { practical: 0.05, alpha: 0.05 };

  test('holds every interval of its comparisons, whichever of the two arms is divided by which', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
        const floor = noiseFloors(rows, thresholds)[0] as NoiseFloor;
        for (const { ratioCiLow, ratioCiHigh } of rows) {
          expect(ratioCiLow).toBeGreaterThanOrEqual((floor.ratioLow ?? 1) * (1 - 1e-12));
          expect(ratioCiHigh).toBeLessThanOrEqual((floor.ratioHigh ?? 1) * (1 + 1e-12));
        }
        const inverted = rows.map((each) => ({
          ...each,
          ratioCiLow: 1 / (each.ratioCiHigh ?? 1),
          ratioCiHigh: 1 / (each.ratioCiLow ?? 1),
        }));
        const other = noiseFloors(inverted, thresholds)[0] as NoiseFloor;
        expect(other.ratioHigh).toBeCloseTo(floor.ratioHigh ?? 0, 9);
      }),
      { seed: 1 },
    );
  });
});

test('a quiet host is rarely said to differ from itself: at most one run of 40 subjects in a hundred', () => {
  const random = seededRandom('forty subjects');
  const names = Array.from({ length: 40 }, (_, i) => `n=${i}`);
  const run = runRecord({ subjects: names.map((params) => runSubject('syscall/calls', { params })) });
  const runs = 150;
  let marked = 0;
  for (let i = 0; i < runs; i++) {
    const measurements = names.flatMap((params) =>
      ['runc', 'runc#2'].flatMap((runtime) =>
        Array.from({ length: 10 }, (_, block) =>
          measurement(runtime, block + 1, Math.exp(0.05 * gaussian(random)), {
            cell: cell(runtime, 'syscall/calls', params),
          }),
        ),
      ),
    );
    if (analyze({ run, measurements, workloads }).warnings.some(({ code }) => code === 'aa-differs'))
      marked++;
  }
  expect(marked / runs).toBeLessThan(0.01 + 3 * Math.sqrt((0.01 * 0.99) / runs));
});
