import { describe, expect, it } from 'vitest';
import {
  alarmFrom,
  leastNights,
  rerunsOfWeek,
} from '../../../../src/features/nightly/history/alarm-thresholds.ts';
import { confirm } from '../../../../src/features/nightly/history/raise-alarms.ts';
import type { NightSeries } from '../../../../src/features/nightly/history/series.ts';
import { detect, suspicionOf, worthRerun } from '../../../../src/features/nightly/history/suspicion.ts';
import { nightName, nightsAround } from './nights.ts';

const series = (nights: NightSeries['nights'], more: Partial<NightSeries> = {}): NightSeries => ({
  id: 'startup/echo crun pin',
  against: 'pin',
  nights,
  ...more,
});
const stepped = (size: number, count = 41) => nightsAround(count, (i) => (i < 40 ? 0 : size));
const rerun = (log: number) => ({ log, se: 0.0045, df: 59 });

describe('detect', () => {
  it('is learning while there are too few nights', () => {
    expect(detect(series([]))).toEqual({ kind: 'learning', nights: 0, least: leastNights });
    expect(detect(series(stepped(0, leastNights)))).toMatchObject({ kind: 'learning' });
  });

  it('is quiet while nothing changes', () => {
    expect(detect(series(stepped(0)))).toMatchObject({ kind: 'quiet' });
  });

  it.each([
    ['up', 0.1],
    ['down', -0.1],
  ] as const)('suspects a step %s', (side, size) => {
    expect(detect(series(stepped(size)))).toMatchObject({ kind: 'suspect', side });
  });

  it('learns anew with another key', () => {
    const changed = stepped(0.1).map((night, i) => ({ ...night, key: i < 40 ? 'old' : 'new' }));
    expect(detect(series(changed)).kind).toBe('learning');
  });

  it('knows the level after an accepted change at once', () => {
    const move = { since: nightName(40), night: nightName(41), change: 0.1, accepted: true };
    const at = (size: number) => nightsAround(44, (i) => (i < 40 ? 0 : i < 43 ? 0.1 : size));
    expect(detect(series(at(0.1).slice(0, 42), { moves: [move] }))).toMatchObject({ kind: 'quiet' });
    expect(detect(series(at(0.1), { moves: [move] }))).toMatchObject({ kind: 'quiet' });
    expect(detect(series(at(0.2), { moves: [move] }))).toMatchObject({ kind: 'suspect', side: 'up' });
  });

  it.each([
    ['worse', 0.5, 'up'],
    ['better', -0.1, 'down'],
  ] as const)('suspects a second step to the %s while the first is open', (_, size, side) => {
    const open = { since: nightName(40), night: nightName(41), change: 0.07, accepted: false };
    const nights = nightsAround(51, (i) => (i < 40 ? 0 : i < 50 ? 0.07 : size));
    const quiet = detect(series(nights.slice(0, 50), { moves: [open] }));
    expect(quiet).toMatchObject({ kind: 'standing', again: null });
    const found = detect(series(nights, { moves: [open] }));
    expect(suspicionOf(found)).toMatchObject({ side });
    expect(confirm(series(nights, { moves: [open] }), rerun(size))).toMatchObject({ kind: 'alarm', side });
  });

  it('says the same of the same history, whatever it was asked before', () => {
    const nights = stepped(0.02, 60);
    const before = detect(series(nights));
    for (let n = 1; n < 60; n++) detect(series(nights.slice(0, n)));
    expect(detect(series(nights))).toEqual(before);
  });

  it.each([{ log: Number.NaN }, { se: -1 }, { df: 0 }, { confirmation: rerun(Number.POSITIVE_INFINITY) }])(
    'refuses a night that is no estimate, by name: %o',
    (wrong) => {
      const nights = stepped(0).map((night, i) => (i === 7 ? { ...night, ...wrong } : night));
      expect(() => detect(series(nights))).toThrow(nightName(7));
    },
  );

  it('does not tell an open alarm again, and tells when the series returns', () => {
    const moves = [{ since: nightName(40), night: nightName(40), change: 0.1, accepted: false }];
    const away = nightsAround(45, (i) => (i < 40 ? 0 : 0.1));
    expect(detect(series(away, { moves }))).toMatchObject({ kind: 'standing', nights: 5 });
    const back = nightsAround(50, (i) => (i < 40 || i > 44 ? 0 : 0.1));
    expect(detect(series(back, { moves }))).toMatchObject({ kind: 'returned' });
  });
});

