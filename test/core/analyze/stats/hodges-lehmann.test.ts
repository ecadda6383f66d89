import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  hodgesLehmann,
  searchedAverages,
  walshAverages as walshAveragesOf,
} from '../../../../src/core/analyze/stats/hodges-lehmann.ts';
import { signedRankTest } from '../../../../src/core/analyze/stats/signed-rank.ts';

function walshAverages(values: readonly number[]): number[] {
  return values.flatMap((x, i) => values.slice(i).map((y) => (x + y) / 2)).sort((a, b) => a - b);
}

const coarse = fc.integer({ min: -3, max: 3 });
const fine = fc.double({ min: -1e3, max: 1e3, noNaN: true });

test('selects the same Walsh average as sorting all of them, with ties, zeros and tiny values', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(coarse, fine), { minLength: 1, maxLength: 25 }), (values) => {
      const sorted = Float64Array.from(values).sort();
      // −0 and 0 are the same centre.
      const all = walshAverages([...sorted]).map((x) => x + 0);
      expect(all.map((_, i) => searchedAverages(sorted)(i + 1) + 0)).toEqual(all);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('finds the same Walsh averages in whichever order they are asked for', () => {
  const huge = fc.double({ min: -Number.MAX_VALUE, max: Number.MAX_VALUE, noNaN: true });
  const values = fc.oneof(
    fc.array(fc.oneof(coarse, fine), { minLength: 1, maxLength: 60 }),
    fc.array(fc.oneof(fine, huge), { minLength: 17, maxLength: 30 }),
  );
  fc.assert(
    fc.property(values, fc.array(fc.nat(), { maxLength: 12 }), (sample, asked) => {
      const sorted = Float64Array.from(sample).sort();
      const ranks = asked.map((each) => 1 + (each % ((sample.length * (sample.length + 1)) / 2)));
      const averages = walshAveragesOf(sorted);
      const alone = ranks.map((k) => searchedAverages(sorted)(k) + 0);
      expect(ranks.map((k) => averages(k) + 0)).toEqual(alone);
      if (sample.every((value) => Math.abs(value) < 1e3)) {
        const all = walshAverages([...sorted]).map((x) => x + 0);
        expect(alone).toEqual(ranks.map((k) => all[k - 1]));
      }
    }),
    { seed: 4, numRuns: 300 },
  );
});

test('is the median of the Walsh averages', () => {
  fc.assert(
    fc.property(fc.array(fine, { minLength: 1, maxLength: 20 }), (values) => {
      const all = walshAverages([...values].sort((a, b) => a - b));
      const middle =
        ((all[Math.floor((all.length - 1) / 2)] ?? 0) + (all[Math.floor(all.length / 2)] ?? 0)) / 2;
      expect(hodgesLehmann(values, 0.95).estimate + 0).toBe(middle + 0);
    }),
    { seed: 2 },
  );
});

describe('agrees with R 4.5, wilcox.test(conf.int = TRUE, exact = TRUE)', () => {
  test('on the depression data of Hollander & Wolfe', () => {
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    const { estimate, low, high } = hodgesLehmann(
      before.map((x, i) => x - (after[i] ?? Number.NaN)),
      0.95,
    );
    expect(estimate).toBeCloseTo(0.46, 12);
    expect(low).toBeCloseTo(0.01, 12);
    expect(high).toBeCloseTo(0.786, 12);
  });

  test.each([
    {
      values: [-0.6619, 0.0075, 0.5588, -0.8521, 0.4958, 0.3301, 0.3854, 1.4166, -0.9189, 1.5674],
      v: 34,
      p: 0.556640625,
      estimate: 0.28315,
      low: -0.3272,
      high: 0.94875,
    },
    {
      values: [
        -0.4448, -0.8312, -0.4164, 0.5527, 0.452, -0.0077, -0.653, -0.3482, 1.5243, 0.4998, -0.2785, -0.6423,
        0.0963, -1.3665, -0.1845, -0.4411, 1.4606, 1.3121, 0.2279, -0.8368,
      ],
      v: 95,
      p: 0.728506088256836,
      estimate: -0.092675,
      low: -0.42875,
      high: 0.3903,
    },
    {
      values: [
        1.2006, 1.1518, 1.0277, 1.0365, -0.0521, 1.0055, 1.6004, 0.3383, -0.6793, 1.0938, 1.0865, -0.0105,
        1.9989, -0.4946, 0.6484, -1.9654, 0.1378, 1.4309, -0.1555, -0.5992, 1.0268, -0.5094, 0.5671, -1.4373,
        -1.1114, -0.1536, -0.7355, 1.6621, 1.2175, -0.4851, 0.8735, 1.2182, 0.5563, 0.652, 1.4743, -0.1808,
        -0.1188, 1.2551, -0.989, 0.4862, 0.2687, 0.7671, 1.3242, 0.5674, 0.5318, 1.0476, 1.5171, 0.6834,
        -0.6881, 0.1431,
      ],
      v: 963,
      p: 0.00133035787239422,
      estimate: 0.46645,
      low: 0.2058,
      high: 0.74475,
    },
  ])('on $values.length values', ({ values, v, p, estimate, low, high }) => {
    const result = hodgesLehmann(values, 0.95);
    expect(result.estimate).toBeCloseTo(estimate, 12);
    expect(result.low).toBeCloseTo(low, 12);
    expect(result.high).toBeCloseTo(high, 12);
    const tested = signedRankTest(values);
    expect(tested.statistic).toBe(v);
    expect(tested.p).toBeCloseTo(p, 12);
  });
});

test('the interval holds exactly the centres that the signed-rank test does not reject', () => {
  const value = fc.integer({ min: -1000, max: 1000 });
  fc.assert(
    fc.property(fc.uniqueArray(value, { minLength: 6, maxLength: 14 }), value, (values, whole) => {
      // Off the grid of values and Walsh averages, so that no difference is zero and none are tied.
      const centre = whole + 0.25;
      const { low, high } = hodgesLehmann(values, 0.95);
      const inside = low !== null && high !== null && low <= centre && centre <= high;
      expect(inside).toBe(signedRankTest(values.map((x) => x - centre)).p > 0.05);
    }),
    { seed: 3, numRuns: 1000 },
  );
});

test('below six values there is an estimate but no 95 % interval', () => {
  expect(hodgesLehmann([1, 2, 3, 4, 5], 0.95)).toEqual({ estimate: 3, low: null, high: null });
  expect(hodgesLehmann([1, 2, 3, 4, 5, 6], 0.95)).toEqual({ estimate: 3.5, low: 1, high: 6 });
});

test('a large sample needs no list of its 200 million Walsh averages', () => {
  const n = 20_001;
  const values = Array.from({ length: n }, (_, i) => ((i * 7919) % n) - 10_000);
  const { estimate, low, high } = hodgesLehmann(values, 0.95);
  expect(estimate).toBe(0);
  // Uniform on ±10⁴: the estimate's standard error is √(1/12n) · 2·10⁴, here 40.8 (Hodges & Lehmann 1963), so 80.0.
  expect(low).toBe(-(high ?? Number.NaN));
  expect(high).toBeGreaterThan(78);
  expect(high).toBeLessThan(82);
});

test.each([[[]], [[1, Number.NaN]]])('refuses %j', (values) => {
  expect(() => hodgesLehmann(values, 0.95)).toThrow(RangeError);
});
