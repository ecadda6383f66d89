import { describe, expect, it } from 'vitest';
import { normalQuantile, studentTwoSided } from '../../../../src/core/analyze/stats/distributions.ts';
import { rules } from '../../../../src/features/nightly/history/alarm-thresholds.ts';
import {
  deviationFrom,
  deviationOfRerun,
  level,
  normalScore,
} from '../../../../src/features/nightly/history/level.ts';
import { nightsAround } from './nights.ts';

describe('the normal score of t', () => {
  it.each([4, 11, 59])('has nearly the same tail with %i degrees of freedom', (df) => {
    for (const t of [0.5, 1, 2, 3, 5, 8]) {
      const exact = -normalQuantile(studentTwoSided(t, df) / 2);
      expect(Math.abs(normalScore(t, df) - exact)).toBeLessThan(0.05);
      expect(normalScore(-t, df)).toBe(-normalScore(t, df));
    }
  });

  it('goes on where p is no double any more', () => {
    expect(normalScore(1e6, 1e4)).toBeGreaterThan(normalScore(1e5, 1e4));
  });
});

describe('a deviation', () => {
  const measure = (log: number, se = 0.01) => ({ log, se, df: 11 });

  it('is none below what is indifferent, and has one direction', () => {
    const known = level(
      nightsAround(100, () => 0),
      rules.pin,
    );
    const small = deviationFrom(known, measure(known.log + 0.001), measure(0), rules.pin);
    expect(Math.max(small.up, small.down)).toBeLessThan(0);
    const large = deviationFrom(known, measure(0.05), measure(0), rules.pin);
    expect(large.up).toBeGreaterThan(3);
    expect(large.down).toBeLessThan(-3);
  });

  it('of a rerun tells much where blocks vary, and little where nights do', () => {
    const steady = level(
      nightsAround(60, () => 0),
      rules.pin,
    );
    const restless = level(
      nightsAround(60, () => 0, { se: 0.1 }).map((night) => ({ ...night, se: 0.01 })),
      rules.pin,
    );
    const scoreOf = (known: typeof steady) =>
      deviationOfRerun(known, measure(0.06), measure(0.06, 0.005), rules.pin);
    expect(scoreOf(steady).part).toBeGreaterThan(0.8);
    expect(scoreOf(steady).up).toBeGreaterThan(4);
    expect(scoreOf(restless).part).toBeLessThan(0.05);
    expect(scoreOf(restless).up).toBeLessThan(1);
  });
});
