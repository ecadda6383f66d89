import { median } from 'simple-statistics';
import { studentQuantile } from '../../src/core/analyze/stats/distributions.ts';
import { sortedFinite } from '../../src/core/analyze/stats/finite.ts';
import { hodgesLehmann } from '../../src/core/analyze/stats/hodges-lehmann.ts';
import {
  centreInterval,
  type LogInterval,
  robustCentre,
} from '../../src/features/fleet/merge/stats/host-estimate.ts';
import type { LogMean } from '../../src/features/fleet/merge/stats/log-mean.ts';

/** A centre of hosts and its 95 % interval; null where it makes none. */
export interface Rival {
  readonly name: string;
  readonly of: (votes: readonly LogMean[]) => (LogInterval & { readonly estimate: number }) | null;
}

const miss = 0.05;

function around(estimate: number, error: number, df: number) {
  const half = -studentQuantile(miss / 2, Math.max(1, df)) * error;
  return { estimate, low: estimate - half, high: estimate + half };
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

function meanOf(values: readonly number[]) {
  const n = values.length;
  const mean = sumOf(values) / n;
  const squares = sumOf(values.map((value) => (value - mean) ** 2));
  return around(mean, Math.sqrt(squares / (n - 1) / n), n - 1);
}

function deviationOf(values: readonly number[], centre: number): number {
  return 1.4826 * median(values.map((value) => Math.abs(value - centre)));
}

/** Means of all but a fifth at either end, with the error of the Winsorised values (Tukey & McLaughlin 1963; Yuen 1974). */
function trimmed(values: readonly number[]) {
  const sorted = [...sortedFinite(values)];
  const n = sorted.length;
  const cut = Math.floor(n / 5);
  const rest = sorted.slice(cut, n - cut);
  const winsorised = sorted.map((_, at) => sorted[Math.min(n - 1 - cut, Math.max(cut, at))] ?? 0);
  const centre = sumOf(winsorised) / n;
  const squares = sumOf(winsorised.map((value) => (value - centre) ** 2));
  const left = rest.length;
  return around(sumOf(rest) / left, Math.sqrt(squares / (left * (left - 1))), left - 1);
}

/** An M estimate from the median on: the step to the next centre, until it is small beside `scale`. */
function settled(values: readonly number[], scale: number, weightOf: (distance: number) => number): number {
  let centre = median(values);
  for (let step = 0; step < 60; step++) {
    let [total, weights] = [0, 0];
    for (const value of values) {
      const weight = weightOf(value - centre);
      total += weight * (value - centre);
      weights += weight;
    }
    const move = total / weights;
    centre += move;
    if (Math.abs(move) < 1e-9 * scale) break;
  }
  return centre;
}

/** Huber's M estimate at 1.345 robust deviations, with its asymptotic error. */
function huber(values: readonly number[]) {
  const n = values.length;
  const bound = 1.345 * deviationOf(values, median(values));
  if (bound === 0) return meanOf(values);
  const centre = settled(values, bound, (distance) => Math.min(1, bound / Math.abs(distance)));
  let [squares, inside] = [0, 0];
  for (const value of values) {
    squares += Math.min(bound, Math.abs(value - centre)) ** 2;
    if (Math.abs(value - centre) <= bound) inside++;
  }
  return around(centre, Math.sqrt(squares / (n - 1) / n) / (inside / n), n - 1);
}

/** Tukey's biweight with a cut of 6 median deviations, and 0.7 (n − 1) degrees of freedom (Kafadar 1982). */
function kafadar(values: readonly number[]) {
  const cut = (6 / 1.4826) * deviationOf(values, median(values));
  if (cut === 0) return meanOf(values);
  const left = (distance: number) => Math.max(0, 1 - (distance / cut) ** 2);
  const centre = settled(values, cut, (distance) => left(distance) ** 2);
  let [squares, slopes] = [0, 0];
  for (const value of values) {
    const inside = left(value - centre);
    squares += ((value - centre) * inside ** 2) ** 2;
    if (inside > 0) slopes += inside * (5 * inside - 4);
  }
  const error = Math.sqrt(squares / (Math.max(1, slopes) * Math.max(1, slopes - 1)));
  return around(centre, error, Math.floor(0.7 * (values.length - 1)));
}

/** The mean of the values within four robust deviations of their median. */
function withoutFar(values: readonly number[]) {
  const centre = median(values);
  const bound = 4 * deviationOf(values, centre);
  const near = values.filter((value) => Math.abs(value - centre) <= bound);
  return meanOf(near.length < 2 ? values : near);
}

const near = Math.log1p(0.05);
const ofMeans =
  (of: (values: readonly number[]) => ReturnType<Rival['of']>): Rival['of'] =>
  (votes) =>
    of(votes.map(({ mean }) => mean));

/** The product's, and the plain mean. */
export const chosen: Rival = {
  name: 'biweight',
  of: (votes) => {
    const found = robustCentre(votes, near);
    const interval = centreInterval(found, miss);
    return interval === null ? null : { estimate: found.estimate, ...interval };
  },
};
export const plainMean: Rival = { name: 'mean', of: ofMeans(meanOf) };

export const rivals: readonly Rival[] = [
  { name: 'trimmed 20 %', of: ofMeans(trimmed) },
  {
    name: 'Hodges–Lehmann',
    of: ofMeans((values) => {
      const { estimate, low, high } = hodgesLehmann(values, 1 - miss);
      return low === null || high === null ? null : { estimate, low, high };
    }),
  },
  { name: 'Huber', of: ofMeans(huber) },
  { name: 'biweight, Kafadar', of: ofMeans(kafadar) },
  { name: 'mean within 4 deviations', of: ofMeans(withoutFar) },
];
