import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { benjaminiBogomolov } from '../../../../src/core/analyze/claims/families.ts';
import { bimodality } from '../../../../src/core/analyze/stats/bimodality.ts';
import { blockVariance } from '../../../../src/core/analyze/stats/block-variance.ts';
import {
  chiSquareQuantile,
  normalScore,
  normalTwoSided,
  studentQuantile,
  studentTwoSided,
} from '../../../../src/core/analyze/stats/distributions.ts';
import { hodgesLehmann } from '../../../../src/core/analyze/stats/hodges-lehmann.ts';
import { holm } from '../../../../src/core/analyze/stats/holm.ts';
import { middleMean, middleP } from '../../../../src/core/analyze/stats/middle-mean.ts';
import { describeSample, quantileRanks } from '../../../../src/core/analyze/stats/order-statistic.ts';
import { meanInterval, pairedT } from '../../../../src/core/analyze/stats/paired-centre.ts';
import { rankSumTest } from '../../../../src/core/analyze/stats/rank-sum.ts';
import { signedRankTest } from '../../../../src/core/analyze/stats/signed-rank.ts';
import { spearman } from '../../../../src/core/analyze/stats/spearman.ts';
import { lag1Autocorrelation } from '../../../../src/core/analyze/warnings/steadiness.ts';

const numbers = z.array(z.number()).nonempty();
const number = z.number();
const samples = { x: numbers, y: numbers };
const cases = <T extends z.ZodRawShape>(shape: T) => z.array(z.object(shape)).min(6);

/** What base R says; made by reference.R beside this file. */
const reference = z
  .object({
    rankSum: cases({ ...samples, u: number, p: number, method: z.enum(['exact', 'normal']) }),
    signedRank: cases({ d: numbers, w: number, p: number }),
    hodgesLehmann: cases({ values: numbers, estimate: number, low: number, high: number }),
    medianInterval: cases({
      values: numbers,
      median: number,
      low: number,
      high: number,
      p95: number.nullable(),
      mad: number,
    }),
    holm: cases({ p: numbers, adjusted: numbers }),
    spearman: cases({ ...samples, rho: number, p: number }),
    student: cases({ t: number, df: number, p: number }),
    lag1: cases({ values: numbers, r: number }),
    bimodality: cases({ values: numbers, between: number, lower: number, p: number }),
    pairedT: cases({
      values: numbers,
      mean: number,
      se: number,
      p: number,
      miss: number,
      low: number,
      high: number,
    }),
    studentQuantile: cases({ p: number, df: number, t: number, tail: number }),
    chiSquare: cases({ p: number, df: number, x: number }),
    normalScore: cases({ p: number, z: number }),
    quantileRanks: cases({
      n: number,
      probability: number,
      confidence: number,
      low: number,
      fromTop: number,
    }),
    benjaminiBogomolov: cases({ families: z.array(numbers), adjusted: z.array(numbers) }),
    middleMean: cases({
      series: z.array(z.object({ blocks: numbers, values: numbers })),
      estimate: number,
      se: number,
      df: number,
      between: number,
      weights: numbers,
      p: number,
    }),
    blockVariance: cases({ rows: z.array(numbers), weights: numbers, se: number, df: number }),
  })
  .parse(
    JSON.parse(
      readFileSync(join(import.meta.dirname, '../../../fixtures/statistics/reference.json'), 'utf8'),
    ),
  );

/** Relative, so that small p values count; R itself rounds at 1e-15. */
function agrees(ours: number | null, theirs: number, tolerance = 1e-9): void {
  expect(ours).not.toBeNull();
  expect(Math.abs((ours ?? Number.NaN) - theirs)).toBeLessThanOrEqual(
    tolerance * Math.max(1e-6, Math.abs(theirs)),
  );
}

/** Also where both are tiny. */
function agreesRelatively(ours: number | null, theirs: number, tolerance: number): void {
  expect(ours).not.toBeNull();
  expect(Math.abs((ours ?? Number.NaN) / theirs - 1)).toBeLessThan(tolerance);
}

test.each(reference.rankSum)('rank sum, %#', ({ x, y, u, p, method }) => {
  const ours = rankSumTest(x, y);
  expect(ours.method).toBe(method);
  agrees(ours.u, u);
  // Our Φ has eight digits.
  agrees(ours.p, p, method === 'exact' ? 1e-9 : 1e-7);
});

test.each(reference.signedRank)('signed rank, %#', ({ d, w, p }) => {
  const ours = signedRankTest(d);
  agrees(ours.statistic, w);
  agrees(ours.p, p);
});

test.each(reference.hodgesLehmann)('Hodges–Lehmann, %#', ({ values, estimate, low, high }) => {
  const ours = hodgesLehmann(values, 0.95);
  agrees(ours.estimate, estimate);
  agrees(ours.low, low);
  agrees(ours.high, high);
});

