import { normalQuantile } from '../../../core/analyze/stats/normal.ts';
import { seededRandom } from '../../../core/model/prng.ts';
import type { Interval } from './input-record.ts';

/** The value of a quantity in one possible world; `key` names the quantity. */
export type Draw = (key: string, interval: Interval) => number;

/** The world in which every quantity is as estimated. */
export const asEstimated: Draw = (_, { estimate }) => estimate;

/**
 * Possible worlds. In each, every quantity has one value, whatever plan asks for it: so what two plans differ by is a difference
 * in the same world. Equal seeds give equal worlds.
 */
export function worlds(seed: number, draws: number, confidence: number): readonly Draw[] {
  const end = normalQuantile((1 + confidence) / 2);
  return Array.from({ length: draws }, (_, number) => {
    const known = new Map<string, number>();
    return (key, interval) => {
      let deviate = known.get(key);
      if (deviate === undefined) {
        deviate = normalDeviate(`${seed}:${number}:${key}`) / end;
        known.set(key, deviate);
      }
      return valueAt(interval, deviate);
    };
  });
}

/** A standard normal deviate (Box and Muller 1958). */
function normalDeviate(seed: string): number {
  const random = seededRandom(seed);
  // The generator can give 0, which has no logarithm.
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}

/**
 * The value at a deviate, where 1 is the upper end of the interval and -1 the lower one. The scale is logarithmic, since ratios
 * and amounts err by factors; each side has its own width. What may be zero or less is on a linear scale.
 */
export function valueAt({ estimate, low, high }: Interval, deviate: number): number {
  const isFactor = low > 0 && estimate > 0;
  if (isFactor) return estimate * (deviate >= 0 ? (high / estimate) ** deviate : (estimate / low) ** deviate);
  return estimate + deviate * (deviate >= 0 ? high - estimate : estimate - low);
}
