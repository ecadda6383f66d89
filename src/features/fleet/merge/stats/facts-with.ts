import { fisherTail } from '../../../../core/analyze/stats/distributions.ts';
import { shuffle } from '../../../../core/measure/schedule/block.ts';
import { seededRandom } from '../../../../core/model/prng.ts';

/** Minimum number of hosts for associations: a few machines differ in everything. */
export const leastForFacts = 8;
/** Minimum number of hosts per value: with fewer, effects of the value and of the hosts cannot be separated. */
export const leastOfValue = 3;
/** Number of permutations n: smallest p = 1/(n+1). */
const permutations = 1999;

/** A grouping of the hosts: the index of the value for each host, −1 if unknown. */
export type Grouping = readonly number[];
/** One value per host; null if it has none. */
export type HostValues = readonly (number | null)[];

/** Association of a grouping with the hosts' values. */
export interface Association {
  readonly parting: number;
  readonly values: number;
  /** Share of the variance between hosts that the grouping explains, 0 to 1. */
  readonly share: number;
  /** p corrected over all groupings and values: chance that any of them would be as extreme if no fact mattered. */
  readonly pAdjusted: number;
}

/**
 * Tests every grouping of the hosts against every kind of value by F tests, corrected together by the smallest p over permuted
 * hosts (P. Westfall & S. Young, Resampling-Based Multiple Testing (1993), §2.5), which accounts for their dependence. Fact
 * values of fewer than {@link leastOfValue} hosts are ignored. Empty below {@link leastForFacts} hosts.
 */
export function associations(
  partings: readonly Grouping[],
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
    // Tolerance: rounding makes equal groupings differ in the last bits.
    for (const [at, { p }] of found.entries())
      if (least <= p * (1 + 1e-9)) asSmall[at] = (asSmall[at] ?? 0) + 1;
  }
  return found.map(({ parting, values: of, share }, at) => ({
    parting,
    values: of,
    share,
    pAdjusted: ((asSmall[at] ?? 0) + 1) / (permutations + 1),
  }));
}

function withoutRare(parting: Grouping): Grouping {
  const sizes = new Map<number, number>();
  for (const value of parting) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  return parting.map((value) => ((sizes.get(value) ?? 0) < leastOfValue ? -1 : value));
}

/** Analysis of variance of the values by the grouping; `order`: a permutation of the hosts, or null. */
function fitOf(parting: Grouping, values: HostValues, order: readonly number[] | null) {
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
