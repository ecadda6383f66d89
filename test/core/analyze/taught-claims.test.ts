import { describe, expect, test } from 'vitest';
import { taughtClaims } from '../../../src/core/analyze/taught-claims.ts';
import type { SummaryRow, TaughtClaim } from '../../../src/core/model/analysis.ts';
import type { RuntimeFacts } from '../../../src/core/model/runtime.ts';
import { kataMissing, runRecord, runtimeFacts } from '../../support/records.ts';

const facts = (name: string, family: RuntimeFacts['family'], more: Partial<RuntimeFacts> = {}) => ({
  ...runtimeFacts(name),
  family,
  ...more,
});
const runc = facts('runc', 'runc');

/** A headline of a time, ten blocks, from its ratio and interval; a verdict of its own where it matters. */
function row(
  runtime: string,
  workload: string,
  [ratio, low, high]: readonly [number, number | null, number | null],
  changes: Partial<SummaryRow> = {},
): SummaryRow {
  return {
    runtime,
    profile: 'default',
    layer: 'docker',
    workload,
    params: '',
    category: workload.split('/')[0] as SummaryRow['category'],
    metric: 'op.time',
    unit: 'ns',
    better: 'lower',
    headline: true,
    n: 10,
    failures: 0,
    median: 1,
    ciLow: 1,
    ciHigh: 1,
    p95: null,
    min: 1,
    max: 1,
    mad: 0,
    baseline: 'runc',
    pairs: 10,
    ratio,
    ratioCiLow: low,
    ratioCiHigh: high,
    p: 0.001,
    pAdjusted: 0.001,
    verdict: 'slower',
    note: '',
    ...changes,
  };
}

const rate = { unit: 'ops/s', better: 'higher' } as const;
const bytes = { unit: 'bytes', better: 'lower', metric: 'memory.footprint' } as const;

function claim(
  runtimes: readonly RuntimeFacts[],
  rows: readonly SummaryRow[],
  id: TaughtClaim['id'],
  baseline = 'runc',
  emulated: readonly string[] = [],
): TaughtClaim[] {
  const run = runRecord({ runtimes: [...runtimes], config: { baseline } });
  return taughtClaims(run, rows, new Set(emulated)).filter((one) => one.id === id);
}

const outcomes = ({ cases }: TaughtClaim) => cases.map(({ workload, outcome }) => `${workload} ${outcome}`);

