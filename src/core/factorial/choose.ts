/**
 * Generators of two-level fractional factorial designs of the highest resolution: number of factors → number of runs →
 * for each generated factor, the factors whose product it is. A is the first factor. Montgomery, Design and Analysis of
 * Experiments, 8th ed., table 8.14; Box, Hunter & Hunter, Statistics for Experimenters, 2nd ed., table 6.22.
 */
const tabulated: Readonly<Record<number, Readonly<Record<number, readonly string[]>>>> = {
  3: { 4: ['AB'] },
  4: { 8: ['ABC'] },
  5: { 8: ['AB', 'AC'], 16: ['ABCD'] },
  6: { 8: ['AB', 'AC', 'BC'], 16: ['ABC', 'BCD'], 32: ['ABCDE'] },
  7: { 8: ['AB', 'AC', 'BC', 'ABC'], 16: ['ABC', 'BCD', 'ACD'] },
  8: { 16: ['BCD', 'ACD', 'ABC', 'ABD'] },
  9: { 16: ['ABC', 'BCD', 'ACD', 'ABD', 'ABCD'] },
  10: { 16: ['ABC', 'BCD', 'ACD', 'ABD', 'ABCD', 'AB'] },
  11: { 16: ['ABC', 'BCD', 'ACD', 'ABD', 'ABCD', 'AB', 'AC'] },
};

/** A fraction of the combinations of two-level factors, or all of them. */
interface TwoLevelDesign {
  readonly runs: number;
  /** For each factor after the first log2(runs): indices of the factors whose product it is. */
  readonly generators: readonly (readonly number[])[];
  /** null: all combinations, where nothing is confounded. */
  readonly resolution: number | null;
}

/** The designs for this number of two-level factors, by decreasing size: first all combinations. */
export function twoLevelDesigns(factors: number): readonly TwoLevelDesign[] {
  const fractions = Object.entries(tabulated[factors] ?? {}).map(([runs, words]) => {
    const generators = words.map((word) => [...word].map((letter) => letter.charCodeAt(0) - 65));
    return { runs: Number(runs), generators, resolution: resolutionOf(factors, generators) };
  });
  const full = { runs: 2 ** factors, generators: [], resolution: null };
  return [full, ...fractions].toSorted((a, b) => b.runs - a.runs);
}

/** Length of the shortest word of the defining relation that these generators span. */
function resolutionOf(factors: number, generators: readonly (readonly number[])[]): number {
  const first = factors - generators.length;
  const words = generators.map((own, at) =>
    [...own, first + at].reduce((bits, each) => bits ^ (1 << each), 0),
  );
  let shortest = factors;
  for (let chosen = 1; chosen < 2 ** words.length; chosen++) {
    const product = words.reduce((bits, word, at) => ((chosen >> at) & 1 ? bits ^ word : bits), 0);
    shortest = Math.min(shortest, bitsIn(product));
  }
  return shortest;
}

function bitsIn(bits: number): number {
  return [...bits.toString(2)].filter((bit) => bit === '1').length;
}

/**
 * The levels (0 or 1) of each run, in standard order, the first factor changing fastest. A generated factor has its
 * second level where an odd number of its generating factors have theirs, so one of the runs has all first levels.
 */
export function twoLevelRuns({ runs, generators }: TwoLevelDesign): readonly (readonly number[])[] {
  const free = Math.log2(runs);
  return Array.from({ length: runs }, (_, run) => {
    const levels = Array.from({ length: free }, (_, factor) => (run >> factor) & 1);
    const generated = generators.map((own) => own.reduce((odd, factor) => odd ^ (levels[factor] ?? 0), 0));
    return [...levels, ...generated];
  });
}

/** Up to this many arms, all combinations are measured; a fraction is the largest that does not exceed it. */
const armsWanted = 16;

/** Maximum number of arms: a longer block would take too long for its arms to share the same conditions. */
export const mostArms = 32;

/** The combinations to measure. */
export interface ArmChoice {
  /** The level of each factor, in order; the first arm has all first levels. */
  readonly arms: readonly (readonly number[])[];
  /** null where all combinations are measured. */
  readonly fraction: {
    readonly resolution: number;
    /** Index of a generated factor, and of the factors that generate it. */
    readonly generators: readonly { readonly factor: number; readonly follows: readonly number[] }[];
  } | null;
}

/**
 * All combinations of the levels where there are at most {@link armsWanted}. Otherwise a fraction of the factors with
 * two levels is taken, as large as possible and with at least resolution III, and crossed with all levels of the other
 * factors. Null where even that takes more than {@link mostArms}.
 */
export function chooseArms(levelCounts: readonly number[]): ArmChoice | null {
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

function fractionOf(
  { generators, resolution }: TwoLevelDesign,
  two: readonly number[],
): ArmChoice['fraction'] {
  if (resolution === null) return null;
  const first = two.length - generators.length;
  const place = (factor: number) => two[factor] ?? 0;
  return {
    resolution,
    generators: generators.map((own, at) => ({ factor: place(first + at), follows: own.map(place) })),
  };
}

/** Every combination of these numbers of levels, the first factor changing fastest. */
function combinations(levelCounts: readonly number[]): readonly (readonly number[])[] {
  return levelCounts.reduce<readonly (readonly number[])[]>(
    (found, count) =>
      Array.from({ length: count }, (_, level) => found.map((levels) => [...levels, level])).flat(),
    [[]],
  );
}
