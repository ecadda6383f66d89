import { describe, expect, test } from 'vitest';
import { type RowDraft, settleClaims } from '../../../../src/core/analyze/claims/claims.ts';
import {
  type ComparisonFamily,
  headlineFamily,
  metricFamily,
} from '../../../../src/core/analyze/claims/families.ts';
import { pairedDifference, pairedRatio } from '../../../../src/core/analyze/rows/ratio.ts';
import type { SummaryRow } from '../../../../src/core/model/analysis/analysis.ts';
import { type Random, seededRandom } from '../../../../src/core/model/prng.ts';
import { runRecord } from '../../../support/records.ts';
import { gaussian } from '../simulated-run.ts';

const run = runRecord();
const workloads = ['startup/a', 'syscall/b', 'io/c', 'memory/d', 'memory/e'];
const others = ['crun', 'runsc', 'runsc-ptrace'];

/** Values of as many blocks around `factor`, scattered by 15 % times `spread`. */
function arm(random: Random, blocks: number, factor = 1, spread = 1): Map<number, number> {
  return new Map(
    Array.from({ length: blocks }, (_, block) => [
      block,
      factor * Math.exp(0.15 * spread * gaussian(random)),
    ]),
  );
}

function draft(
  runtime: string,
  workload: string,
  values: ReadonlyMap<number, number>,
  baseline: ReadonlyMap<number, number>,
  family?: ComparisonFamily,
): RowDraft {
  const category = workload.split('/')[0] as SummaryRow['category'];
  const ratio = pairedRatio(values, baseline, 0.95);
  return {
    row: row(runtime, workload, category, ratio.pairs),
    notes: [],
    comparison: {
      family: family ?? headlineFamily({ runtime, category, layer: 'docker' }, 1),
      ratio,
      difference: null,
      baselineKnown: true,
      withheld: null,
    },
  };
}

/** Headline drafts of a run of `blocks` blocks whose runtimes are all alike, but for `effect` on one of them. */
function drafts(random: Random, blocks: number, effect = 1): RowDraft[] {
  return workloads.flatMap((workload) => {
    const baseline = arm(random, blocks);
    return others.map((runtime) => {
      const factor = runtime === 'runsc' && workload === 'startup/a' ? effect : 1;
      return draft(runtime, workload, arm(random, blocks, factor), baseline);
    });
  });
}

function row(
  runtime: string,
  workload: string,
  category: SummaryRow['category'],
  pairs: number,
): RowDraft['row'] {
  return {
    runtime,
    profile: 'default',
    layer: 'docker',
    workload,
    params: '',
    category,
    metric: 'startup.to_output',
    unit: 'ns',
    better: 'lower',
    headline: true,
    n: pairs,
    failures: 0,
    median: 1,
    ciLow: null,
    ciHigh: null,
    p95: null,
    min: 1,
    max: 1,
    mad: 0,
    baseline: 'runc',
    pairs,
    ratio: null,
    ratioCiLow: null,
    ratioCiHigh: null,
    p: null,
  };
}

const claims = (rows: readonly SummaryRow[]) =>
  rows.filter(({ verdict }) => verdict === 'faster' || verdict === 'slower');
const ofCrun = ({ runtime }: SummaryRow) => runtime === 'crun';
const within = (share: number, runs: number) => share + 3 * Math.sqrt((share * (1 - share)) / runs);

test('of runs in which a runtime does not differ, at most one in twenty makes any claim of it', () => {
  const random = seededRandom('nothing differs');
  const runs = 1_500;
  let [wrong, naive] = [0, 0];
  for (let i = 0; i < runs; i++) {
    const all = drafts(random, 12);
    if (claims(settleClaims(all, run)).some(ofCrun)) wrong++;
    if (all.some((each) => claims(settleClaims([each], run)).some(ofCrun))) naive++;
  }
  expect(wrong / runs).toBeLessThan(within(0.05, runs));
  // Judged one by one, the same runs claim something far more often, so the correction is at work.
  expect(naive / runs).toBeGreaterThan(2 * (wrong / runs));
  expect(naive / runs).toBeGreaterThan(0.08);
});

