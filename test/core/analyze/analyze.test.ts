import { describe, expect, test } from 'vitest';
import { type AnalyzeInput, analyze } from '../../../src/core/analyze/analyze.ts';
import { cellLabel } from '../../../src/core/analyze/rows/subjects.ts';
import { localized } from '../../../src/core/messages/record.ts';
import { analysisSchema, type SummaryRow } from '../../../src/core/model/analysis/analysis.ts';
import type { RunRecord } from '../../../src/core/model/run/run.ts';
import type { Measurement } from '../../../src/core/model/workload/metric.ts';
import type { Workload } from '../../../src/core/model/workload/workload.ts';
import { noiseFlagName } from '../../../src/report/words/noise-flag.ts';
import {
  cell,
  kataMissing,
  lineWorkload,
  measurement,
  runRecord,
  runSubject,
  runtimeFacts,
  trialRecord,
} from '../../support/records.ts';
import { checkedTexts } from '../messages/checked-texts.ts';

const workloads = [lineWorkload('syscall/calls')];

function analyzeRows(input: Partial<AnalyzeInput>): readonly SummaryRow[] {
  return analyze({ run: runRecord(), measurements: [], workloads, ...input }).rows;
}

function rowOf(
  rows: readonly SummaryRow[],
  runtime: string,
  metric: string | null = 'call.cost',
): SummaryRow {
  const found = rows.filter((row) => row.runtime === runtime && row.metric === metric);
  expect(found).toHaveLength(1);
  return found[0] as SummaryRow;
}

/** n blocks of each runtime at its factor, with a little spread that no two blocks share. */
function blocks(n: number, factors: Readonly<Record<string, number>>): Measurement[] {
  return Array.from({ length: n }, (_, i) =>
    Object.entries(factors).map(([runtime, factor], j) =>
      measurement(runtime, i + 1, 100 * (1 + i / 10) * factor * (1 + ((i * 7 + j * 3) % 5) / 500)),
    ),
  ).flat();
}

const typical = { runc: 1, crun: 1.001, runsc: 3 };

describe('a row', () => {
  const rows = analyzeRows({ measurements: blocks(10, typical) });

  test('of the baseline describes it and compares it with nothing', () => {
    expect(rowOf(rows, 'runc')).toMatchObject({
      n: 10,
      failures: 0,
      min: 100,
      pairs: 10,
      ratio: null,
      ratioCiLow: null,
      p: null,
      pAdjusted: null,
      verdict: 'baseline',
      headline: true,
      unit: 'ns/op',
      category: 'syscall',
      note: '',
    });
  });

  test('of another runtime has ratio, interval, p and verdict', () => {
    const runsc = rowOf(rows, 'runsc');
    expect(runsc.ratio).toBeCloseTo(3, 1);
    expect(runsc.ratioCiLow).toBeGreaterThan(2.9);
    expect(runsc.ratioCiHigh).toBeLessThan(3.1);
    // t = 1.0985 ÷ 0.00041 with 9 degrees of freedom.
    expect(runsc.p).toBeLessThan(1e-20);
    expect(runsc.ratio90Low).toBeGreaterThan(runsc.ratioCiLow ?? Number.NaN);
    expect(runsc.ratio90High).toBeLessThan(runsc.ratioCiHigh ?? Number.NaN);
    expect(runsc).toMatchObject({ pairs: 10, verdict: 'slower', baseline: 'runc' });
    expect(rowOf(rows, 'crun').verdict).toBe('equivalent');
  });

  test('adjusts p over the headlines of its runtime, of which there is one here', () => {
    const [crun, runsc] = [rowOf(rows, 'crun'), rowOf(rows, 'runsc')];
    // Its category has two thirds of alpha.
    expect(runsc.pAdjusted).toBe(1.5 * (runsc.p ?? Number.NaN));
    expect(crun.pAdjusted).toBe(Math.min(1, 1.5 * (crun.p ?? Number.NaN)));
    expect([crun.family, runsc.family]).toEqual(['headline/crun/syscall', 'headline/runsc/syscall']);
    expect(rowOf(rows, 'runc').family).toBeUndefined();
  });

  test('has no medians of warm-up', () => {
    const warmup = blocks(1, { runc: 1e6 }).map((m) => ({ ...m, block: 0, phase: 'warmup' as const }));
    const analysis = analyze({
      run: runRecord(),
      measurements: [...warmup, ...blocks(10, typical)],
      workloads,
    });
    expect(analysis.rows).toEqual(rows);
    expect(analysis).toMatchObject({
      blocks: 10,
      completeBlocks: 10,
      trials: { ok: 30, failed: 0, warmup: 1 },
    });
  });

  test('of a rate with a smaller value says slower', () => {
    const rate = lineWorkload('syscall/calls', [
      { id: 'call.rate', unit: 'ops/s', better: 'higher', description: '' },
    ]);
    const measurements = blocks(10, { runc: 1, runsc: 0.5 }).map((m) => ({
      ...m,
      metric: 'call.rate',
      unit: 'ops/s' as const,
      better: 'higher' as const,
    }));
    expect(rowOf(analyzeRows({ measurements, workloads: [rate] }), 'runsc', 'call.rate').verdict).toBe(
      'slower',
    );
  });
});

