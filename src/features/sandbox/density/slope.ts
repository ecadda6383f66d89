import { linearRegression, mean } from 'simple-statistics';
import { studentQuantile } from '../../../core/analyze/stats/distributions.ts';

/** What one more sandbox adds; without bounds where there are too few steps. */
export interface Slope {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Points of a line: number of sandboxes, and what all of them take. */
export type Points = readonly (readonly [x: number, y: number])[];

/** Probability that the interval leaves the true slope on one side. */
const miss = 0.025;

/**
 * The variance of a fitted slope over that of the mean step, where each reading holds the errors of all before it (S. Durlauf
 * and P. Phillips, "Trends versus random walks in time series analysis", Econometrica 56, 1988).
 */
const walkVariance = 6 / 5;

/**
 * Least squares over the steps, with a 95 % interval by Student's t. What the sandboxes of a step take more than others is in
 * every later reading too, and errors that add up seem smaller than they are: where the increments scatter more than the line's
 * own residuals admit, their interval counts. Null with fewer than two steps.
 */
export function slopeOf(points: Points): Slope | null {
  const xs = points.map(([x]) => x);
  if (new Set(xs).size < 2) return null;
  const { m, b } = linearRegression(points.map(([x, y]) => [x, y]));
  const n = points.length;
  if (n < 3) return { value: m, low: null, high: null };
  const centre = mean(xs);
  const square = (of: readonly number[]) => of.reduce((sum, each) => sum + each * each, 0);
  const spread = square(xs.map((x) => x - centre));
  const residuals = points.map(([x, y]) => y - (m * x + b));
  const ofLine = -studentQuantile(miss, n - 2) * Math.sqrt(square(residuals) / (n - 2) / spread);
  const half = Math.max(ofLine, halfOfSteps(points));
  return { value: m, low: m - half, high: m + half };
}

/** Half of the interval by the increments between neighbouring steps: an error that adds up grows with the sandboxes of a step. */
function halfOfSteps(points: Points): number {
  const increments = points.slice(1).map(([x, y], at) => {
    const [before, was] = points[at] ?? [0, 0];
    return { width: x - before, rise: y - was };
  });
  const width = increments.reduce((sum, each) => sum + each.width, 0);
  const slope = increments.reduce((sum, each) => sum + each.rise, 0) / width;
  const freedom = increments.length - 1;
  const variance =
    increments.reduce((sum, each) => sum + (each.rise - slope * each.width) ** 2 / each.width, 0) / freedom;
  return -studentQuantile(miss, freedom) * Math.sqrt((walkVariance * variance) / width);
}
