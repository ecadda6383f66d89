import type { Separated } from '../../factorial/effects.ts';
import type { EffectRow } from '../../model/analysis.ts';
import type { Design } from '../../model/design.ts';
import type { MeasuredArm } from './arms.ts';

/** What an effect is told by: the weight of each combination of options, by the options that it sets. */
export type Basis = ReadonlyMap<string, number>;

/** Weights that differ by less are the same but for rounding. */
const tolerance = 1e-9;

/** A combination of options, however its design names it and orders the options. */
function keyOf({ levels }: MeasuredArm, { factors }: Design): string {
  const set = factors.map(({ name, levels: values }, at) => [name, values[levels[at] ?? 0] ?? '']);
  return JSON.stringify(set.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)));
}

/** The combinations that have a part in an effect. */
export function basisOf({ weights }: Separated, arms: readonly MeasuredArm[], design: Design): Basis {
  return new Map(
    arms.flatMap((arm, at) => {
      const weight = weights?.[at] ?? 0;
      return weight === 0 ? [] : [[keyOf(arm, design), weight] as const];
    }),
  );
}

/** Do both stand for the same effect? */
export function isSameBasis(a: Basis, b: Basis): boolean {
  return (
    a.size === b.size && [...a].every(([arm, weight]) => Math.abs((b.get(arm) ?? 0) - weight) <= tolerance)
  );
}

/** `overlay2 (root:self, none)`. */
export function setting({ name, levels }: Design['factors'][number]): string {
  return `${name} (${levels.join(', ')})`;
}

/** The options beside those of an effect, over which it is the mean, in one order; null where there are none. */
export function otherFactors({ factors }: Design, { factor, beside }: EffectRow): string | null {
  const others = factors
    .filter(({ name }) => name !== factor && name !== beside?.factor)
    .map(({ name, levels }) => setting({ name, levels: levels.toSorted() }));
  return others.length === 0 ? null : others.toSorted().join(', ');
}

/** The arms with values, and the design that names them. */
interface Arms {
  readonly arms: readonly MeasuredArm[];
  readonly design: Design;
}

/** Names of the arms with values that the other run has none of; null where there are none. */
export function differingArms(own: Arms, other: Arms): string | null {
  const known = new Set(other.arms.map((arm) => keyOf(arm, other.design)));
  const only = own.arms.filter((arm) => !known.has(keyOf(arm, own.design)));
  return only.length === 0 ? null : only.map(({ runtime }) => runtime).join(', ');
}
