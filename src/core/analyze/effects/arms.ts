import { type Separated, separate } from '../../factorial/effects.ts';
import type { Design } from '../../model/design.ts';
import { tooManyFailed } from '../comparison.ts';
import type { CellSamples, Sample } from '../samples.ts';
import type { Subject } from '../subjects.ts';

/** An arm of a design in one subject. */
export interface MeasuredArm {
  readonly runtime: string;
  /** Place of its level in each factor. */
  readonly levels: readonly number[];
  readonly cell: CellSamples;
  readonly sample: Sample;
}

/** Places of an arm's levels. */
function placesOf({ factors }: Design, levels: readonly string[]): readonly number[] {
  return factors.map((factor, at) => factor.levels.indexOf(levels[at] ?? ''));
}

/** The arms that have values of the subject's headline, and not only those of survivors. */
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

/** The effects that the design tells where no arm is missing. */
export function effectsOf(design: Design): readonly Separated[] {
  return separate(design.arms.map(({ levels }) => placesOf(design, levels)));
}

/** The effects that these arms tell. */
export function effectsIn(arms: readonly MeasuredArm[]): readonly Separated[] {
  return separate(arms.map(({ levels }) => levels));
}