test.each(reference.medianInterval)(
  'median and its interval, %#',
  ({ values, median, low, high, p95, mad }) => {
    const ours = describeSample(values, 0.95);
    agrees(ours.median, median);
    agrees(ours.ciLow, low);
    agrees(ours.ciHigh, high);
    agrees(ours.mad, mad);
    if (p95 === null) expect(ours.p95).toBeNull();
    else agrees(ours.p95, p95);
  },
);

test.each(reference.holm)('Holm, %#', ({ p, adjusted }) => {
  const ours = holm(p);
  expect(ours).toHaveLength(adjusted.length);
  adjusted.forEach((each, i) => {
    agrees(ours[i] ?? null, each);
  });
});

test.each(reference.spearman)('Spearman, %#', ({ x, y, rho, p }) => {
  const ours = spearman(x, y);
  agrees(ours.rho, rho);
  agrees(ours.p, p);
});

test.each(reference.student)('Student, t = $t, df = $df', ({ t, df, p }) => {
  agreesRelatively(studentTwoSided(t, df), p, 1e-12);
});

test.each(reference.lag1)('autocorrelation, %#', ({ values, r }) => {
  agrees(lag1Autocorrelation(values), r);
});

test.each(reference.bimodality)('two groups, %#', ({ values, between, lower, p }) => {
  const ours = bimodality(values);
  agrees(ours?.between ?? null, between);
  expect(ours?.lower).toBe(lower);
  // Both are simulated, ours with 4000 and theirs with 8000 samples: four standard errors.
  const error = Math.sqrt((Math.max(p, 1 / 8000) * (1 - p) * 3) / 8000);
  expect(Math.abs((ours?.p ?? Number.NaN) - p)).toBeLessThan(4 * error);
});

test.each(reference.pairedT)(
  'paired t and the interval of the mean, %#',
  ({ values, mean, se, p, miss, low, high }) => {
    const ours = pairedT(values);
    agreesRelatively(ours?.mean ?? null, mean, 1e-11);
    agreesRelatively(ours?.se ?? null, se, 1e-11);
    agreesRelatively(ours?.p ?? null, p, 1e-9);
    if (ours === null) return;
    const interval = meanInterval(ours, miss);
    agrees(interval.low, low);
    agrees(interval.high, high);
  },
);

test.each(reference.studentQuantile)('quantile of Student’s t, p = $p, df = $df', ({ p, df, t, tail }) => {
  // R’s own pt and qt agree with each other to no more than this.
  const exactness = Math.max(df > 1e5 ? 1e-11 : 1e-12, 10 * Math.abs(tail / (2 * p) - 1));
  agreesRelatively(studentQuantile(p, df), t, exactness);
  agreesRelatively(studentTwoSided(studentQuantile(p, df), df), 2 * p, 1e-11);
});

test.each(reference.chiSquare)('quantile of chi-square, p = $p, df = $df', ({ p, df, x }) => {
  agreesRelatively(chiSquareQuantile(p, df), x, 1e-11);
});

test.each(reference.normalScore)('normal score of p = $p', ({ p, z }) => {
  agreesRelatively(normalScore(p), z, 1e-11);
  agreesRelatively(normalTwoSided(z), p, 1e-11);
});

test.each(reference.benjaminiBogomolov)('Benjamini and Bogomolov, %#', ({ families, adjusted }) => {
  const ours = benjaminiBogomolov(families);
  expect(ours.map(({ length }) => length)).toEqual(adjusted.map(({ length }) => length));
  adjusted.flat().forEach((each, i) => {
    agrees(ours.flat()[i] ?? null, each);
  });
});

test.each(reference.quantileRanks)(
  'ranks around a quantile, n = $n, probability = $probability',
  ({ n, probability, confidence, low, fromTop }) => {
    const ranks = low === 0 || fromTop === 0 ? null : { low, high: n + 1 - fromTop };
    expect(quantileRanks(n, probability, confidence)).toEqual(ranks);
  },
);

test.each(reference.middleMean)(
  'mean of the middle, %#',
  ({ series, estimate, se, df, between, weights, p }) => {
    const ours = middleMean(
      series.map(({ blocks, values }) => new Map(blocks.map((block, i) => [block, values[i] ?? Number.NaN]))),
    );
    agrees(ours.estimate, estimate);
    agrees(ours.standardError, se);
    expect(ours.df).toBe(df);
    agrees(ours.between, between);
    weights.forEach((weight, s) => {
      agrees(ours.weights[s] ?? null, weight);
    });
    agrees(middleP(ours), p);
  },
);

test.each(reference.blockVariance)('t test of weighted block means, %#', ({ rows, weights, se, df }) => {
  const residuals = rows.map((values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return new Map(values.map((value, block) => [block, value - mean]));
  });
  const blocks = new Set(rows[0]?.keys());
  const ours = blockVariance(residuals, { blocks, weights, without: () => weights });
  agrees(Math.sqrt(ours.variance), se);
  expect(ours.df).toBe(df);
});
