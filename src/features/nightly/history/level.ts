import { indifference, levelErrors, type Rules, resolution } from './rules.ts';
import type { Measure } from './series.ts';

/** Standard deviations beyond which a night moves the level no further. */
const clip = 3;
/** Nights that what is assumed of the variance between nights weighs. */
const priorNights = 5;

/** Where a series lies, and how much its nights scatter. */
export interface Level {
  readonly nights: number;
  readonly log: number;
  /** 1/variance of `log`. */
  readonly weight: number;
  /** Variance between nights beyond their standard errors. */
  readonly tauSquared: number;
  /** Weighted sum of what squared residuals exceed their errors by, and the weights. */
  readonly excess: { readonly sum: number; readonly weight: number };
  /** Sum of log standard deviations of the nights. */
  readonly logDeviations: number;
}

/** Of no nights. */
const nowhere: Level = {
  nights: 0,
  log: 0,
  weight: 0,
  tauSquared: 0,
  excess: { sum: 0, weight: 0 },
  logDeviations: 0,
};

/** The level of these nights, in their order: O(nights). */
export function level(nights: readonly Measure[], rules: Rules): Level {
  return nights.reduce((so, night) => follow(so, night, rules), nowhere);
}

/** τ² less one standard error of its estimate: what nights surely differ by. */
export function surelyBetween(level: Level): number {
  return Math.max(0, level.tauSquared - typicalDeviation(level) ** 2 * Math.sqrt(2 / level.nights));
}

/** The level with one night more. The mean is weighted by precision; a night beyond {@link clip} deviations counts as one at it. */
export function follow(level: Level, night: Measure, rules: Rules): Level {
  const square = Math.max(night.se, resolution) ** 2;
  const tauSquared = level.nights === 0 ? rules.tau * square : level.tauSquared;
  const own = square + tauSquared;
  const ofLevel = level.nights === 0 ? 0 : 1 / level.weight;
  const most = clip * Math.sqrt(own + ofLevel);
  const residual = level.nights === 0 ? 0 : Math.min(most, Math.max(-most, night.log - level.log));
  const weight = Math.min(level.weight + 1 / own, rules.memory / own);
  const log = level.nights === 0 ? night.log : level.log + residual / own / weight;
  // A noisy night says little of the variance between nights. Weights that knew τ² would prefer nights in which it looked small.
  const squareWeight = 1 / square;
  const excess =
    level.nights === 0
      ? { sum: priorNights * squareWeight * tauSquared, weight: priorNights * squareWeight }
      : {
          sum: level.excess.sum + squareWeight * (residual ** 2 - square - ofLevel),
          weight: level.excess.weight + squareWeight,
        };
  return {
    nights: level.nights + 1,
    log,
    weight,
    tauSquared: Math.max(0, excess.sum / excess.weight),
    excess,
    logDeviations: level.logDeviations + Math.log(own) / 2,
  };
}

/** Geometric mean of the nights' standard deviations. */
export function typicalDeviation({ nights, logDeviations }: Level): number {
  return Math.exp(logDeviations / nights);
}

/** How far a measure lies from what is expected of it while nothing changes. */
export interface Deviation {
  /** Logarithm. */
  readonly change: number;
  /** Standard error of `change`. */
  readonly se: number;
  /** The part of a change of the series that shows in `change`: 1, or less where the night's first run told the rest already. */
  readonly part: number;
  /** Normal scores of "it moved up" and "it moved down" by more than is none. */
  readonly up: number;
  readonly down: number;
}

/** From the level: the error is that of the measure, of the level, and between nights. */
export function deviationFrom(
  level: Level,
  { log, se, df }: Measure,
  first: Measure,
  rules: Rules,
): Deviation {
  const own = { variance: errorOf(se), df };
  const margin = marginOf(level, rules);
  return scored(log - level.log, { part: 1, margin }, [own, ...common(level, first, rules)]);
}

/**
 * Of a rerun, from what the first run of the same night lets expect. Both share what the night does to the series, so where
 * nights vary more than blocks, a rerun says little that the first run did not.
 */
export function deviationOfRerun(level: Level, first: Measure, rerun: Measure, rules: Rules): Deviation {
  const shared = common(level, first, rules);
  const variance = shared.reduce((sum, part) => sum + part.variance, 0);
  const firstVariance = errorOf(first.se);
  const told = variance / (variance + firstVariance);
  const change = rerun.log - level.log - told * (first.log - level.log);
  const left = shared.map((part) => ({ ...part, variance: part.variance * (1 - told) }));
  const margin = (1 - told) * marginOf(level, rules);
  return scored(change, { part: 1 - told, margin }, [{ variance: errorOf(rerun.se), df: rerun.df }, ...left]);
}

/** Logarithm up to which a move is none: what is indifferent, drifts, or may be the error of the level, which stays the same for long. */
function marginOf(level: Level, { slack }: Rules): number {
  return indifference + slack * Math.sqrt(level.tauSquared) + levelErrors / Math.sqrt(level.weight);
}

/** The variance of an estimate with standard error `se`. */
export function errorOf(se: number): number {
  return Math.max(se, resolution) ** 2;
}

/** A part of a variance, and how well it is known. */
export interface Part {
  readonly variance: number;
  readonly df: number;
}

/** The sum of independent parts. Degrees of freedom by Satterthwaite. */
export function together(parts: readonly Part[]): Part {
  let [variance, squares] = [0, 0];
  for (const one of parts) {
    variance += one.variance;
    squares += one.variance ** 2 / one.df;
  }
  return { variance, df: variance ** 2 / squares };
}

/**
 * What all measures of a night have in common: the error of the level, and the night's own variance. That which blocks hide
 * cannot be seen in first runs, yet it counts in a rerun of many blocks: at least a part of the first run's is assumed.
 */
function common(level: Level, first: Measure, { tau }: Rules): Part[] {
  return [
    { variance: Math.max(level.tauSquared, tau * errorOf(first.se)), df: level.nights },
    { variance: 1 / level.weight, df: level.nights },
  ];
}

function scored(
  change: number,
  { part, margin }: { readonly part: number; readonly margin: number },
  parts: readonly Part[],
): Deviation {
  const { variance, df } = together(parts);
  const se = Math.sqrt(variance);
  const up = normalScore((change - margin) / se, df);
  const down = normalScore((-change - margin) / se, df);
  return { change, se, part, up, down };
}

/**
 * The z that a normal variable exceeds as often as one with Student's distribution exceeds `t`, by Wallace's approximation (Ann.
 * Math. Stat. 30 (1959) 1124). Unlike a detour over p it does not end where p is smaller than a double.
 */
export function normalScore(t: number, df: number): number {
  const score = ((8 * df + 1) / (8 * df + 3)) * Math.sqrt(df * Math.log1p((t * t) / df));
  return t < 0 ? -score : score;
}
