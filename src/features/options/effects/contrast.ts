import { tooManyFailed } from '../../../core/analyze/rows/comparison.ts';
import type { Subject } from '../../../core/analyze/rows/subjects.ts';
import type { CellSamples, MetricSample } from '../../../core/analyze/values/samples.ts';
import type { Design } from '../../../core/model/run/design.ts';
import { type EstimatedEffect, separate } from './separate.ts';

/** An arm of a design in one subject. */
export interface MeasuredArm {
  readonly runtime: string;
  /** Index of its level in each factor. */
  readonly levels: readonly number[];
  readonly cell: CellSamples;
  readonly sample: MetricSample;
}

/** Index of each of an arm's levels. */
function placesOf({ factors }: Design, levels: readonly string[]): readonly number[] {
  return factors.map((factor, at) => factor.levels.indexOf(levels[at] ?? ''));
}

/** The arms that have values of the subject's headline and in which not too many trials failed. */
export function measuredArms(
  design: Design,
  { cells, headline }: Pick<Subject, 'cells' | 'headline'>,
): readonly MeasuredArm[] {
  return design.arms.flatMap(({ runtime, levels }): MeasuredArm[] => {
    const cell = cells.get(runtime);
    const sample = headline === null ? undefined : cell?.samples.get(headline);
    if (cell === undefined || sample === undefined || tooManyFailed([cell])) return [];
    return [{ runtime, levels: placesOf(design, levels), cell, sample }];
  });
}

/** The effects that the design estimates when no arm is missing. */
export function effectsOf(design: Design): readonly EstimatedEffect[] {
  return separate(design.arms.map(({ levels }) => placesOf(design, levels)));
}

/** The effects that these arms estimate. */
export function effectsIn(arms: readonly MeasuredArm[]): readonly EstimatedEffect[] {
  return separate(arms.map(({ levels }) => levels));
}

/** An effect in every block that holds all the arms with a weight in it. */
export interface Contrast {
  /** block → logarithm of the ratio. Empty where a value has no logarithm. */
  readonly byBlock: ReadonlyMap<number, number>;
  /** Blocks that hold all of its arms. */
  readonly blocks: number;
  /** Which values have no logarithm; null where all have one. */
  readonly notPositive: 'zero' | 'negative' | null;
}

/**
 * The weighted sum of the logarithms of the arms' values within each block. The weights add up to 0, so a factor shared
 * by the whole block cancels. One value ≤ 0 leaves the ratio undefined, as in other comparisons.
 */
export function contrastOf({ weights }: EstimatedEffect, arms: readonly MeasuredArm[]): Contrast {
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