describe('with few blocks', () => {
  test('there is a ratio, but neither interval nor verdict, and the note says what is missing', () => {
    expect(rowOf(analyzeRows({ measurements: blocks(4, typical) }), 'runsc')).toMatchObject({
      pairs: 4,
      ratioCiLow: null,
      ratioCiHigh: null,
      p: null,
      pAdjusted: null,
      verdict: 'inconclusive',
      note: '2 more paired blocks needed for an interval of the ratio',
    });
    expect(rowOf(analyzeRows({ measurements: blocks(5, typical) }), 'runsc').note).toMatch(
      /^1 more paired block needed/,
    );
  });

  test('six are enough for a claim, among however many comparisons', () => {
    const one = analyze({ run: runRecord(), measurements: blocks(6, { runc: 1, runsc: 1.2 }), workloads });
    const row = rowOf(one.rows, 'runsc');
    expect(row).toMatchObject({
      verdict: 'slower',
      note: '',
      pAdjusted: 1.5 * (row.p ?? Number.NaN),
    });
    expect(one.warnings).toEqual([]);

    const names = Array.from({ length: 40 }, (_, i) => `r${i}`);
    const factors = Object.fromEntries([['runc', 1], ...names.map((name) => [name, 1.2] as const)]);
    const run = runRecord({ runtimes: ['runc', ...names].map((name) => runtimeFacts(name)) });
    const many = analyze({ run, measurements: blocks(6, factors), workloads });
    expect(rowOf(many.rows, 'r4')).toMatchObject({ verdict: 'slower', note: '' });
    expect(many.warnings).toEqual([]);
  });

  test('five are too few, which the run says', () => {
    const five = analyze({ run: runRecord(), measurements: blocks(5, typical), workloads });
    expect(checkedTexts(five.warnings)).toEqual([
      {
        code: 'too-few-blocks',
        message:
          '2 of 2 comparisons have too few paired blocks to claim any difference, however large; 6 are needed.',
      },
    ]);
  });

  test('a time that ends before half of a runtime’s comparisons are decided was too short for the host', () => {
    const said = (n: number, stopReason: string, measurements = blocks(n, typical)) => {
      const run = runRecord({ stopReason });
      const { warnings } = analyze({ run, measurements, workloads });
      checkedTexts(warnings);
      return warnings.flatMap(({ code, message }) => (code === 'out-of-time' ? message : []));
    };
    expect(said(5, 'max-time')).toEqual([
      expect.stringMatching(
        /^\d+ s of measuring was not enough on this host: 1 of 1 comparisons of crun and 1 of 1 comparisons of runsc have no verdict\./,
      ),
    ]);
    const scattered = blocks(6, typical).map((each) =>
      each.cell.runtime === 'crun' && each.block % 2 === 0 ? { ...each, value: 2 * (each.value ?? 0) } : each,
    );
    expect(said(6, 'max-time', scattered)).toEqual([
      expect.stringMatching(/on this host: 1 of 1 comparisons of crun have no verdict\./),
    ]);
    expect(said(5, 'max-blocks')).toEqual([]);
    expect(said(6, 'max-time')).toEqual([]);
  });
});

