import { seededRandom } from '../../../../src/core/model/prng.ts';
import type { Night } from '../../../../src/features/nightly/history/series.ts';
import { gaussian } from '../../../core/analyze/simulated-run.ts';

export const nightName = (i: number): string => new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10);

/** Nights of 12 blocks with standard error `se` around `level(i)`. */
export function nightsAround(
  count: number,
  level: (i: number) => number,
  { se = 0.01, seed = 'nights', key = 'key' } = {},
): Night[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, i) => ({
    night: nightName(i),
    key,
    log: level(i) + se * gaussian(random),
    se,
    df: 11,
  }));
}
