import { describe, expect, test } from 'vitest';
import { runChange } from '../../../../src/core/analyze/runs/run-change.ts';
import { studentQuantile, studentTwoSided } from '../../../../src/core/analyze/stats/distributions.ts';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import { gaussian } from '../simulated-run.ts';

const random = seededRandom('run change');
const blocks = (centre: number) => Array.from({ length: 20 }, () => centre + 0.05 * gaussian(random));
const [was, is] = [blocks(0), blocks(0.2)];
const settings = { confidence: 0.95, widening: 1 };
const plain = runChange(was, is, settings, null);
const half = ({ logs }: typeof plain) => ((logs.high ?? 0) - (logs.low ?? 0)) / 2;

describe('a change with the variance of its sessions', () => {
  const variance = 0.03 ** 2;
  const known = runChange(was, is, settings, { variance, df: 6 });

  test('has the interval of t with both errors, around the same estimate', () => {
    const ofBlocks = (half(plain) / 1.959964) ** 2;
    const total = ofBlocks + 2 * variance;
    const df = Math.floor(total ** 2 / (ofBlocks ** 2 / 38 + (2 * variance) ** 2 / 6));
    expect(known.logs.estimate).toBe(plain.logs.estimate);
    expect(half(known)).toBeCloseTo(-studentQuantile(0.025, df) * Math.sqrt(total), 3);
    expect(known.p).toBeCloseTo(studentTwoSided(plain.logs.estimate / Math.sqrt(total), df), 10);
    expect(known.figures).toMatchObject({ nBefore: 20, nAfter: 20, ratio: plain.figures.ratio });
    expect(Math.log(known.figures.high ?? 0)).toBeCloseTo(known.logs.high ?? 0, 12);
  });

  test('is never surer than its blocks', () => {
    const none = runChange(was, is, settings, { variance: 0, df: 6 });
    expect(none.p).toBeGreaterThanOrEqual(plain.p ?? 0);
    expect(half(none)).toBeGreaterThan(half(plain) * 0.99);
    expect((known.logs.high90 ?? 0) - (known.logs.low90 ?? 0)).toBeLessThan(2 * half(known));
  });

  test('where the blocks do not vary has the variance of the sessions alone', () => {
    const still = runChange(Array(8).fill(0), Array(8).fill(0.2), settings, { variance, df: 6 });
    expect(half(still)).toBeCloseTo(-studentQuantile(0.025, 6) * Math.sqrt(2 * variance), 10);
    expect(runChange(Array(8).fill(0), Array(8).fill(0), settings, { variance: 0, df: 6 }).p).toBe(1);
  });

  test('without an interval stays without one', () => {
    expect(runChange([0], [1], settings, { variance, df: 6 })).toMatchObject({
      p: null,
      figures: { low: null, high: null },
    });
  });

  test('is wider where its run is', () => {
    const widened = runChange(was, is, { ...settings, widening: 2 }, { variance, df: 6 });
    expect(half(widened)).toBeGreaterThan(half(known));
  });
});
