import { mean } from 'simple-statistics';
import { studentTwoSided } from '../../src/core/analyze/stats/distributions.ts';
import { at } from '../../src/core/analyze/stats/finite.ts';

/*
 * An implementation of what Apache Otava publishes as its algorithm (docs/MATH.md; M. Fleming et al., ICPE 2023), with its
 * defaults: window 50, p 0.001, no least magnitude. It is not Otava's code.
 */
const windowLength = 50;
const maxP = 0.001;

/** Places at which a new level begins, strictly rising. Of all values; deterministic. */
export function changePoints(values: readonly number[]): number[] {
  const weak = new Set<number>();
  for (let start = 0; start < values.length; ) {
    const found = inWindow(values.slice(start, start + windowLength)).map((place) => place + start);
    for (const place of found) weak.add(place);
    start = Math.max(found.at(-1) ?? 0, start + windowLength / 2);
  }
  return merged(
    [...weak].toSorted((a, b) => a - b),
    values,
  );
}

/**
 * How many change points appear night by night after the first `learnt` nights, looking at the last 100 nights every night. A
 * point within two nights of one that was there before is the same.
 */
export function newPoints(values: readonly number[], learnt: number): number {
  const known: number[] = [];
  let count = 0;
  for (let n = learnt; n <= values.length; n++) {
    const found = newestPoints(values.slice(0, n), known);
    if (n > learnt) count += found.length;
  }
  return count;
}

/** The change points of the last 100 values that were not known; they are known from then on. */
export function newestPoints(values: readonly number[], known: number[]): readonly number[] {
  const from = Math.max(0, values.length - 100);
  const found: number[] = [];
  for (const place of changePoints(values.slice(from)).map((each) => each + from)) {
    if (known.some((one) => Math.abs(one - place) <= 2)) continue;
    known.push(place);
    found.push(place);
  }
  return found;
}

/** Splits where the divergence is greatest, until a split is not significant at ten times p. */
function inWindow(values: readonly number[]): number[] {
  const points: number[] = [];
  for (;;) {
    const bounds = [0, ...points, values.length];
    const best = bounds
      .slice(1)
      .map((to, i) => candidate(values, at(bounds, i), to))
      .reduce((a, b) => (b.divergence > a.divergence ? b : a));
    if (best.place === 0 || pAt(best.place, points, values) >= 10 * maxP) return points;
    points.push(best.place);
    points.sort((a, b) => a - b);
  }
}

/** The split τ, and the end κ of its right part, with the greatest divergence of values[from…τ−1] and values[τ…κ−1]. */
function candidate(
  values: readonly number[],
  from: number,
  to: number,
): { place: number; divergence: number } {
  let best = { place: 0, divergence: Number.NEGATIVE_INFINITY };
  const distance = (i: number, j: number) => Math.abs(at(values, i) - at(values, j));
  let left = 0;
  for (let split = from + 1; split < to; split++) {
    const n = split - from;
    for (let i = from; i < split - 1; i++) left += distance(i, split - 1);
    let [right, across] = [0, 0];
    for (let end = split + 1; end <= to; end++) {
      const m = end - split;
      for (let i = from; i < split; i++) across += distance(i, end - 1);
      for (let i = split; i < end - 1; i++) right += distance(i, end - 1);
      const within = (n > 1 ? (m * left) / (n - 1) : 0) + (m > 1 ? (n * right) / (m - 1) : 0);
      const divergence = (2 * (across - within)) / (m + n);
      if (divergence > best.divergence) best = { place: split, divergence };
    }
  }
  return best;
}

/** Removes the weakest point until all are significant. */
function merged(points: readonly number[], values: readonly number[]): number[] {
  let left = [...points];
  for (;;) {
    const ps = left.map((place) => pAt(place, left, values));
    const weakest = Math.max(...ps);
    if (!(weakest >= maxP)) return left;
    left = left.filter((_, i) => i !== ps.indexOf(weakest));
  }
}

/** Of the t test between the parts beside a place, which reach to the next points. As Otava has it, from population variances. */
function pAt(place: number, points: readonly number[], values: readonly number[]): number {
  const from = points.findLast((point) => point < place) ?? 0;
  const to = points.find((point) => point > place) ?? values.length;
  const [before, after] = [values.slice(from, place), values.slice(place, to)];
  const df = before.length + after.length - 2;
  if (df < 1) return 1;
  const squares = (part: readonly number[]) => (part.length - 1) * populationVariance(part);
  const variance = (squares(before) + squares(after)) / df;
  const difference = mean([...after]) - mean([...before]);
  if (variance === 0) return difference === 0 ? 1 : 0;
  return studentTwoSided(difference / Math.sqrt(variance * (1 / before.length + 1 / after.length)), df);
}

function populationVariance(values: readonly number[]): number {
  const centre = mean([...values]);
  return mean(values.map((value) => (value - centre) ** 2));
}
