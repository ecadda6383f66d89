import { type TwoLevel, twoLevelDesigns, twoLevelRuns } from './fractions.ts';

/** Up to this many arms all combinations are measured, and a fraction is as large as this allows. */
const armsWanted = 16;

/** No design has more arms: a block of more lasts too long for what its arms share. */
export const mostArms = 32;

/** The combinations to measure. */
export interface ChosenArms {
  /** The level of each factor, by its place; the first arm has all first levels. */
  readonly arms: readonly (readonly number[])[];
  /** null where all combinations are measured. */
  readonly fraction: {
    readonly resolution: number;
    /** Places of a factor and of those that it follows. */
    readonly generators: readonly { readonly factor: number; readonly follows: readonly number[] }[];
  } | null;
}

/**
 * All combinations of the levels where those are {@link armsWanted} at most. Else factors with two levels are
 * fractioned, as little as necessary and with resolution III at least; factors with more levels are crossed with them in
 * full. null where even that takes more than {@link mostArms}.
 */
export function chooseArms(levelCounts: readonly number[]): ChosenArms | null {
  const places = levelCounts.map((_, place) => place);
  const two = places.filter((place) => levelCounts[place] === 2);
  const more = places.filter((place) => levelCounts[place] !== 2);
  const crossed = more.reduce((product, place) => product * (levelCounts[place] ?? 1), 1);
  const designs = twoLevelDesigns(two.length);
  const withIn = (most: number) => designs.filter(({ runs }) => runs * crossed <= most);
  const chosen = withIn(armsWanted)[0] ?? withIn(mostArms).at(-1);
  if (chosen === undefined) return null;
  const arms = combinations(more.map((place) => levelCounts[place] ?? 1)).flatMap((others) =>
    twoLevelRuns(chosen).map((run) => {
      const levels = new Map([...two.map((place, at) => [place, run[at]] as const)]);
      for (const [at, place] of more.entries()) levels.set(place, others[at]);
      return places.map((place) => levels.get(place) ?? 0);
    }),
  );
  return { arms, fraction: fractionOf(chosen, two) };
}

function fractionOf({ generators, resolution }: TwoLevel, two: readonly number[]): ChosenArms['fraction'] {
  if (resolution === null) return null;
  const first = two.length - generators.length;
  const place = (factor: number) => two[factor] ?? 0;
  return {
    resolution,
    generators: generators.map((own, at) => ({ factor: place(first + at), follows: own.map(place) })),
  };
}

/** Every combination of so many levels, the first factor changing fastest. */
function combinations(levelCounts: readonly number[]): readonly (readonly number[])[] {
  return levelCounts.reduce<readonly (readonly number[])[]>(
    (found, count) =>
      Array.from({ length: count }, (_, level) => found.map((levels) => [...levels, level])).flat(),
    [[]],
  );
}