describe('gVisor is 30–50 % slower', () => {
  const judge = (...rows: SummaryRow[]) => claim([runc, facts('sandbox', 'runsc')], rows, 'gvisor-slower')[0];

  test('goes by the whole interval, not by the estimate', () => {
    const judged = judge(
      row('sandbox', 'app/inside', [1.4, 1.3, 1.5]),
      row('sandbox', 'app/across', [1.4, 1.29, 1.5]),
      row('sandbox', 'app/less', [1.1, 1.0, 1.29]),
      row('sandbox', 'app/more', [9, 8, 10]),
      row('sandbox', 'app/few', [1.4, null, null]),
    );
    expect(judged && outcomes(judged).toSorted()).toEqual([
      'app/across undecided',
      'app/few undecided',
      'app/inside holds',
      'app/less below',
      'app/more above',
    ]);
    expect(judged?.status).toBe('partly');
  });

  test('stays open where no application and no CPU-bound work was measured', () => {
    const files = row('sandbox', 'io/fio', [12, 10, 14]);
    const start = row('sandbox', 'startup/echo', [1.9, 1.7, 2.1]);
    expect(judge(files, start)).toMatchObject({ status: 'undecided', reason: 'no-application' });
    expect(judge(files, start)?.cases).toHaveLength(2);
    for (const workload of ['app/redis', 'cpu/openssl'])
      expect(judge(files, start, row('sandbox', workload, [2, 1.8, 2.2]))).toMatchObject({
        status: 'refuted',
        reason: null,
      });
    const unmeasured = { ...row('sandbox', 'app/redis', [2, null, null]), ratio: null };
    expect(judge(files, unmeasured)).toMatchObject({ reason: 'no-application' });
  });

  test('says nothing of a slowdown that the run does not claim', () => {
    const open = { verdict: 'inconclusive' } as const;
    const judged = judge(
      row('sandbox', 'app/above', [3, 2, 4], open),
      row('sandbox', 'app/inside', [1.4, 1.35, 1.45], open),
      row('sandbox', 'app/less', [1.1, 1.0, 1.2], open),
    );
    expect(judged && outcomes(judged)).toEqual([
      'app/less below',
      'app/inside undecided',
      'app/above undecided',
    ]);
  });

  test('takes rates as the time that the same work takes', () => {
    // 1 ÷ 1.4 of the rate is 1.4 times the time.
    const judged = judge(row('sandbox', 'app/rate', [1 / 1.4, 1 / 1.45, 1 / 1.35], rate));
    expect(judged?.cases[0]).toMatchObject({ outcome: 'holds' });
    expect(judged?.cases[0]?.factor).toBeCloseTo(1.4);
    expect(judged?.cases[0]?.low).toBeCloseTo(1.35);
    expect(judged?.cases[0]?.high).toBeCloseTo(1.45);
    // A rate 1.4 times as high is no slowness.
    expect(
      judge(row('sandbox', 'app/rate', [1.4, 1.35, 1.45], { ...rate, verdict: 'faster' }))?.cases[0]?.outcome,
    ).toBe('below');
  });

  test('is about speed: not memory, CPU time, facts, nor other metrics than headlines', () => {
    const judged = judge(
      row('sandbox', 'memory/idle', [1.4, 1.35, 1.45], bytes),
      row('sandbox', 'cpu/quota', [1.4, 1.35, 1.45], { unit: 'ratio', better: 'neither' }),
      row('sandbox', 'isolation/facts', [1.4, 1.35, 1.45]),
      row('sandbox', 'app/a', [1.4, 1.35, 1.45], { headline: false, metric: 'cpu.usage' }),
    );
    expect(judged).toMatchObject({ status: 'not-measurable', reason: 'nothing-measured', cases: [] });
  });

  test('as a whole: confirmed or refuted where more than half is decided and all of that agrees', () => {
    const at = (kind: 'in' | 'out' | 'open', i: number) =>
      row(
        'sandbox',
        `app/${i}`,
        kind === 'in' ? [1.4, 1.35, 1.45] : kind === 'out' ? [3, 2, 4] : [1.4, 1, 2],
      );
    const status = (...kinds: ('in' | 'out' | 'open')[]) => judge(...kinds.map(at))?.status;
    expect(status('in', 'in')).toBe('confirmed');
    expect(status('in', 'in', 'open')).toBe('confirmed');
    expect(status('in', 'open')).toBe('undecided');
    expect(status('out', 'out', 'open')).toBe('refuted');
    expect(status('in', 'out', 'open', 'open', 'open')).toBe('partly');
    expect(status('open')).toBe('undecided');
  });

  test('every gVisor of the run has its own answer, whatever it is called; the cases are sorted by cost', () => {
    const found = claim(
      [runc, facts('a', 'runsc', { platform: 'systrap' }), facts('b', 'runsc', { platform: 'ptrace' })],
      [
        row('a', 'app/y', [3, 2.5, 3.5]),
        row('a', 'app/x', [1, 0.9, 1.1]),
        row('b', 'app/x', [1.4, 1.35, 1.45]),
        // The baseline's second arm is no runtime.
        row('runc#2', 'app/x', [1.4, 1.35, 1.45]),
      ],
      'gvisor-slower',
    );
    expect(found.map(({ runtime, status }) => `${runtime} ${status}`)).toEqual(['a refuted', 'b confirmed']);
    expect(found[0] && outcomes(found[0])).toEqual(['app/x below', 'app/y above']);
  });
});