test('where the runtime scatters eight times as much as the baseline, that still holds', () => {
  const random = seededRandom('unequal spread');
  const runs = 1_500;
  let wrong = 0;
  for (let i = 0; i < runs; i++) {
    const uneven = workloads.map((workload) =>
      draft('runsc', workload, arm(random, 8, 1, 8), arm(random, 8)),
    );
    if (claims(settleClaims(uneven, run)).length > 0) wrong++;
  }
  expect(wrong / runs).toBeLessThan(within(0.05, runs));
});

test('a real difference is found, also where many others are true', () => {
  const random = seededRandom('one differs');
  let found = 0;
  for (let i = 0; i < 200; i++) {
    const rows = claims(settleClaims(drafts(random, 12, 1.7), run));
    if (
      rows.some(
        ({ runtime, workload, verdict }) =>
          runtime === 'runsc' && workload === 'startup/a' && verdict === 'slower',
      )
    )
      found++;
  }
  expect(found / 200).toBeGreaterThan(0.95);
});

describe('families', () => {
  test('of headlines are a runtime’s in a category, with the layer where a run has several', () => {
    const place = { runtime: 'crun', category: 'startup', layer: 'oci' } as const;
    expect(headlineFamily(place, 1)).toEqual({ name: 'headline/crun/startup', headline: true });
    expect(headlineFamily(place, 2)).toEqual({ name: 'headline/oci/crun/startup', headline: true });
    expect(metricFamily('crun', 'syscall.*')).toEqual({ name: 'metric/crun/syscall.*', headline: false });
  });

  test('of other metrics do not disturb headlines, nor one another', () => {
    const one = drafts(seededRandom('families'), 12, 1.7);
    const rename = (random: string, name: string) =>
      drafts(seededRandom(random), 12).map(({ comparison, ...each }) => ({
        ...each,
        comparison: comparison === null ? null : { ...comparison, family: metricFamily('crun', name) },
      }));
    const [cpu, memory] = [rename('cpu', 'cpu.usage'), rename('memory', 'memory.peak')];
    const together = settleClaims([...one, ...cpu, ...memory], run);
    expect(together).toEqual([one, cpu, memory].flatMap((each) => settleClaims(each, run)));
    expect(together.at(-1)?.family).toBe('metric/crun/memory.peak');
  });

  test('of a runtime are corrected together: what is selected there eases the next claim; other runtimes do not', () => {
    const random = seededRandom('together');
    const baseline = arm(random, 8);
    const open = draft('crun', 'startup/a', arm(random, 8, 1.3), baseline);
    const others = (runtime: string, effect?: number) =>
      ['app/a', 'syscall/b', 'io/c'].map((workload) =>
        draft(runtime, workload, arm(random, 8, effect), baseline),
      );
    const [clear, none] = [others('crun', 5), others('crun')];
    const adjusted = (beside: readonly RowDraft[]) => settleClaims([open, ...beside], run)[0]?.pAdjusted ?? 1;
    expect(adjusted(clear)).toBeLessThan(adjusted(none));
    // Holm's method would multiply by four in both.
    expect(adjusted(clear)).toBeCloseTo(settleClaims([open], run)[0]?.p ?? 0, 12);
    expect(adjusted(others('runsc', 5))).toBe(adjusted([]));
    expect(adjusted(others('runsc'))).toBe(adjusted([]));
  });
});

