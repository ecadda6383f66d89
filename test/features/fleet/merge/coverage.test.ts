import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import { fleetLevels } from './stats/simulated-fleet.ts';

const fleets = 1500;
/** Four standard errors of a share of 5 %. */
const chance = 4 * Math.sqrt((0.05 * 0.95) / fleets);

/** A part of `npm run prove -- fleet`. */
describe.each([
  [2, 0.1, 1],
  [3, 0.1, 5],
  [6, 0, 1],
  [6, 0.1, 1],
  [10, 0.1, 5],
  [30, 0.1, 1],
])('%i hosts that differ by %f, noise 1 to %i', (hosts, tau, unequal) => {
  const shape = { hosts, tau, unequal, kind: 'normal', noise: 0.1, blocks: 8 } as const;
  const found = fleetLevels(shape, fleets, seededRandom(`coverage ${hosts} ${tau} ${unequal}`));

  test('the interval of the mean holds it', () => {
    expect(found.covered).toBeGreaterThan(0.95 - chance);
  });

  if (hosts > 2)
    test('the prediction holds one more host', () => {
      expect(found.predictedTruth).toBeGreaterThan(0.95 - chance);
      expect(found.predicted).toBeGreaterThan(unequal === 1 ? 0.95 - chance : 0.9);
    });

  if (tau === 0)
    test('hosts that do not differ are not said to', () => {
      expect(found.differ).toBeLessThan(0.05 + chance);
    });
});