describe('a test that is by its own limit never measured in the blocks of a verdict', () => {
  const limited = (most: Workload['maxBlocks']) =>
    analyze({
      run: runRecord(),
      measurements: blocks(2, typical),
      workloads: workloads.map((each) => ({ ...each, ...(most === undefined ? {} : { maxBlocks: most }) })),
    });

  test('is said once, and nothing tells to measure for longer', () => {
    const { rows, warnings } = limited(() => 2);
    expect(rowOf(rows, 'runsc')).toMatchObject({ pairs: 2, verdict: 'inconclusive', note: '' });
    for (const row of rows) expect(row.needs).toBeUndefined();
    checkedTexts(warnings);
    const said = warnings.map(({ message }) => message);
    expect(said.filter((text) => text.includes('by design'))).toEqual([
      'syscall/calls is measured in at most 2 blocks by design; a verdict takes 6. The figures describe, and more time adds none.',
    ]);
    expect(said.join(' ')).not.toContain('too few paired blocks');
  });

  test.each([undefined, 6, () => 8])('is no other: %s', (most) => {
    const { rows, warnings } = limited(most);
    expect(rowOf(rows, 'runsc').note).toMatch(/^4 more paired blocks needed/);
    expect(warnings.map(({ code }) => code)).toEqual(['too-few-blocks']);
  });
});

test('a value of zero leaves no ratio: the difference decides, from six pairs on', () => {
  const withZero = (n: number) =>
    analyzeRows({
      measurements: [...blocks(n - 1, typical), measurement('runc', n, 1), measurement('runsc', n, 0)],
    });
  expect(rowOf(withZero(5), 'runsc')).toMatchObject({
    pairs: 5,
    ratio: null,
    p: null,
    pAdjusted: null,
    verdict: 'inconclusive',
    note: 'zero values: no ratio',
  });
  const row = rowOf(withZero(10), 'runsc');
  expect(row).toMatchObject({
    n: 10,
    pairs: 10,
    ratio: null,
    ratioCiLow: null,
    verdict: 'slower',
    note: 'zero values: compared by difference',
  });
  // Nine differences from 200 to 360, and one of −1.
  expect(row.difference?.estimate).toBeGreaterThan(200);
  expect(row.difference?.low).toBeGreaterThan(0);
});

