import { describe, expect, it } from 'vitest';
import { levelNights, newSegment, segmentsOf } from '../../../../src/features/nightly/history/detector.ts';
import { nightName, nightsAround } from './nights.ts';

const nights = (keys: string) =>
  nightsAround(keys.length, () => 0).map((night, i) => ({ ...night, key: keys[i] ?? '' }));

describe('segments', () => {
  it('begin with every new key, also with one that comes back', () => {
    const segments = segmentsOf(nights('aabba'));
    expect(segments.map(({ key, nights: own }) => `${key}${own.length}`)).toEqual(['a2', 'b2', 'a1']);
    expect(segmentsOf([])).toEqual([]);
  });

  it('are told in their first night only', () => {
    const { before, now } = newSegment(nights('aab')) ?? {};
    expect([before?.key, now?.key]).toEqual(['a', 'b']);
    expect(newSegment(nights('aabb'))).toBeNull();
    expect(newSegment(nights('a'))).toBeNull();
  });

  it('have the level of their nights since the last change', () => {
    const all = nights('aabbbb');
    const since = (begins: string[]) => {
      const moves = begins.map((begin) => ({ since: begin, night: begin, change: 0.1, accepted: true }));
      return levelNights({ nights: all, moves }).map(({ night }) => night);
    };
    expect(since([])).toEqual([2, 3, 4, 5].map(nightName));
    expect(since([nightName(4), nightName(0)])).toEqual([4, 5].map(nightName));
  });
});
