/**
 * Benjamini and Hochberg's adjustment (J. R. Statist. Soc. B 57 (1995) 289), in the order given: the smallest false discovery
 * rate at which each is rejected. Throws RangeError on a p outside [0, 1].
 */
function benjaminiHochberg(pValues: readonly number[]): number[] {
  for (const p of pValues) if (!(p >= 0 && p <= 1)) throw new RangeError(`p is ${p}: it must lie in [0, 1]`);
  const n = pValues.length;
  const adjusted = new Array<number>(n).fill(1);
  let running = 1;
  pValues
    .map((p, index) => ({ p, index }))
    .sort((a, b) => b.p - a.p)
    .forEach(({ p, index }, position) => {
      running = Math.min(running, p * (n / (n - position)));
      adjusted[index] = running;
    });
  return adjusted;
}

/**
 * The adjustment of Benjamini & Bogomolov (J. R. Statist. Soc. B 76 (2014) 297) for families of hypotheses: the smallest alpha
 * at which each is rejected, in the order given.
 *
 * At alpha, Benjamini and Hochberg's procedure selects R of the m families by their Simes p values, and rejects within each
 * selected family at alpha·R/m. This bounds the average of the false discovery rates over the selected families by alpha
 * (Theorem 1 there). It bounds neither the chance of any false claim in a run nor the rate in one given family.
 *
 * Families without hypotheses do not count. Throws RangeError on a p outside [0, 1].
 */
export function benjaminiBogomolov(families: readonly (readonly number[])[]): number[][] {
  const within = families.map(benjaminiHochberg);
  const tested = within.filter((family) => family.length > 0);
  const m = tested.length;
  // The smallest adjusted p value of a family is that of Simes (Biometrika 73 (1986) 751).
  const selectedFrom = benjaminiHochberg(tested.map((family) => Math.min(...family))).toSorted(
    (a, b) => a - b,
  );
  // alpha·R(alpha)/m grows with alpha and jumps where a family joins the selected.
  const steps = selectedFrom.flatMap((from, index) => {
    const below = selectedFrom[index + 1] ?? Number.POSITIVE_INFINITY;
    return below > from ? [{ from, below, selected: index + 1 }] : [];
  });
  const smallestAlpha = (p: number): number => {
    for (const { from, below, selected } of steps) {
      const alpha = Math.max(from, p * (m / selected));
      if (alpha < below) return Math.min(1, alpha);
    }
    return 1;
  };
  return within.map((family) => family.map(smallestAlpha));
}