describe('nothing is hidden:', () => {
  const failure = (message: string) => ({
    outcome: { status: 'failed', step: 'start', error: { code: 'start-failed', message } } as const,
  });

  test('a runtime that cannot run has a row per subject with reason and fix', () => {
    const run = runRecord({
      runtimes: [runtimeFacts('runc'), runtimeFacts('kata', kataMissing)],
      subjects: [runSubject('syscall/calls'), runSubject('io/read')],
    });
    const rows = analyzeRows({ run, measurements: blocks(6, { runc: 1 }) });
    expect(rows.filter((row) => row.runtime === 'kata')).toMatchObject(
      ['syscall/calls', 'io/read'].map((workload) => ({
        workload,
        profile: 'default',
        layer: 'docker',
        metric: null,
        unit: null,
        better: null,
        headline: true,
        n: 0,
        failures: 0,
        median: null,
        ratio: null,
        verdict: 'unavailable',
        note: 'the Kata shim is not installed; fix: install kata-containers',
      })),
    );
  });

  test('an unsupported cell has a row with the reason', () => {
    const run = runRecord({
      subjects: [runSubject('syscall/calls', { unsupported: { runsc: 'gVisor has no io_uring' } })],
    });
    const rows = analyzeRows({ run, measurements: blocks(6, { runc: 1, crun: 1 }) });
    expect(rowOf(rows, 'runsc', null)).toMatchObject({
      n: 0,
      verdict: 'unavailable',
      note: 'gVisor has no io_uring',
    });
  });

  test('a cell whose trials all failed has a row with the commonest message', () => {
    const messages = ['no such device', 'out of memory', 'out of memory'];
    const measurements = [
      ...blocks(3, { runc: 1 }),
      ...messages.map((_, i) => measurement('runsc', i + 1, null, { trialId: `t${i}` })),
    ];
    const trials = messages.map((message, i) =>
      trialRecord({ trialId: `t${i}`, cell: cell('runsc'), block: i + 1, ...failure(message) }),
    );
    const analysis = analyze({ run: runRecord(), measurements, workloads, trials });
    expect(rowOf(analysis.rows, 'runsc', null)).toMatchObject({
      n: 0,
      failures: 3,
      headline: true,
      verdict: 'unavailable',
      note: '3 of 3 trials failed; most often start: out of memory',
    });
    expect(analysis.trials).toEqual({ ok: 3, failed: 3, warmup: 0 });
    expect(checkedTexts(analysis.warnings)).toContainEqual({
      code: 'failed-trials',
      message: '3 trials failed, in 1 combination of test and runtime: runsc: syscall/calls.',
    });
    // Without the raw trials the kind of failure is still known.
    const row = rowOf(analyzeRows({ measurements }), 'runsc', null);
    expect(row.note).toBe('3 of 3 trials failed; failed');
    expect(localized(row, 'note', 'fr')).toEqual({
      text: '3 essais sur 3 en échec\u00a0; failed',
      lang: 'fr',
    });
  });

  test('a cell with some failures says so on every row', () => {
    const measurements = [
      ...blocks(10, { runc: 1, runsc: 3 }),
      measurement('runsc', 11, null, { outcome: 'timed-out' }),
      measurement('runsc', 1, 5, { metric: 'pids.peak', unit: 'count' }),
    ];
    const trials = [
      trialRecord({
        trialId: 'b11-runsc',
        cell: cell('runsc'),
        block: 11,
        outcome: { status: 'timed-out', step: 'run', limitMs: 500 },
      }),
    ];
    const rows = analyzeRows({ measurements, trials });
    for (const metric of ['call.cost', 'pids.peak'])
      expect(rowOf(rows, 'runsc', metric)).toMatchObject({
        failures: 1,
        note: expect.stringMatching(/^1 of 11 trials failed; most often run: not done after 500 ms/),
      });
    expect(rowOf(rows, 'runsc').verdict).toBe('slower');
  });

  test('a cell without any measured trial has a row', () => {
    const run = runRecord({ status: 'interrupted' });
    expect(
      rowOf(analyzeRows({ run, measurements: blocks(6, { runc: 1, crun: 1 }) }), 'runsc', null).note,
    ).toBe('no trial was measured (the run is interrupted)');
  });

  test('a cell whose warm-up failed, and that was not tried again, says why', () => {
    const outcome = {
      status: 'failed',
      step: 'peer',
      error: { code: 'exit-code', message: 'exit code 1' },
    } as const;
    const trials = [
      trialRecord({ cell: cell('runsc'), block: 0, outcome }),
      trialRecord({ cell: cell('crun'), block: 0, outcome: { status: 'interrupted' } }),
    ];
    const rows = analyzeRows({ measurements: blocks(6, { runc: 1 }), trials });
    expect(rowOf(rows, 'runsc', null).note).toBe(
      'no trial was measured, since the warm-up failed: peer: exit code 1',
    );
    expect(rowOf(rows, 'crun', null).note).toBe('no trial was measured (the run is complete)');
  });

  test('a cell that could not run in the warm-up has that reason, which is no failure', () => {
    const outcome = { status: 'unsupported', reason: 'this engine stores no container' } as const;
    const trials = [trialRecord({ cell: cell('runsc'), block: 0, outcome })];
    const row = rowOf(analyzeRows({ measurements: blocks(6, { runc: 1 }), trials }), 'runsc', null);
    expect(row).toMatchObject({
      note: 'this engine stores no container',
      failures: 0,
      verdict: 'unavailable',
    });
  });

  test('a cell that lacks only its headline has a row for it', () => {
    const measurements = [
      ...blocks(3, { runc: 1 }),
      measurement('runsc', 1, 5, { metric: 'pids.peak', unit: 'count' }),
    ];
    expect(rowOf(analyzeRows({ measurements }), 'runsc', 'call.cost')).toMatchObject({
      unit: 'ns/op',
      better: 'lower',
      n: 0,
      headline: true,
      verdict: 'unavailable',
      note: 'its trials succeeded, but none gave this value',
    });
  });

  test('interrupted trials count neither as ok nor as failed', () => {
    const measurements = [...blocks(6, typical), measurement('runsc', 7, null, { outcome: 'interrupted' })];
    const analysis = analyze({ run: runRecord(), measurements, workloads });
    expect(analysis).toMatchObject({ blocks: 6, trials: { ok: 18, failed: 0 } });
    expect(rowOf(analysis.rows, 'runsc').failures).toBe(0);
  });
});

