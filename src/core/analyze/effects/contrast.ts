import type { Separated } from '../../factorial/effects.ts';
import type { MeasuredArm } from './arms.ts';

/** An effect in every block that holds the arms which it is told by. */
export interface Contrast {
  /** block → logarithm of the ratio. Empty where a value has no logarithm. */
  readonly byBlock: ReadonlyMap<number, number>;
  /** Blocks that hold all of its arms. */
  readonly blocks: number;
  /** Which values have no logarithm; null where all have one. */
  readonly notPositive: 'zero' | 'negative' | null;
}

/**
 * The weighted sum of the logarithms of the arms' values within each block. The weights add up to 0, so that what a block
 * shares cancels. One value ≤ 0 leaves the ratio undefined, as in other comparisons.
 */
export function contrastOf({ weights }: Separated, arms: readonly MeasuredArm[]): Contrast {
  const used = arms.flatMap(({ sample }, at) => {
    const weight = weights?.[at] ?? 0;
    return weight === 0 ? [] : [{ weight, values: sample.byBlock }];
  });
  const [first, ...others] = used;
  const byBlock = new Map<number, number>();
  let least = Number.POSITIVE_INFINITY;
  let blocks = 0;
  for (const block of first?.values.keys() ?? []) {
    if (!others.every(({ values }) => values.has(block))) continue;
    blocks += 1;
    let sum = 0;
    for (const { weight, values } of used) {
      const value = values.get(block) ?? 0;
      least = Math.min(least, value);
      sum += weight * Math.log(value);
    }
    byBlock.set(block, sum);
  }
  const notPositive = least > 0 ? null : least < 0 ? 'negative' : 'zero';
  return { byBlock: notPositive === null ? byBlock : new Map(), blocks, notPositive };
}
