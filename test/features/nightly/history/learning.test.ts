import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import { leastNights } from '../../../../src/features/nightly/history/alarm-thresholds.ts';
import { fewestToLearn, learningResult } from '../../../../src/features/nightly/history/learning.ts';
import { detect } from '../../../../src/features/nightly/history/suspicion.ts';
import { gaussian } from '../../../core/analyze/simulated-run.ts';
import { nightName, nightsAround } from './nights.ts';

/** Blocks that scatter by 5 %, one in 20 by four times as much, around `level(i)`. */
function blocksAround(level: (i: number) => number, seed: string, count = 70): readonly number[] {
  const random = seededRandom(seed);
  return Array.from(
    { length: count },
    (_, i) => level(i) + 0.05 * gaussian(random) * (random() < 0.05 ? 4 : 1),
  );
}

describe('an evening', () => {
  test('teaches a level that stays', () => {
    expect(learningResult(blocksAround(() => 0.3, 'steady'))).toBe('learnt');
  });

  test.each([14, 35, 56])('does not teach one that moves in block %i of 70', (at) => {
    expect(learningResult(blocksAround((i) => (i < at ? 0 : 0.15), 'moved'))).toBe('moved');
    expect(learningResult(blocksAround((i) => (i < at ? 0 : -0.15), 'moved'))).toBe('moved');
  });

  test('needs blocks enough', () => {
    const all = blocksAround(() => 0, 'few');
    expect(learningResult(all.slice(0, fewestToLearn))).toBe('learnt');
    expect(learningResult(all.slice(0, fewestToLearn - 1))).toBe('too-few');
  });

  test('sees no change where there is none, in 1,000 of them', () => {
    const results = Array.from({ length: 1000 }, (_, i) =>
      learningResult(blocksAround(() => 0, `quiet ${i}`)),
    );
    expect(results.filter((result) => result === 'moved').length).toBeLessThanOrEqual(2);
  });
});

describe('a series whose level was learnt in an evening', () => {
  const evening = {
    night: nightName(0),
    key: 'key',
    log: 0,
    df: 69,
    se: 0.05 / Math.sqrt(70),
  };
  const seriesAfter = (evening: object, level: (i: number) => number, count: number) => ({
    id: 'startup/echo runc pin',
    against: 'pin' as const,
    nights: [
      { night: nightName(0), key: 'key', log: 0, se: 0.006, df: 69, ...evening },
      ...nightsAround(count, level).map((night, i) => ({ ...night, night: nightName(i + 1) })),
    ],
  });

  test('is watched at once, and found in the first night of a step', () => {
    expect(detect(seriesAfter({ ...evening, counts: leastNights }, () => 0, 0)).kind).toBe('quiet');
    expect(detect(seriesAfter({ ...evening, counts: leastNights }, () => 0, 1)).kind).toBe('quiet');
    expect(detect(seriesAfter({ ...evening, counts: leastNights }, () => 0.07, 1))).toMatchObject({
      kind: 'suspect',
      side: 'up',
    });
    expect(detect(seriesAfter(evening, () => 0.07, 1)).kind).toBe('learning');
  });

  test('takes the place of few nights before, which had not shown a level', () => {
    const [first, ...others] = seriesAfter(
      { ...evening, night: nightName(3), counts: leastNights },
      () => 0.07,
      1,
    ).nights;
    const before = nightsAround(3, () => 0.3);
    const nights = [
      ...before,
      ...(first ? [first] : []),
      ...others.map((one) => ({ ...one, night: nightName(4) })),
    ];
    expect(detect({ id: 'a', against: 'pin', nights })).toMatchObject({ kind: 'suspect', side: 'up' });
  });

  test('keeps a level that nights have already shown: then it is one of them', () => {
    const known = nightsAround(40, () => 0.1);
    const series = {
      id: 'startup/echo runc pin',
      against: 'pin' as const,
      nights: [...known, { ...evening, night: nightName(40), counts: leastNights }],
    };
    expect(detect(series)).toMatchObject({ kind: 'suspect', side: 'down' });
  });
});
