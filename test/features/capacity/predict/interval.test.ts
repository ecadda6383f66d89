import { describe, expect, test } from 'vitest';
import { type Random, seededRandom } from '../../../../src/core/model/prng.ts';
import { candidates } from '../../../../src/features/capacity/predict/features.ts';
import {
  applicationsNeeded,
  jackknifeInterval,
  type Score,
  scoreOf,
  spreadOf,
} from '../../../../src/features/capacity/predict/interval.ts';
import { Learner, logError } from '../../../../src/features/capacity/predict/learn.ts';
import { made, priors } from './made-samples.ts';

/** A score that says the same of every service. */
const likeAll = { error: 0.1, spread: 1 };

test.each([
  [0.5, 1],
  [0.8, 4],
  [0.9, 9],
  [0.95, 19],
  [0.99, 99],
])('at %d needs %d applications', (confidence, needed) => {
  expect(applicationsNeeded(confidence)).toBe(needed);
  const scores = (count: number): readonly Score[] =>
    Array.from({ length: count }, (_, i) => ({ ...likeAll, application: `app/${i}`, predicted: 100 }));
  expect(jackknifeInterval(scores(needed - 1), confidence)).toBeNull();
  const found = jackknifeInterval(scores(needed), confidence);
  expect(found?.low).toBeCloseTo(100 * Math.exp(-0.1));
  expect(found?.high).toBeCloseTo(100 * Math.exp(0.1));
});

test('variants of one application have one vote, and make no application', () => {
  const others: readonly Score[] = Array.from({ length: 9 }, (_, i) => ({
    ...likeAll,
    application: `app/${i}`,
    error: 0.05 + i / 1000,
    predicted: 10,
  }));
  const many: readonly Score[] = Array.from({ length: 50 }, () => ({
    ...likeAll,
    application: 'app/0',
    error: 0.01,
    predicted: 10,
  }));
  expect(jackknifeInterval(many, 0.9)).toBeNull();
  const found = jackknifeInterval([...others.slice(1), ...many], 0.9);
  expect(found?.high).toBeCloseTo(10 * Math.exp(0.058));
});

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Share of new applications in the interval of others like them, whose errors have heavy tails. */
function coverage(confidence: number, count: number, runs: number): number {
  const random = seededRandom(`coverage ${confidence} ${count}`);
  const errorOf = () => normal(random) * 0.1 * (random() < 0.1 ? 4 : 1);
  let covered = 0;
  for (let run = 0; run < runs; run++) {
    const scores = Array.from({ length: count }, (_, i): Score => {
      return {
        ...likeAll,
        application: String(i),
        error: Math.abs(errorOf()),
        predicted: 100 * Math.exp(0.01 * normal(random)),
      };
    });
    const interval = jackknifeInterval(scores, confidence);
    const truth = 100 * Math.exp(errorOf());
    if (interval !== null && truth >= interval.low && truth <= interval.high) covered++;
  }
  return covered / runs;
}

test.each([
  [0.8, 9],
  [0.9, 9],
  [0.9, 22],
  [0.95, 25],
])('covers new applications with %d, from %d', (confidence, count) => {
  const runs = 4000;
  const found = coverage(confidence, count, runs);
  // Exchangeable scores give at least the confidence, and at most 1/(k + 1) more.
  const error = 3 * Math.sqrt((confidence * (1 - confidence)) / runs);
  expect(found).toBeGreaterThan(confidence - error);
  expect(found).toBeLessThan(confidence + 1 / (count + 1) + error);
});

describe('an interval follows the service', () => {
  const scores = (spread: number): readonly Score[] =>
    Array.from({ length: 19 }, (_, i) => ({
      application: `app/${i}`,
      error: 0.2,
      predicted: 100,
      spread,
    }));

  test('a service that is hardly dearer than natively has a narrower one', () => {
    const [cheap, dear] = [spreadOf(110, 100), spreadOf(1000, 100)];
    expect(cheap).toBeLessThan(dear);
    const width = (spread: number) => {
      const found = jackknifeInterval(scores(spread), 0.9);
      return Math.log((found?.high ?? 0) / (found?.low ?? 1));
    };
    expect(width(cheap) / width(dear)).toBeCloseTo(cheap / dear);
  });

  test('an application gives its error in units of its own spread', () => {
    const samples = made(8, 0.1, 'scores');
    const [left] = new Learner(samples, priors, candidates).leaveOneOut();
    if (left === undefined) throw new Error('no application was left out');
    const score = scoreOf(left, { features: left.features, cpuNs: left.nativeNs });
    expect(score.error * score.spread).toBeCloseTo(logError(left, left.predictedNs));
    expect(score).toMatchObject({ application: left.application, predicted: left.predictedNs });
  });

  test('it reaches below the native CPU time, as measuring does', () => {
    expect(jackknifeInterval(scores(1), 0.9)?.low).toBeCloseTo(100 * Math.exp(-0.2));
  });

  test('it covers services of every share that is not native', () => {
    const random = seededRandom('shares');
    const [runs, count] = [3000, 19];
    const covered = { cheap: 0, dear: 0, all: 0 };
    const draw = () => {
      const slowdown = random() < 0.3 ? 1.2 : 8;
      const spread = spreadOf(slowdown, 1);
      return { slowdown, spread, error: 0.15 * spread * normal(random) };
    };
    const shares = { cheap: 0, dear: 0 };
    for (let run = 0; run < runs; run++) {
      const own = draw();
      const all = Array.from({ length: count }, (_, i): Score => {
        const { spread, error } = draw();
        return {
          application: String(i),
          error: Math.abs(error) / spread,
          predicted: own.slowdown,
          spread: own.spread,
        };
      });
      const found = jackknifeInterval(all, 0.9);
      const truth = own.slowdown * Math.exp(own.error);
      const kind = own.slowdown < 2 ? 'cheap' : 'dear';
      shares[kind]++;
      if (found === null || truth < found.low || truth > found.high) continue;
      covered[kind]++;
      covered.all++;
    }
    const error = (n: number) => 3 * Math.sqrt(0.09 / n);
    expect(covered.all / runs).toBeGreaterThan(0.9 - error(runs));
    // With one width for all, every cheap service would be covered and too few of the others.
    for (const kind of ['cheap', 'dear'] as const) {
      expect(covered[kind] / shares[kind]).toBeGreaterThan(0.9 - error(shares[kind]));
      expect(covered[kind] / shares[kind]).toBeLessThan(0.9 + 1 / (count + 1) + error(shares[kind]));
    }
  });
});