describe('crun is faster and lighter', () => {
  const runtimes = [runc, facts('crun', 'crun')];

  test('goes by the verdicts of the run', () => {
    const judged = claim(
      runtimes,
      [
        row('crun', 'startup/echo', [0.9, 0.88, 0.92], { verdict: 'faster' }),
        row('crun', 'cpu/a', [1, 0.99, 1.01], { verdict: 'equivalent' }),
        row('crun', 'io/a', [0.9, 0.85, 0.95], { verdict: 'inconclusive' }),
        row('crun', 'io/b', [1.2, 1.1, 1.3], { verdict: 'slower' }),
      ],
      'crun-faster',
    )[0];
    expect(judged && outcomes(judged)).toEqual([
      'startup/echo holds',
      'io/a undecided',
      'cpu/a fails',
      'io/b fails',
    ]);
    expect(judged?.status).toBe('partly');
  });

  test('lighter: what idles, and the peak of a container that does nothing else than start', () => {
    const judged = claim(
      runtimes,
      [
        row('crun', 'memory/idle', [1, 0.99, 1.01], { ...bytes, verdict: 'equivalent' }),
        row('crun', 'startup/echo', [0.4, 0.3, 0.5], {
          ...bytes,
          metric: 'memory.peak',
          headline: false,
          verdict: 'less',
        }),
        row('crun', 'app/a', [0.4, 0.3, 0.5], {
          ...bytes,
          metric: 'memory.peak',
          headline: false,
          verdict: 'less',
        }),
        row('crun', 'memory/limit', [1.2, 1.1, 1.3], { ...bytes, better: 'higher', verdict: 'more' }),
      ],
      'crun-lighter',
    )[0];
    expect(judged && outcomes(judged)).toEqual(['startup/echo holds', 'memory/idle fails']);
  });

  test('is not measurable without crun, and against another baseline than runc', () => {
    expect(claim([runc], [], 'crun-faster')[0]).toMatchObject({ runtime: null, reason: 'no-runtime' });
    expect(claim(runtimes, [], 'crun-faster', 'crun')[0]).toMatchObject({
      runtime: null,
      reason: 'baseline',
    });
    const youki = [facts('youki', 'youki'), facts('crun', 'crun')];
    expect(claim(youki, [row('crun', 'io/a', [2, 1, 3])], 'crun-faster', 'youki')[0]).toMatchObject({
      runtime: 'crun',
      status: 'not-measurable',
      reason: 'baseline',
      cases: [],
    });
  });
});

describe('Kata: slower start, more memory', () => {
  test('is not measurable where Kata cannot run', () => {
    const runtimes = [runc, facts('kata', 'kata', { preflight: kataMissing })];
    for (const id of ['kata-slower-start', 'kata-more-memory'] as const)
      expect(claim(runtimes, [], id)).toEqual([
        { id, runtime: 'kata', status: 'not-measurable', reason: 'unavailable', cases: [] },
      ]);
  });

  test('speaks of starts only, and of memory', () => {
    const rows = [
      row('k', 'startup/echo', [4, 3, 5], { metric: 'startup.to_output' }),
      row('k', 'startup/stop', [1, 0.9, 1.1], { metric: 'stop.time', verdict: 'inconclusive' }),
      row('k', 'startup/density', [8, 7, 9], { ...bytes, metric: 'density.footprint', verdict: 'more' }),
      row('k', 'io/a', [1, 0.99, 1.01], { verdict: 'equivalent' }),
    ];
    const runtimes = [runc, facts('k', 'kata')];
    const [start] = claim(runtimes, rows, 'kata-slower-start');
    const [memory] = claim(runtimes, rows, 'kata-more-memory');
    expect(start && outcomes(start)).toEqual(['startup/echo holds']);
    expect(start?.status).toBe('confirmed');
    expect(memory && outcomes(memory)).toEqual(['startup/density holds']);
  });

  test('is not judged by guests that were emulated, whatever was measured of them', () => {
    const rows = ['k', 'tcg'].flatMap((runtime) => [
      row(runtime, 'startup/echo', [36, 30, 40], { metric: 'startup.to_output' }),
      row(runtime, 'memory/idle', [24.7, 24.6, 24.8], { ...bytes, verdict: 'more' }),
    ]);
    const runtimes = [runc, facts('k', 'kata'), facts('tcg', 'kata')];
    for (const id of ['kata-slower-start', 'kata-more-memory'] as const)
      expect(claim(runtimes, rows, id, 'runc', ['tcg'])).toMatchObject([
        { runtime: 'k', status: 'confirmed', reason: null },
        { runtime: 'tcg', status: 'not-measurable', reason: 'emulated-guest', cases: [] },
      ]);
  });
});