test('rows are ordered by subject, headline first, then metric, then baseline before the others', () => {
  const run = runRecord({ subjects: [runSubject('syscall/calls'), runSubject('io/read')] });
  const metrics = ['zeta', 'call.cost', 'alpha'];
  const measurements = ['io/read', 'syscall/calls', 'cpu/unscheduled'].flatMap((workload) =>
    metrics.flatMap((metric) =>
      ['runsc', 'runc', 'unregistered', 'crun'].map((runtime) =>
        measurement(runtime, 1, 1, { cell: cell(runtime, workload), metric }),
      ),
    ),
  );
  const rows = analyzeRows({ run, measurements, workloads: [...workloads, lineWorkload('io/read')] });
  const order = (workload: string, ids: readonly string[]) =>
    ids.flatMap((metric) =>
      ['runc', 'crun', 'runsc', 'unregistered'].map((runtime) => `${workload} ${metric} ${runtime}`),
    );
  expect(rows.map((row) => `${row.workload} ${row.metric} ${row.runtime}`)).toEqual([
    ...order('syscall/calls', ['call.cost', 'alpha', 'zeta']),
    ...order('io/read', ['call.cost', 'alpha', 'zeta']),
    // No workload says what its headline is.
    ...order('cpu/unscheduled', ['alpha', 'call.cost', 'zeta']),
  ]);
  expect(rows.filter((row) => row.headline).map((row) => row.metric)).toEqual(new Array(8).fill('call.cost'));
});

test('the same workload with other parameters is another subject', () => {
  const run = runRecord({
    subjects: [
      runSubject('syscall/calls', { params: 'n=2' }),
      runSubject('syscall/calls', { params: 'n=1' }),
    ],
  });
  const measurements = ['n=1', 'n=2'].flatMap((params) =>
    blocks(6, { runc: 1, runsc: params === 'n=1' ? 2 : 4 }).map((m) => ({
      ...m,
      cell: { ...m.cell, params },
    })),
  );
  const rows = analyzeRows({ run, measurements }).filter((row) => row.runtime === 'runsc');
  expect(rows.map((row) => [row.params, Math.round(row.ratio ?? 0)])).toEqual([
    ['n=2', 4],
    ['n=1', 2],
  ]);
});