describe('a claim that fails by the correction only', () => {
  const random = seededRandom('only by correction');
  const baseline = arm(random, 8);
  // Ten other categories of the same runtime.
  const beside = Array.from({ length: 10 }, (_, i) =>
    draft('crun', `other${i}/a`, arm(random, 8), arm(random, 8)),
  );
  const shifts = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.5, 0.02];
  const values = new Map(
    [...baseline].map(([block, value]) => [block, value * Math.exp(shifts[block] ?? 0)]),
  );
  const open = draft('crun', 'startup/a', values, baseline);
  const [alone] = settleClaims([open], run);
  const [failed] = settleClaims([open, ...beside], run);

  test('would hold by itself', () => {
    expect(alone).toMatchObject({ verdict: 'slower', note: '' });
    expect(alone?.simultaneous).toBeUndefined();
  });

  test('has an interval beside it that includes 1, and says what it failed by', () => {
    expect(failed).toMatchObject({
      verdict: 'inconclusive',
      note: 'the interval excludes 1; not confirmed after correction for 11 comparisons',
      simultaneous: { comparisons: 11 },
    });
    expect(failed?.p).toBe(alone?.p);
    expect(failed?.p).toBeLessThan(0.05);
    expect(failed?.ratioCiLow).toBeGreaterThan(1);
    expect(failed?.simultaneous?.low).toBeLessThan(1);
    expect(failed?.simultaneous?.high).toBeGreaterThan(failed?.ratio ?? Number.NaN);
  });

  test('touches 1 where its adjusted p is just alpha', () => {
    const config = { ...run.config, thresholds: { ...run.config.thresholds, alpha: failed?.pAdjusted ?? 0 } };
    const [edge] = settleClaims([open, ...beside], { ...run, config });
    expect(edge?.simultaneous?.low).toBeCloseTo(1, 12);
  });
});

test('an interval that excludes 1 without a test that agrees says so', () => {
  // One block is far off: the ranks agree, the mean is uncertain.
  const values = new Map([1.1, 1.11, 1.12, 1.13, 1.14, 1.15, 9].map((value, block) => [block, value]));
  const ones = new Map([...values.keys()].map((block) => [block, 1]));
  const [found] = settleClaims([draft('crun', 'startup/a', values, ones)], run);
  expect(found?.ratioCiLow).toBeGreaterThan(1);
  expect(found).toMatchObject({
    verdict: 'inconclusive',
    note: expect.stringMatching(
      /^the interval excludes 1, which the paired test does not confirm \(p = 0\.\d+\)$/,
    ),
  });
  expect(found?.simultaneous).toBeUndefined();
});

describe('widening', () => {
  const random = seededRandom('wider');
  const [values, baseline] = [arm(random, 10, 1.12, 0.5), arm(random, 10, 1, 0.5)];
  const { comparison, ...rest } = draft('crun', 'startup/a', values, baseline);
  const difference = pairedDifference(values, baseline, 0.95);
  const open = { ...rest, comparison: comparison === null ? null : { ...comparison, difference } };
  const [plain] = settleClaims([open], run);
  const [wide] = settleClaims([open], run, 3);
  const ratio = plain?.ratio ?? Number.NaN;

  test.each(['ratioCiLow', 'ratioCiHigh', 'ratio90Low', 'ratio90High'] as const)(
    'triples the width of %s',
    (bound) => {
      const away = (of: SummaryRow | undefined) => Math.log((of?.[bound] ?? Number.NaN) / ratio);
      expect(away(wide)).toBeCloseTo(3 * away(plain), 12);
    },
  );

  test('keeps the estimate, widens the difference, raises p and takes the claim back', () => {
    expect(wide?.ratio).toBe(plain?.ratio);
    const { estimate = 0, low } = plain?.difference ?? {};
    expect(wide?.difference?.estimate).toBe(estimate);
    expect(wide?.difference?.low).toBeCloseTo(estimate - 3 * (estimate - (low ?? 0)), 12);
    expect(plain?.verdict).toBe('slower');
    expect(wide?.verdict).toBe('inconclusive');
    expect(wide?.p).toBeGreaterThan(0.05);
  });
});
