import type { Watch } from './detector.ts';
import { estimateOf, pooled } from './night-estimate.ts';
import type { Night, OpenAlarm } from './series.ts';

/** Nights that say where a series is now. */
const latest = 3;

/** Where a series with an alarm lies that nobody has accepted. */
export interface Standing {
  /** `returned`: the last nights are nearer to the level before the change than to the change. */
  readonly kind: 'standing' | 'returned';
  /** Logarithm of how far the last nights lie off the level before the change, and its standard error. */
  readonly change: number;
  readonly se: number;
  /** Nights since the change began. */
  readonly nights: number;
}

/** `since`: the nights from the alarm's first one on; at least one. */
export function standingOf({ level }: Watch, since: readonly Night[], open: OpenAlarm): Standing {
  const nights = since.slice(-latest);
  const now = pooled(
    nights.map((night) => {
      const { log, variance } = estimateOf(night);
      return { log, variance: variance + level.tauSquared };
    }),
  );
  const change = now.log - level.log;
  const se = Math.sqrt(now.variance + 1 / level.weight);
  const back = nights.length > 1 && Math.abs(change) + 2 * se < Math.abs(open.change) / 2;
  return { kind: back ? 'returned' : 'standing', change, se, nights: since.length };
}