describe('without a baseline', () => {
  test('that is registered there are values but no ratios', () => {
    const run = runRecord({ config: { baseline: 'runcc' } });
    const analysis = analyze({ run, measurements: blocks(8, typical), workloads });
    expect(analysis.rows.map((row) => [row.runtime, row.n, row.ratio, row.verdict])).toEqual([
      ['crun', 8, null, 'inconclusive'],
      ['runc', 8, null, 'inconclusive'],
      ['runsc', 8, null, 'inconclusive'],
    ]);
    expect(rowOf(analysis.rows, 'runsc').note).toBe('the baseline runcc has no value to compare with');
    expect(analysis.warnings.map((warning) => warning.code)).toEqual(['baseline-missing']);
  });

  test('that can run, the warning gives its reason', () => {
    const run = runRecord({ runtimes: [runtimeFacts('runc', kataMissing), runtimeFacts('crun')] });
    const { warnings } = analyze({ run, measurements: blocks(8, { crun: 1 }), workloads });
    expect(checkedTexts(warnings)).toEqual([
      {
        code: 'baseline-unavailable',
        message:
          'The baseline runc cannot run here (the Kata shim is not installed): there are no ratios and no verdicts.',
      },
    ]);
  });

  test('on one subject, that subject is named', () => {
    const run = runRecord({ subjects: [runSubject('syscall/calls'), runSubject('io/read')] });
    const measurements = [
      ...blocks(8, { runc: 1, crun: 1 }),
      ...blocks(8, { crun: 1 }).map((m) => ({ ...m, cell: cell('crun', 'io/read') })),
    ];
    const { warnings } = analyze({ run, measurements, workloads: [...workloads, lineWorkload('io/read')] });
    expect(checkedTexts(warnings)).toEqual([
      {
        code: 'baseline-incomplete',
        message:
          'The baseline runc has no values for 1 of 2 tests, which therefore have no ratios: runc: io/read.',
      },
    ]);
  });

  test('on a subject that no runtime can run there, nothing is doubted', () => {
    const why = { runc: 'no network here', crun: 'no network here' };
    const run = runRecord({
      subjects: [runSubject('syscall/calls'), runSubject('io/read', { unsupported: why })],
    });
    const measurements = [...blocks(8, { runc: 1, crun: 1 })];
    const { warnings } = analyze({ run, measurements, workloads: [...workloads, lineWorkload('io/read')] });
    expect(checkedTexts(warnings)).toEqual([]);
  });
});

const noise = (flags: string[]) => ({
  stealNs: null,
  busyNs: null,
  wallNs: 1,
  loadAverage1: null,
  cpuPressureNs: null,
  ioPressureNs: null,
  memoryPressureNs: null,
  swapInPages: null,
  frequencyKHz: null,
  flags,
});

