import { expect, test } from 'vitest';
import { type Random, seededRandom } from '../../../../src/core/model/prng.ts';
import {
  applicationsNeeded,
  jackknifeInterval,
  type Score,
} from '../../../../src/features/capacity/predict/range.ts';

test.each([
  [0.5, 1],
  [0.8, 4],
  [0.9, 9],
  [0.95, 19],
  [0.99, 99],
])('at %d needs %d applications', (confidence, needed) => {
  expect(applicationsNeeded(confidence)).toBe(needed);
  const scores = (count: number): readonly Score[] =>
    Array.from({ length: count }, (_, i) => ({ application: `app/${i}`, error: 0.1, predicted: 100 }));
  expect(jackknifeInterval(scores(needed - 1), confidence)).toBeNull();
  const found = jackknifeInterval(scores(needed), confidence);
  expect(found?.low).toBeCloseTo(100 * Math.exp(-0.1));
  expect(found?.high).toBeCloseTo(100 * Math.exp(0.1));
});

test('variants of one application have one vote, and make no application', () => {
  const others: readonly Score[] = Array.from({ length: 9 }, (_, i) => ({
    ...{ application: `app/${i}`, error: 0.05 + i / 1000, predicted: 10 },
  }));
  const many: readonly Score[] = Array.from({ length: 50 }, () => ({
    ...{ application: 'app/0', error: 0.01, predicted: 10 },
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
