import { indifference, leastNights, levelErrors, type Rules, resolution } from './alarm-thresholds.ts';
import type { Measure } from './series.ts';

/** Two-sided 95 % quantile of the normal distribution. */
export const z95 = 1.96;

/** Residuals are clipped at this many standard deviations, so that an outlier moves the level no further. */
const clip = 3;
/** Weight of the prior for the variance between nights, in nights. */
const priorNights = 5;

/** Level of a series, and the spread of its nights. */
export interface Level {
  readonly nights: number;
  /** Those of them that `log` is the mean of: fewer after a change, which keeps the spread and not the mean. */
  readonly ofMean: number;
  readonly log: number;
  /** 1/variance of `log`. */
  readonly weight: number;
  /** Variance between nights beyond their standard errors. */
  readonly tauSquared: number;
  /** Weighted sum of the squared residuals minus their error variances, and the sum of the weights. */
  readonly excess: { readonly sum: number; readonly weight: number };
  /** Sum of the logarithms of the nights' standard deviations. */
  readonly logDeviations: number;
}

/** Level before the first night. */
const nowhere: Level = {
  nights: 0,
  ofMean: 0,
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

/**
 * The level that one evening gives, as if so many nights had shown it. Its error includes the effect of that evening, whose
 * size no other night has shown yet: the prior of the variance between nights.
 */
export function levelOfEvening({ log, se }: Measure, counts: number, rules: Rules): Level {
  const ofMean = Math.max(se, resolution) ** 2;
  const square = counts * ofMean;
  const tauSquared = rules.tau * square;
  return {
    nights: counts,
    ofMean: counts,
    log,
    tauSquared,
    weight: 1 / (ofMean + tauSquared),
    excess: { sum: (priorNights / square) * tauSquared, weight: priorNights / square },
    logDeviations: (counts * Math.log(square + tauSquared)) / 2,
  };
}

/** Cautious variance between nights: τ² minus one standard error of its estimate, at least 0. */
export function surelyBetween(level: Level): number {
  return Math.max(0, level.tauSquared - typicalDeviation(level) ** 2 * Math.sqrt(2 / level.nights));
}

/** Adds a night to the level. The mean is weighted by precision; residuals are clipped at {@link clip} standard deviations. */
export function follow(level: Level, night: Measure, rules: Rules): Level {
  const square = Math.max(night.se, resolution) ** 2;
  const tauSquared = level.nights === 0 ? rules.tau * square : level.tauSquared;
  const own = square + tauSquared;
  const ofLevel = level.nights === 0 ? 0 : 1 / level.weight;
  const most = clip * Math.sqrt(own + ofLevel);
  const residual = level.nights === 0 ? 0 : Math.min(most, Math.max(-most, night.log - level.log));
  const weight = Math.min(level.weight + 1 / own, rules.memory / own);
  const log = level.nights === 0 ? night.log : level.log + residual / own / weight;
  // A noisy night tells little about the variance between nights. The weights do not depend on τ²: that would favour nights at
  // which
  // its estimate was small.
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
    ofMean: level.ofMean + 1,
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

/** Distance of a measure from its expected value if nothing changes. */
export interface Deviation {
  /** Logarithm. */
  readonly change: number;
  /** Standard error of `change`. */
  readonly se: number;
  /** Share of a change of the series that `change` shows: 1; of a rerun less, since the first run showed the rest. */
  readonly part: number;
  /** Normal scores of a move up and of a move down, beyond the margin of irrelevant moves. */
  readonly up: number;
  readonly down: number;
}

/**
 * Deviation of a measure from the level. Its error includes those of the measure and the level, and the variance between
 * nights.
 */
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
 * Deviation of a rerun from its expected value given the first run. Both share the effect of the night, so if nights vary more
 * than blocks, a rerun adds little to the first run.
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

/** Logarithm below which a move does not count: indifference, drift, and the error of the level, which many nights share. */
function marginOf(level: Level, { slack }: Rules): number {
  const errors = level.ofMean < leastNights ? levelErrors.fresh : levelErrors.known;
  return indifference + slack * Math.sqrt(level.tauSquared) + errors / Math.sqrt(level.weight);
}

/** The variance of an estimate with standard error `se`. */
export function errorOf(se: number): number {
  return Math.max(se, resolution) ** 2;
}

/** A variance component with its degrees of freedom. */
export interface VarianceComponent {
  readonly variance: number;
  readonly df: number;
}

/** Sum of independent components, with Satterthwaite's degrees of freedom. */
export function together(parts: readonly VarianceComponent[]): VarianceComponent {
  let [variance, squares] = [0, 0];
  for (const one of parts) {
    variance += one.variance;
    squares += one.variance ** 2 / one.df;
  }
  return { variance, df: variance ** 2 / squares };
}

/**
 * Variance components that all measures of a night share: the error of the level, and the variance between nights. The noise of
 * first runs can hide the latter, but it matters in a rerun of many blocks: so it is at least `tau` times the first run's
 * variance.
 */
function common(level: Level, first: Measure, { tau }: Rules): VarianceComponent[] {
  return [
    { variance: Math.max(level.tauSquared, tau * errorOf(first.se)), df: level.nights },
    { variance: 1 / level.weight, df: level.nights },
  ];
}

function scored(
  change: number,
  { part, margin }: { readonly part: number; readonly margin: number },
  parts: readonly VarianceComponent[],
): Deviation {
  const { variance, df } = together(parts);
  const se = Math.sqrt(variance);
  const up = normalScore((change - margin) / se, df);
  const down = normalScore((-change - margin) / se, df);
  return { change, se, part, up, down };
}

/**
 * The z that a normal variable exceeds as often as one with Student's distribution exceeds `t`, by Wallace's approximation
 * (Ann. Math. Stat. 30 (1959) 1124). Unlike a conversion through p, it works when p underflows a double.
 */
export function normalScore(t: number, df: number): number {
  const score = ((8 * df + 1) / (8 * df + 3)) * Math.sqrt(df * Math.log1p((t * t) / df));
  return t < 0 ? -score : score;
}