describe('warnings about the run', () => {
  test.each([
    ['running', 'run-running'],
    ['interrupted', 'run-interrupted'],
    ['failed', 'run-failed'],
  ] as const)('that is %s', (status, code) => {
    const { warnings } = analyze({ run: runRecord({ status }), measurements: blocks(8, typical), workloads });
    expect(warnings.map((warning) => warning.code)).toEqual([code]);
  });

  test('tell of trials that were interrupted whenever they were tried, and why', () => {
    const attempt = (trialId: string, n: number, reason?: string) =>
      trialRecord({
        trialId,
        attempt: n,
        outcome:
          reason === undefined
            ? { status: 'ok' }
            : { status: 'interrupted', ...(reason === '' ? {} : { reason }) },
      });
    const stood = 'ocibench stood still for 900 ms during the trial';
    const trials = [
      attempt('well', 1, stood),
      attempt('well', 2),
      attempt('never', 1, 'the host was suspended'),
      attempt('never', 2, stood),
    ];
    const told = (all: typeof trials, status: RunRecord['status'] = 'complete', wanted = 'unmeasured') =>
      analyze({
        run: runRecord({ status }),
        measurements: blocks(8, typical),
        workloads,
        trials: all,
      }).warnings.filter(({ code }) => code === wanted);
    expect(checkedTexts(told(trials))).toEqual([
      {
        code: 'unmeasured',
        message: `1 trial has no value, since every attempt was interrupted; the last time: ${stood}.`,
      },
    ]);
    // Each attempt is told, also of trials that were made again: an engine that was started anew has cold caches.
    const again = told(trials, 'complete', 'interrupted-trials');
    expect(checkedTexts(again)).toEqual([
      {
        code: 'interrupted-trials',
        message: `3 trials were interrupted from outside and not counted; the first in block 1, at 2026-01-01 00:00 UTC: ${stood}. What came next began with cold caches, or in an engine just started.`,
      },
    ]);
    expect(told([attempt('ended', 1, '')], 'complete', 'interrupted-trials')).toEqual([]);
    const set = told(
      [attempt('well', 1), { ...attempt('well', 2), clockSetMs: 7_200_000 }],
      'running',
      'clock-set',
    );
    expect(checkedTexts(set)).toEqual([
      {
        code: 'clock-set',
        message:
          'The host’s clock was set by 7200 s before a trial of block 1: the times of day before and after do not go together. The figures come from another clock.',
      },
    ]);
    // What the user ended, or what goes on in the next session, is no such trial.
    expect(told([attempt('ended', 1, '')])).toEqual([]);
    expect(told(trials, 'interrupted')).toEqual([]);
  });

  test('tell the share of measured trials with a flag, from one in ten on', () => {
    const trials = Array.from({ length: 20 }, (_, i) =>
      trialRecord({ block: i + 1, noise: noise(i === 3 ? ['steal>5%', 'load'] : []) }),
    );
    const warmup = trialRecord({ block: 0, noise: noise(['load']) });
    const noisy = [...trials, warmup, trialRecord({ block: 30, noise: noise(['steal>5%']) })];
    const codes = (all: typeof trials) =>
      analyze({ run: runRecord(), measurements: blocks(8, typical), workloads, trials: all }).warnings;
    expect(codes([...trials, warmup])).toEqual([]);
    expect(codes(noisy)).toEqual([]);
    // Of a trial that was interrupted nothing is kept but its record.
    const interrupted = { block: 31, noise: noise(['load']), outcome: { status: 'interrupted' } } as const;
    expect(codes([...noisy, trialRecord(interrupted)])).toEqual([]);
    expect(checkedTexts(codes([...noisy, trialRecord({ block: 31, noise: noise(['steal>5%']) })]))).toEqual([
      {
        code: 'noisy-host',
        message:
          '3 of 22 measured trials (14%) ran while the host was disturbed: CPU taken by the hypervisor (more than 5%) ×3, load ×1.',
      },
    ]);
  });
});

test.each([
  'steal>1%',
  'other-load>10%',
  'cpu-pressure>25%',
  'io-pressure>25%',
  'memory-pressure>10%',
  'swap-in',
  'thermal-throttling',
  'container-clock>1%',
])('a trial that was disturbed (%s) is told in words, by the warning and by the page', (flag) => {
  const run = { run: runRecord(), measurements: blocks(8, typical), workloads };
  const [warning] = analyze({ ...run, trials: [trialRecord({ noise: noise([flag]) })] }).warnings;
  expect(warning?.message).toContain('(100%)');
  expect(warning?.message).not.toContain(flag);
  expect(noiseFlagName(flag).text).not.toContain(flag);
});

test('a run in which the engine’s CPU time cannot be separated says what of the load of others was not seen', () => {
  const known = { value: 1, source: 'cpuacct.usage' };
  const quiet = { ...noise([]), otherCpuNs: 5 };
  const told = (trials: ReturnType<typeof trialRecord>[]) =>
    analyze({ run: runRecord(), measurements: blocks(8, typical), workloads, trials }).warnings;
  const apart = { absent: 'the engine runs in the root cgroup, together with the whole host' };
  expect(checkedTexts(told([trialRecord({ engineCpu: apart, noise: quiet })]))).toEqual([
    {
      code: 'load-partly-seen',
      message:
        'The engine’s own CPU time is unknown (the engine runs in the root cgroup, together with the whole host). Load of others is flagged if it has cgroups of its own or processes that live through a trial. Short-lived load beside the engine goes unnoticed.',
    },
  ]);
  expect(told([trialRecord({ engineCpu: known, noise: noise([]) })])).toEqual([]);
  // Older records hold nothing of others.
  expect(told([trialRecord({ engineCpu: apart, noise: noise([]) })])).toEqual([]);
});

