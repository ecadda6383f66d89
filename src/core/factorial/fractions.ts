/**
 * Generators of two-level fractional factorial designs of the highest resolution: factors → runs → what each further
 * factor is the product of. A is the first factor. Montgomery, Design and Analysis of Experiments, 8th ed., table 8.14;
 * Box, Hunter & Hunter, Statistics for Experimenters, 2nd ed., table 6.22.
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
export interface TwoLevel {
  readonly runs: number;
  /** Of each factor after the first log2(runs): places of the factors whose product it is. */
  readonly generators: readonly (readonly number[])[];
  /** null: all combinations, where nothing is confounded. */
  readonly resolution: number | null;
}

/** What there is for so many two-level factors, all combinations first, then fewer and fewer. */
export function twoLevelDesigns(factors: number): readonly TwoLevel[] {
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
 * The levels (0 or 1) of each run, in standard order, the first factor changing fastest. A generated factor has its second
 * level where an odd number of those that it follows have theirs, so that the run with all first levels is one of them.
 */
export function twoLevelRuns({ runs, generators }: TwoLevel): readonly (readonly number[])[] {
  const free = Math.log2(runs);
  return Array.from({ length: runs }, (_, run) => {
    const levels = Array.from({ length: free }, (_, factor) => (run >> factor) & 1);
    const generated = generators.map((own) => own.reduce((odd, factor) => odd ^ (levels[factor] ?? 0), 0));
    return [...levels, ...generated];
  });
}
