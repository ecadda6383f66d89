import { describe, expect, it } from 'vitest';
import { twoLevelDesigns, twoLevelRuns } from '../../../src/core/factorial/choose.ts';

describe('twoLevelDesigns', () => {
  it('have the resolutions of table 8.14 of Montgomery', () => {
    const found = [3, 4, 5, 6, 7, 8, 9, 10, 11].map((factors) => [
      factors,
      ...twoLevelDesigns(factors).flatMap(({ runs, resolution }) =>
        resolution === null ? [] : [`${runs}:${resolution}`],
      ),
    ]);
    expect(found).toEqual([
      [3, '4:3'],
      [4, '8:4'],
      [5, '16:5', '8:3'],
      [6, '32:6', '16:4', '8:3'],
      [7, '16:4', '8:3'],
      [8, '16:4'],
      [9, '16:3'],
      [10, '16:3'],
      [11, '16:3'],
    ]);
  });

  it('have all combinations first', () => {
    expect(twoLevelDesigns(4)[0]).toEqual({ runs: 16, generators: [], resolution: null });
    expect(twoLevelDesigns(0)).toEqual([{ runs: 1, generators: [], resolution: null }]);
  });
});

describe('twoLevelRuns', () => {
  it('are in standard order', () => {
    const [full] = twoLevelDesigns(2);
    expect(full && twoLevelRuns(full)).toEqual([
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ]);
  });

  it('are each other than the others, balanced in every factor, and hold the one with all first levels', () => {
    for (let factors = 1; factors <= 11; factors++)
      for (const design of twoLevelDesigns(factors).filter(({ runs }) => runs <= 32)) {
        const runs = twoLevelRuns(design);
        expect(new Set(runs.map(String)).size).toBe(design.runs);
        expect(runs[0]).toEqual(new Array(factors).fill(0));
        for (let factor = 0; factor < factors; factor++)
          expect(runs.filter((run) => run[factor] === 1)).toHaveLength(design.runs / 2);
      }
  });
});
