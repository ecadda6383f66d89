import { describe, expect, it } from 'vitest';
import { creep, find, step } from '../../../../bench/prove/nightly-change.ts';
import { culprits } from '../../../../bench/prove/nightly-culprits.ts';
import { changePoints } from '../../../../bench/prove/nightly-e-divisive.ts';
import { quietNights } from '../../../../bench/prove/nightly-guard.ts';
import { allSeries, type Cell } from '../../../../bench/prove/nightly-series.ts';

/* A small form of `npm run prove:nightly`. The simulations are the same on every machine. */
const pin = (deviation: number): Cell => ({ ...(allSeries[0] as Cell), id: `pin ${deviation}`, deviation });
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const delay = (deviation: number, change: (night: number) => number) =>
  median(find(pin(deviation), change, 60).map(({ nights }) => nights));

describe('the guard', () => {
  it('alarms falsely less than once a year on all series', { timeout: 120_000 }, () => {
    const { alarms, suspects, reruns, nights } = quietNights(3650, 'reduced');
    expect(alarms.length).toBeLessThanOrEqual(10);
    expect(suspects / nights).toBeGreaterThan(1);
    expect(reruns / nights).toBeLessThan(8);
  });

  it('finds steps and what creeps', () => {
    expect(delay(0.05, step(1.05))).toBeLessThanOrEqual(3);
    expect(delay(0.05, step(1 / 1.05))).toBeLessThanOrEqual(3);
    expect(delay(0.035, step(1.1))).toBe(1);
    expect(delay(0.05, creep(1.02, 30))).toBeLessThanOrEqual(40);
  });

  it('names the right first night of most steps', () => {
    const found = find(pin(0.05), step(1.1), 60).filter(({ nights }) => nights < Number.POSITIVE_INFINITY);
    expect(found.filter(({ off }) => Math.abs(off) <= 1).length / found.length).toBeGreaterThan(0.9);
  });

  it('names the runtime whatever else is updated', () => {
    const { found, right } = culprits('runtime', 20);
    expect(found).toBeGreaterThan(0.9);
    expect(right).toBeGreaterThan(0.9);
  });
});

describe('E-divisive, to compare with', () => {
  it('finds a clear step where it is, and none in a constant series', () => {
    const values = Array.from({ length: 60 }, (_, i) => (i < 33 ? 0 : 1) + 0.01 * Math.sin(7 * i));
    expect(changePoints(values)).toEqual([33]);
    expect(changePoints(values.map(() => 2))).toEqual([]);
  });
});
