import { describe, expect, test } from 'vitest';
import { usedVariance } from '../../../../../src/core/analyze/runs/session-variance.ts';
import { studentQuantile } from '../../../../../src/core/analyze/stats/distributions.ts';
import { commonPauleMandel, pauleMandel } from '../../../../../src/core/analyze/stats/paule-mandel.ts';
import { heterogeneity } from '../../../../../src/features/fleet/merge/stats/heterogeneity.ts';
import { logMeanOf } from '../../../../../src/features/fleet/merge/stats/log-mean.ts';
import { sessionMeans } from '../../../../../src/features/fleet/merge/stats/session-means.ts';

const session = (mean: number, error: number, df = 19) => ({ mean, variance: error ** 2, df });

const five = [
  session(0.1, 0.02),
  session(0.18, 0.03),
  session(0.02, 0.025),
  session(0.12, 0.02),
  session(0.25, 0.04),
];

/** Σ (mean − μ)²/(variance + between), and the sum of the weights. */
function spreadAt(all: readonly { readonly mean: number; readonly variance: number }[], between: number) {
  const weights = all.map(({ variance }) => 1 / (variance + between));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const centre = all.reduce((sum, { mean }, i) => sum + ((weights[i] ?? 0) / total) * mean, 0);
  const q = all.reduce((sum, { mean }, i) => sum + (weights[i] ?? 0) * (mean - centre) ** 2, 0);
  return { q, total, centre };
}

/** The variance at which the sums of all subjects are as large as their degrees of freedom, by a search on a grid. */
function searched(...subjects: (typeof five)[]): number {
  const excess = (between: number) =>
    Math.abs(subjects.reduce((sum, all) => sum + spreadAt(all, between).q - (all.length - 1), 0));
  let best = 0;
  for (let between = 0; between < 0.02; between += 1e-6) if (excess(between) < excess(best)) best = between;
  return best;
}

const [only] = sessionMeans([five]);

describe('five sessions of one subject', () => {
  const between = searched(five);

  test('have the variance of Paule and Mandel, found here by search', () => {
    expect(only?.own).toBeCloseTo(between, 5);
    expect(only?.shared).toBeNull();
  });

  test('have the weighted mean, and the error of Hartung and Knapp', () => {
    const { q, total, centre } = spreadAt(five, only?.own ?? 0);
    expect(only?.estimate).toBeCloseTo(centre, 12);
    // Their factor: 1 at the root of Paule and Mandel.
    expect(only?.standardError).toBeCloseTo(Math.sqrt(q / (five.length - 1) / total), 10);
    expect(only?.df).toBe(4);
  });

  test('differ by more than their errors', () => {
    const { q, df, p } = only?.heterogeneity ?? { q: 0, df: 0, p: 1 };
    expect(df).toBe(4);
    // Cochran's, a little less: the errors are estimated.
    expect(q).toBeLessThan(spreadAt(five, 0).q);
    expect(q).toBeGreaterThan(0.7 * spreadAt(five, 0).q);
    expect(p).toBeLessThan(0.001);
  });
});

test('with known errors, Q is Cochran’s', () => {
  const known = five.map((each) => ({ ...each, df: 1e6 }));
  expect(heterogeneity(known).q).toBeCloseTo(spreadAt(five, 0).q, 3);
});

test('the sessions of the review: crun starts on five days, which agree', () => {
  const intervals = [
    [0.818, 0.775, 0.879],
    [0.825, 0.776, 0.882],
    [0.823, 0.765, 0.895],
    [0.74, 0.68, 0.83],
    [0.82, 0.77, 0.87],
  ] as const;
  const sessions = intervals.map(([ratio, low, high]) => {
    const { mean, variance, df } = logMeanOf(ratio, low, high, 30);
    return { mean, variance: variance ?? Number.NaN, df };
  });
  const [found] = sessionMeans([sessions]);
  expect(Math.exp(found?.estimate ?? 0)).toBeCloseTo(0.813, 2);
  // They differ by less than a percent beyond their errors.
  expect(Math.sqrt(found?.own ?? 1)).toBeLessThan(0.01);
  expect(found?.heterogeneity.p).toBeGreaterThan(0.3);
  const half = -studentQuantile(0.025, 4) * (found?.standardError ?? 0);
  // No narrower than with errors alone, and narrower than any of them: ± 6 to 10 %.
  expect(half).toBeGreaterThan(1.96 / Math.sqrt(spreadAt(sessions, 0).total));
  expect(half).toBeLessThan(0.05);
});

describe('fewer sessions', () => {
  const calm = [session(0.1, 0.02), session(0.11, 0.02), session(0.09, 0.02)];
  const wild = [session(0.1, 0.02), session(0.3, 0.02), session(-0.1, 0.02)];

  test('have the larger of the own variance and the common one, and one degree of freedom more', () => {
    const shared = searched(calm, wild);
    const means = sessionMeans([calm, wild]);
    for (const mean of means) expect(mean.shared).toBeCloseTo(shared, 5);
    expect(means.map(({ df }) => df)).toEqual([3, 3]);
    expect(means[0]?.own).toBe(0);
    expect(means[0]?.standardError).toBeCloseTo(Math.sqrt((0.02 ** 2 + shared) / 3), 5);
    expect(means[1]?.standardError).toBeCloseTo(Math.sqrt((0.02 ** 2 + (means[1]?.own ?? 0)) / 3), 10);
    expect(means[1]?.own).toBeGreaterThan(means[1]?.shared ?? 1);
  });

  test('of two, of one subject alone, have one degree of freedom', () => {
    expect(sessionMeans([calm.slice(0, 2)])[0]?.df).toBe(1);
  });

  test('from five sessions on a subject needs no other', () => {
    const [own] = sessionMeans([five, [...wild, ...wild]]);
    expect(own?.standardError).toBe(only?.standardError);
    expect(own?.df).toBe(4);
  });

  test('borrow from the pool that is named: categories from their subjects', () => {
    const [category] = sessionMeans([calm], [calm, wild]);
    expect(category?.shared).toBe(sessionMeans([calm, wild])[0]?.shared);
    expect(category?.df).toBe(3);
  });
});

test('a session that hardly varies by chance does not get all the weight', () => {
  const [found] = sessionMeans([[session(0, 0.02), session(0.04, 0.02), session(1, 1e-9)]]);
  expect(found?.estimate).toBeLessThan(0.9);
});

test('sessions without any spread have the resolution of a host as their error', () => {
  const [same] = sessionMeans([[session(0.1, 0), session(0.1, 0), session(0.1, 0)]]);
  expect(same?.estimate).toBeCloseTo(0.1, 12);
  expect(same?.standardError).toBeCloseTo(0.001 / Math.sqrt(3), 12);
  expect(sessionMeans([])).toEqual([]);
});

test('what compare reckons with', () => {
  expect(usedVariance(5, 0.01, null)).toEqual({ variance: 0.01, df: 4 });
  expect(usedVariance(5, 0.01, 0.02)).toEqual({ variance: 0.02, df: 5 });
});

test('the variance of several values together is that of one where they are alike', () => {
  const values = { means: five.map(({ mean }) => mean), variances: five.map(({ variance }) => variance) };
  expect(commonPauleMandel([values, values])).toBeCloseTo(pauleMandel(values.means, values.variances), 12);
  expect(commonPauleMandel([])).toBe(0);
  expect(() => commonPauleMandel([{ means: [1, 2], variances: [0, 1] }])).toThrow('not positive');
});
