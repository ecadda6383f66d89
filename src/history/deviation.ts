import { between, type Level } from './level.ts';
import { indifference, resolution } from './rules.ts';
import type { Measure } from './series.ts';

/** How far a measure lies from the level. */
export interface Deviation {
  /** Logarithm that it is compared with. */
  readonly level: number;
  /** Logarithm. */
  readonly change: number;
  /** Standard error of `change`: of the measure, of the level, and between nights. */
  readonly se: number;
  /** Normal scores of "it moved up" and "it moved down" by more than {@link indifference}. */
  readonly up: number;
  readonly down: number;
}

/** Degrees of freedom by Satterthwaite: the level and τ² have those of the nights they are from. */
export function deviationFrom(level: Level, { log, se, df }: Measure): Deviation {
  const [own, tauSquared, ofLevel] = [Math.max(se, resolution) ** 2, between(level), 1 / level.weight];
  const variance = own + tauSquared + ofLevel;
  const freedom = variance ** 2 / (own ** 2 / df + (tauSquared ** 2 + ofLevel ** 2) / level.nights);
  const error = Math.sqrt(variance);
  const change = log - level.log;
  return {
    level: level.log,
    change,
    se: error,
    up: normalScore((change - indifference) / error, freedom),
    down: normalScore((-change - indifference) / error, freedom),
  };
}

/**
 * The z that a normal variable exceeds as often as one with Student's distribution exceeds `t`, by Wallace's approximation (Ann.
 * Math. Stat. 30 (1959) 1124). Unlike a detour over p it does not end where p is smaller than a double.
 */
export function normalScore(t: number, df: number): number {
  const score = ((8 * df + 1) / (8 * df + 3)) * Math.sqrt(df * Math.log1p((t * t) / df));
  return t < 0 ? -score : score;
}
