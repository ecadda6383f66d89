import { type Rules, resolution } from './rules.ts';
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
