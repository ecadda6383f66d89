/** What a detector sees of a night: normal scores of the first run, both directions, and its typical standard deviation ÷ its own. */
export interface Score {
  readonly up: number;
  readonly down: number;
  readonly precision: number;
}

/** A detector that raises one statistic a night. */
export interface Rival {
  readonly name: string;
  readonly start: readonly number[];
  readonly next: (state: readonly number[], score: Score) => readonly number[];
  readonly statistic: (state: readonly number[]) => number;
}

const sizes = [0.75, 1.5, 3];
const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;

/** Evidence of `sizes`, up and then down. */
function eDetector(name: string, before: (evidence: number) => number): Rival {
  return {
    name,
    start: [...sizes, ...sizes].map(() => 0),
    next: (state, { up, down, precision }) =>
      state.map((evidence, i) => {
        const delta = (sizes[i % sizes.length] ?? 1) * precision;
        const z = i < sizes.length ? up : down;
        return Math.min(1e15, before(evidence) * Math.exp(delta * z - delta ** 2 / 2));
      }),
    statistic: (state) => Math.max(mean(state.slice(0, sizes.length)), mean(state.slice(sizes.length))),
  };
}

/** Detectors on the same scores; `k` and λ as textbooks have them for changes of one standard deviation. */
export const rivals: readonly Rival[] = [
  eDetector('e-SR', (evidence) => evidence + 1),
  eDetector('e-CUSUM', (evidence) => Math.max(evidence, 1)),
  {
    name: 'CUSUM, k = 0.5',
    start: [0, 0],
    next: ([high = 0, low = 0], { up, down }) => [
      Math.max(0, high + up - 0.5),
      Math.max(0, low + down - 0.5),
    ],
    statistic: (state) => Math.max(...state),
  },
  {
    name: 'EWMA, λ = 0.2',
    start: [0, 0],
    next: ([high = 0, low = 0], { up, down }) => [0.8 * high + 0.2 * up, 0.8 * low + 0.2 * down],
    statistic: (state) => Math.max(...state),
  },
];

/** The statistic's highest values, night by night, of a detector that starts anew above `threshold`: how often that is. */
export function crossings(rival: Rival, scores: readonly Score[], threshold: number): number {
  let [state, count] = [rival.start, 0];
  for (const score of scores) {
    state = rival.next(state, score);
    if (rival.statistic(state) < threshold) continue;
    count++;
    state = rival.start;
  }
  return count;
}

/** The threshold that all these series cross at most `most` times. */
export function thresholdFor(rival: Rival, series: readonly (readonly Score[])[], most: number): number {
  let [low, high] = [-3, 35];
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2;
    const count = series.reduce((sum, scores) => sum + crossings(rival, scores, Math.exp(middle)), 0);
    if (count > most) low = middle;
    else high = middle;
  }
  return Math.exp(high);
}
