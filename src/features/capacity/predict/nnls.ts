/** A quadratic function of a few variables: βᵀ·gram·β − 2·βᵀ·moment, and what penalties add to both. */
export interface Quadratic {
  /** Symmetric, positive semidefinite; one row a variable. */
  readonly gram: readonly (readonly number[])[];
  readonly moment: readonly number[];
}

/** The sum of some of them, which is the function of all their data together. */
export function sumOf(parts: readonly Quadratic[], size: number): Quadratic {
  const gram = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const moment = new Array<number>(size).fill(0);
  for (const part of parts)
    for (let i = 0; i < size; i++) {
      moment[i] = (moment[i] ?? 0) + (part.moment[i] ?? 0);
      const row = gram[i] ?? [];
      for (let j = 0; j < size; j++) row[j] = (row[j] ?? 0) + (part.gram[i]?.[j] ?? 0);
    }
  return { gram, moment };
}

/** Data points (row of the variables, target, weight) as a quadratic: weighted least squares. */
export function leastSquares(
  points: readonly { readonly row: readonly number[]; readonly target: number; readonly weight: number }[],
  size: number,
): Quadratic {
  return sumOf(
    points.map(({ row, target, weight }) => ({
      gram: row.map((a) => row.map((b) => weight * a * b)),
      moment: row.map((a) => weight * a * target),
    })),
    size,
  );
}

/** Pulls each variable towards its prior: adds `strength`·(β − prior)². */
export function withPrior(
  { gram, moment }: Quadratic,
  priors: readonly number[],
  strength: number,
): Quadratic {
  return {
    gram: gram.map((row, i) => row.map((value, j) => (i === j ? value + strength : value))),
    moment: moment.map((value, i) => value + strength * (priors[i] ?? 0)),
  };
}

const maxSweeps = 20_000;
/** Relative change of a sweep below which nothing changes any more. */
const still = 1e-11;

/**
 * The non-negative variables that make the function least, one after the other (cyclic coordinate descent, which converges
 * where the function is strictly convex). A variable that changes nothing becomes 0.
 */
export function leastNonNegative({ gram, moment }: Quadratic): readonly number[] {
  const beta = moment.map(() => 0);
  for (let sweep = 0; sweep < maxSweeps; sweep++) {
    let [moved, largest] = [0, 0];
    for (let i = 0; i < beta.length; i++) {
      const row = gram[i] ?? [];
      const own = row[i] ?? 0;
      const before = beta[i] ?? 0;
      const others = row.reduce((sum, value, j) => (j === i ? sum : sum + value * (beta[j] ?? 0)), 0);
      const next = own > 0 ? Math.max(0, ((moment[i] ?? 0) - others) / own) : 0;
      beta[i] = next;
      moved = Math.max(moved, Math.abs(next - before));
      largest = Math.max(largest, next);
    }
    if (moved <= still * largest) break;
  }
  return beta;
}
