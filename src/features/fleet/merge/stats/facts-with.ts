import { fisherTail } from '../../../../core/analyze/stats/distributions.ts';
import { shuffle } from '../../../../core/measure/schedule/block.ts';
import { seededRandom } from '../../../../core/model/prng.ts';

/** With fewer hosts no fact is held against their differences: a handful of machines differs in everything. */
export const leastForFacts = 8;
/** With fewer hosts that share a value, it is the hosts' doing as well as the value's. */
export const leastOfValue = 3;
/** Permutations: the smallest p is one in as many and one. */
const permutations = 1999;

/** One way to part the hosts: the number of its value for each, −1 where it is not known. */
export type Parting = readonly number[];
/** One value for each host; null where it has none. */
export type HostValues = readonly (number | null)[];

/** How much of the hosts' differences goes with a parting. */
export interface Association {
  readonly parting: number;
  readonly values: number;
  /** Share of the variance between the hosts that lies between the parts, 0 to 1. */
  readonly share: number;
  /** Corrected over all partings and values: the chance that any of them would be as clear if no fact mattered. */
  readonly pAdjusted: number;
}

/**
 * Which partings of the hosts go with their values: an F test of each with each, corrected together by the smallest p of
 * permuted hosts (P. Westfall & S. Young, Resampling-Based Multiple Testing (1993), §2.5), which knows that facts and values go
 * with each other. Values that fewer than {@link leastOfValue} hosts have take no part. Empty below {@link leastForFacts} hosts.
 */
export function associations(
  partings: readonly Parting[],
  values: readonly HostValues[],
  seed: number,
): readonly Association[] {
  const hosts = partings[0]?.length ?? 0;
  if (hosts < leastForFacts) return [];
  const usable = partings.map(withoutRare);
  const found = usable.flatMap((parting, at) =>
    values.flatMap((own, of) => {
      const fit = fitOf(parting, own, null);
      return fit === null ? [] : [{ parting: at, values: of, share: fit.share, p: fit.p }];
    }),
  );
  const random = seededRandom(`fleet facts ${seed}`);
  const places = Array.from({ length: hosts }, (_, i) => i);
  const asSmall = found.map(() => 0);
  for (let round = 0; round < permutations; round++) {
    const order = shuffle(places, random);
    let least = 1;
    for (const { parting, values: of } of found) {
      const fit = fitOf(usable[parting] ?? [], values[of] ?? [], order);
      if (fit !== null && fit.p < least) least = fit.p;
    }
    // Rounding makes equal partings differ in the last bits.
    for (const [at, { p }] of found.entries())
      if (least <= p * (1 + 1e-9)) asSmall[at] = (asSmall[at] ?? 0) + 1;
  }
  return found.map(({ parting, values: of, share }, at) => ({
    ...{ parting, values: of, share },
    pAdjusted: ((asSmall[at] ?? 0) + 1) / (permutations + 1),
  }));
}

function withoutRare(parting: Parting): Parting {
  const sizes = new Map<number, number>();
  for (const value of parting) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  return parting.map((value) => ((sizes.get(value) ?? 0) < leastOfValue ? -1 : value));
}

/** Analysis of variance of the values by the parting, its hosts in another order where one is given. */
function fitOf(parting: Parting, values: HostValues, order: readonly number[] | null) {
  const [sums, counts]: [number[], number[]] = [[], []];
  let [n, sum, squares] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const group = parting[order === null ? i : (order[i] ?? i)] ?? -1;
    if (value === null || value === undefined || group < 0) continue;
    sums[group] = (sums[group] ?? 0) + value;
    counts[group] = (counts[group] ?? 0) + 1;
    n++;
    sum += value;
    squares += value * value;
  }
  let [groups, explained] = [0, 0];
  for (let group = 0; group < sums.length; group++) {
    const size = counts[group] ?? 0;
    if (size === 0) continue;
    groups++;
    explained += (sums[group] ?? 0) ** 2 / size;
  }
  if (groups < 2 || n - groups < 2) return null;
  const total = squares - (sum * sum) / n;
  const between = Math.max(0, explained - (sum * sum) / n);
  if (!(total > 0)) return null;
  const within = Math.max(total - between, total * 1e-12);
  const f = between / (groups - 1) / (within / (n - groups));
  return { share: Math.min(1, between / total), p: fisherTail(f, groups - 1, n - groups) };
}
