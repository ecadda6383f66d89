import { describe, expect, it } from 'vitest';
import { rules } from '../../../../src/features/nightly/history/alarm-thresholds.ts';
import { follow, level, surelyBetween } from '../../../../src/features/nightly/history/level.ts';
import { nightsAround } from './nights.ts';

describe('a level', () => {
  it('is the mean of the nights, and knows its own error', () => {
    const found = level(
      nightsAround(100, () => 0.3),
      rules.pin,
    );
    expect(Math.abs(found.log - 0.3)).toBeLessThan(4 / Math.sqrt(found.weight));
    expect(1 / Math.sqrt(found.weight)).toBeCloseTo(0.001, 3);
    expect(surelyBetween(found)).toBeLessThan(0.005 ** 2);
  });

  it('finds how much nights differ beyond their errors', () => {
    const noisy = nightsAround(200, () => 0, { se: 0.03 }).map((night) => ({ ...night, se: 0.01 }));
    const { tauSquared } = level(noisy, rules.pin);
    expect(Math.sqrt(tauSquared) / Math.sqrt(0.03 ** 2 - 0.01 ** 2)).toBeGreaterThan(0.85);
    expect(Math.sqrt(tauSquared) / Math.sqrt(0.03 ** 2 - 0.01 ** 2)).toBeLessThan(1.15);
  });

  it('is hardly moved by one night that lies far off', () => {
    const before = level(
      nightsAround(30, () => 0),
      rules.pin,
    );
    const after = follow(before, { log: 5, se: 0.01, df: 11 }, rules.pin);
    expect(Math.abs(after.log - before.log)).toBeLessThan(0.002);
  });

  it('listens less to a night of a large error', () => {
    const before = level(
      nightsAround(30, () => 0),
      rules.pin,
    );
    const moved = (se: number) => follow(before, { log: 0.02, se, df: 11 }, rules.pin).log - before.log;
    expect(moved(0.05)).toBeLessThan(moved(0.01) / 10);
  });

  it('follows a drifting host where its memory is short', () => {
    const drifting = nightsAround(200, (i) => 0.002 * i);
    expect(level(drifting, rules.null).log).toBeGreaterThan(0.3);
    expect(level(drifting, rules.pin).log).toBeLessThan(0.3);
  });

  it('takes values that never vary', () => {
    const constant = nightsAround(20, () => 1, { se: 0 });
    expect(level(constant, rules.pin).log).toBe(1);
    expect(Number.isFinite(level(constant, rules.pin).weight)).toBe(true);
  });
});
