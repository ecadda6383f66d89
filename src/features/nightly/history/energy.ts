/** A value and its weight. */
export interface Weighted {
  readonly log: number;
  readonly weight: number;
}

/**
 * How different the values before each split are from those after it: the energy statistic of E-divisive (D. Matteson & N. James,
 * J. Am. Stat. Assoc. 109 (2014) 334), here weighted: W·V/(W+V)·(2·mean|x−y| − mean|x−x'| − mean|y−y'|), where W and V are the
 * sums of weights on both sides. The value of split i (1…n−1) is at place i−1; the second part begins with value i. O(n²).
 */
export function energyOfSplits(values: readonly Weighted[]): number[] {
  const n = values.length;
  const distance = (i: number, j: number) => {
    const [a, b] = [values[i], values[j]];
    return a === undefined || b === undefined ? 0 : a.weight * b.weight * Math.abs(a.log - b.log);
  };
  const sumTo = (i: number, from: number, to: number) => {
    let sum = 0;
    for (let j = from; j < to; j++) sum += distance(i, j);
    return sum;
  };
  const right = { within: 0, weight: 0, squares: 0 };
  values.forEach(({ weight }, i) => {
    right.within += sumTo(i, 0, i);
    right.weight += weight;
    right.squares += weight * weight;
  });
  const left = { within: 0, weight: 0, squares: 0 };
  let across = 0;
  const splits: number[] = [];
  values.forEach(({ weight }, i) => {
    const [before, after] = [sumTo(i, 0, i), sumTo(i, i + 1, n)];
    left.within += before;
    right.within -= after;
    across += after - before;
    left.weight += weight;
    right.weight -= weight;
    left.squares += weight * weight;
    right.squares -= weight * weight;
    if (i === n - 1) return;
    const energy = (2 * across) / (left.weight * right.weight) - meanWithin(left) - meanWithin(right);
    splits.push(((left.weight * right.weight) / (left.weight + right.weight)) * energy);
  });
  return splits;
}

/** Mean distance of pairs; a single value has none. The tolerance is for what remains of a difference that is 0. */
function meanWithin({
  within,
  weight,
  squares,
}: {
  within: number;
  weight: number;
  squares: number;
}): number {
  const pairs = weight * weight - squares;
  return pairs <= 1e-9 * weight * weight ? 0 : (2 * within) / pairs;
}