test('an analysis is as its schema says, and repeatable', () => {
  const run = runRecord({
    runtimes: [runtimeFacts('runc'), runtimeFacts('crun'), runtimeFacts('kata', kataMissing)],
  });
  const input = { run, measurements: blocks(7, typical), workloads };
  expect(analysisSchema.strict().parse(analyze(input))).toEqual(analyze(input));
  expect(analyze(input).thresholds).toEqual({ practical: 0.05, alpha: 0.05, confidence: 0.95 });
});

test('an empty run still lists what it had scheduled', () => {
  const analysis = analyze({ run: runRecord({ status: 'failed' }), measurements: [], workloads });
  expect(analysis.rows.map((row) => [row.runtime, row.n, row.verdict])).toEqual([
    ['runc', 0, 'unavailable'],
    ['crun', 0, 'unavailable'],
    ['runsc', 0, 'unavailable'],
  ]);
});

describe('a run at several layers', () => {
  const subjects = (['docker', 'oci'] as const).map((layer) => runSubject('syscall/calls', { layer }));
  const at = (layer: 'docker' | 'oci', factors: Readonly<Record<string, number>>) =>
    blocks(8, factors).map((each) => ({ ...each, cell: { ...each.cell, layer } }));

  test('compares each runtime with the baseline of its own layer', () => {
    const rows = analyzeRows({
      run: runRecord({ subjects }),
      measurements: [...at('docker', { runc: 10, crun: 5 }), ...at('oci', { runc: 1, crun: 2 })],
    });
    const ratios = rows.filter(({ ratio }) => ratio !== null).map(({ layer, ratio }) => [layer, ratio]);
    expect(ratios).toEqual([
      ['docker', expect.closeTo(0.5, 1)],
      ['oci', expect.closeTo(2, 1)],
    ]);
  });

  test('has a row that says why, at the layer where a runtime cannot', () => {
    const [docker, oci] = subjects;
    if (docker === undefined || oci === undefined) throw new Error('no subject');
    const rows = analyzeRows({
      run: runRecord({ subjects: [docker, { ...oci, unsupported: { runsc: 'no volume' } }] }),
      measurements: [...at('docker', { runc: 1, runsc: 2 }), ...at('oci', { runc: 1 })],
    });
    const [row, ...others] = rows.filter(({ layer, runtime }) => layer === 'oci' && runtime === 'runsc');
    expect(row).toMatchObject({ verdict: 'unavailable', note: 'no volume' });
    expect(others).toEqual([]);
  });

  test('engines of one layer are compared apart', () => {
    const measurements = (['26', '28'] as const).flatMap((engine) =>
      blocks(8, { runc: 1, crun: engine === '26' ? 2 : 4 }).map((each) => ({
        ...each,
        cell: { ...each.cell, engine },
      })),
    );
    const rows = analyzeRows({ run: runRecord(), measurements }).filter(({ ratio }) => ratio !== null);
    expect(rows.map(({ engine, ratio }) => [engine, ratio])).toEqual([
      ['26', expect.closeTo(2, 1)],
      ['28', expect.closeTo(4, 1)],
    ]);
  });

  test('names the layer of a cell in a warning', () => {
    expect(cellLabel({ ...cell('runc'), layer: 'oci', params: 'n=1' })).toBe(
      'runc: syscall/calls n=1, layer oci',
    );
    expect(cellLabel({ ...cell('runc'), engine: '28' })).toBe('runc: syscall/calls engine 28');
    expect(cellLabel(cell('runc'))).toBe('runc: syscall/calls');
  });
});
