import { seededRandom } from '../../model/prng.ts';
import { normalScore, studentTwoSided } from './distributions.ts';

/** Simulated checks, and steps of the bisection: the factor is then known to a few percent. */
const checks = 1000;
const bisections = 12;

/** Largest factor that is told. */
const most = 32;

/** Normal score of a t with so many degrees of freedom, by a table of |t|. */
function scores(df: number): (t: number) => number {
  const step = 0.1;
  const table = Array.from({ length: 400 }, (_, i) =>
    i === 0 ? 0 : normalScore(studentTwoSided(i * step, df)),
  );
  const last = table.at(-1) ?? 0;
  return (t) => {
    const place = Math.abs(t) / step;
    const below = Math.floor(place);
    const [low, high] = [table[below] ?? last, table[below + 1] ?? last];
    return low + (high - low) * (place - below);
  };
}

const known = new Map<string, number>();

/**
 * The factor f for which a check of so many t statistics, each f times as large as its blocks say, has a root mean square of normal
 * scores above `limit` in the share `power` of cases; at most 32. By simulation: the score of a t of few degrees of freedom
 * grows more slowly than t, so that chi-square would promise too much. Remembered, since a run asks the same twice.
 */
export function findableScatter(comparisons: number, df: number, limit: number, power: number): number {
  const key = [comparisons, df, limit, power].join(' ');
  const before = known.get(key);
  if (before !== undefined) return before;
  const random = seededRandom(`findable ${key}`);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const score = scores(df);
  const all = Array.from({ length: checks }, () =>
    Array.from({ length: comparisons }, () => {
      let squares = 0;
      for (let i = 0; i < df; i++) squares += normal() ** 2;
      return normal() / Math.sqrt(squares / df);
    }),
  );
  const found = (factor: number) =>
    all.filter(
      (own) => Math.sqrt(own.reduce((sum, t) => sum + score(factor * t) ** 2, 0) / comparisons) > limit,
    ).length / checks;
  let [low, high] = [1, most];
  for (let step = 0; step < bisections; step++) {
    const middle = (low + high) / 2;
    if (found(middle) >= power) high = middle;
    else low = middle;
  }
  known.set(key, high);
  return high;
}
