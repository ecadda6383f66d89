/**
 * Holm's step-down adjustment (Scand. J. Statist. 6 (1979) 65): adjusted p values in the order given, which
 * bound the chance of any false claim in the family when compared with alpha.
 * Throws RangeError on a p outside [0, 1].
 */
export function holm(pValues: readonly number[]): number[] {
  for (const p of pValues) if (!(p >= 0 && p <= 1)) throw new RangeError(`p is ${p}: it must lie in [0, 1]`);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let running = 0;
  pValues
    .map((p, index) => ({ p, index }))
    .sort((a, b) => a.p - b.p)
    .forEach(({ p, index }, position) => {
      running = Math.min(1, Math.max(running, p * (pValues.length - position)));
      adjusted[index] = running;
    });
  return adjusted;
}