describe('confirm', () => {
  it('alarms if the rerun shows the change by itself', () => {
    expect(confirm(series(stepped(0.1)), rerun(0.1))).toMatchObject({ kind: 'alarm', side: 'up' });
    expect(confirm(series(stepped(-0.1)), rerun(-0.1))).toMatchObject({ kind: 'alarm', side: 'down' });
  });

  it('does not if the rerun is back at the level', () => {
    expect(confirm(series(stepped(0.1)), rerun(0))).toMatchObject({ kind: 'unconfirmed' });
  });

  it('gathers the reruns of several nights', () => {
    const small = nightsAround(44, (i) => (i < 40 ? 0 : 0.025));
    const night = (i: number) => ({ ...small[i], ...(i >= 40 && i < 43 && { confirmation: rerun(0.025) }) });
    const before = small.slice(0, 41);
    expect(confirm(series(before), rerun(0.025))).toMatchObject({ kind: 'unconfirmed' });
    const after = small.map((one, i) => ({ ...one, ...night(i) }));
    expect(confirm(series(after), rerun(0.025))).toMatchObject({ kind: 'alarm' });
  });

  it('does not alarm for a change that is not worth it, however sure it is', () => {
    const exact = nightsAround(41, (i) => (i < 40 ? 0 : 0.006), { se: 0.0005 });
    expect(confirm(series(exact), { log: 0.006, se: 0.0002, df: 59 })).toMatchObject({ kind: 'unconfirmed' });
  });

  it('needs several nights of a host that moves in single ones', () => {
    const host = { against: 'null' } as const;
    const jumped = nightsAround(45, (i) => (i < 40 ? 0 : 0.2)).map((night, i) => ({
      ...night,
      ...(i >= 40 && i < 44 && { confirmation: rerun(0.2) }),
    }));
    expect(confirm(series(jumped.slice(0, 41), host), rerun(0.2))).toMatchObject({ kind: 'unconfirmed' });
    expect(confirm(series(jumped, host), rerun(0.2))).toMatchObject({ kind: 'alarm' });
  });

  it('has nothing to say while the level is being learnt', () => {
    expect(confirm(series(stepped(0, 5)), rerun(0.5))).toBeNull();
    expect(confirm(series([]), rerun(0.5))).toBeNull();
  });
});

describe('the suspects of a night', () => {
  const found = (of: readonly (readonly [size: number, cells: readonly string[]])[]) =>
    of.map(([size, cells]) => ({ size, cells, reruns: 0, finding: detect(series(stepped(size))) }));

  it('are measured again strongest first, as many as there is time for; the others are left', () => {
    const all = found([0.05, 0, 0.2, 0.1].map((size) => [size, [String(size)]]));
    expect(worthRerun(all, 2).again.map(({ size }) => size)).toEqual([0.2, 0.1]);
    expect(worthRerun(all, 9).again.map(({ size }) => size)).toEqual([0.2, 0.1, 0.05]);
    expect(worthRerun(all, 2).left.map(({ size }) => size)).toEqual([0.05]);
  });

  it('are noisy after two reruns of a week that confirmed nothing, however little time the others take', () => {
    const all = found([
      [0.04, ['a']],
      [0.2, ['b']],
    ]).map((one) => ({ ...one, reruns: rerunsOfWeek }));
    const enough = all.map(({ finding }) => (suspicionOf(finding)?.evidence ?? 0) >= alarmFrom.all);
    expect(enough).toEqual([false, true]);
    const chosen = worthRerun(all, 9);
    expect(chosen.noisy.map(({ size }) => size)).toEqual([0.04]);
    // Evidence that suffices for an alarm is measured again all the same.
    expect(chosen.again.map(({ size }) => size)).toEqual([0.2]);
  });

  it('count by the cells that they need, each once', () => {
    const category = ['a', 'b', 'c'];
    const all = found([
      [0.2, ['a']],
      [0.1, category],
      [0.08, ['d', 'e']],
      [0.05, ['b']],
    ]);
    expect(worthRerun(all, 3).again.map(({ size }) => size)).toEqual([0.2, 0.1, 0.05]);
    expect(worthRerun(all, 2).again.map(({ size }) => size)).toEqual([0.2, 0.05]);
    expect(worthRerun(all, 5).again).toHaveLength(4);
  });

  it('are measured again if the strongest one alone needs more', () => {
    const all = found([
      [0.2, ['a', 'b', 'c']],
      [0, ['d']],
    ]);
    expect(worthRerun(all, 2).again.map(({ size }) => size)).toEqual([0.2]);
  });
});
