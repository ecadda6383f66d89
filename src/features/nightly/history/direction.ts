import type { HeadlineLine } from './record.ts';

/** Which way a change is. `other`: of a figure of which neither more nor less is better. */
export type Direction = 'better' | 'worse' | 'other';

/** Which way a change of a series is, by its logarithm. */
export function directionOf({ better }: Pick<HeadlineLine, 'better'>, change: number): Direction {
  if (better === 'neither') return 'other';
  return change > 0 === (better === 'lower') ? 'worse' : 'better';
}
