/**
 * The baseline's value of each block, from its arms there: their geometric mean, or the arithmetic one where a value is not
 * positive. A block without the first arm has no value.
 */
export function baselineValues(
  first: ReadonlyMap<number, number>,
  second: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> {
  return new Map(
    [...first].map(([block, value]) => {
      const other = second.get(block);
      return [block, other === undefined ? value : mean(value, other)];
    }),
  );
}

/** Of equal values exactly that value: a constant baseline stays constant. */
function mean(a: number, b: number): number {
  if (a === b) return a;
  return a > 0 && b > 0 ? Math.sqrt(a) * Math.sqrt(b) : (a + b) / 2;
}
