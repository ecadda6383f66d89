import { studentQuantile, studentTwoSided } from '../../../core/analyze/stats/distributions.ts';
import type { Fleet, FleetOutlier } from './fleet-record.ts';
import type { RunCategory } from './fleet-run.ts';
import type { HostFactValues } from './host-facts.ts';
import type { Question } from './questions.ts';
import { robustCentre } from './stats/host-estimate.ts';

/** Minimum number of hosts for outliers. */
const leastForOutliers = 5;
/** Minimum number of hosts at which the test keeps its level for several outliers. */
const manyValues = 15;

/**
 * Indices of the outliers of a normal sample by the generalised ESD test (B. Rosner, Technometrics 25 (1983) 165) at level
 * `alpha`, at most a fifth of the values. Unlike a single test of the farthest value, it finds outliers that mask each other.
 * Below 15 values, tests only the farthest: with more tests, the level is not kept (simulated). Empty below {@link
 * leastForOutliers} values.
 */
export function extremeHosts(values: readonly number[], alpha: number): readonly number[] {
  const n = values.length;
  if (n < leastForOutliers) return [];
  const left = values.map((value, position) => ({ value, position }));
  const removed: number[] = [];
  let outliers = 0;
  const most = n < manyValues ? 1 : Math.floor(n / 5);
  let sum = values.reduce((all, value) => all + value, 0);
  for (let step = 1; step <= most; step++) {
    const size = left.length;
    const centre = sum / size;
    const squares = left.reduce((all, { value }) => all + (value - centre) ** 2, 0);
    const spread = Math.sqrt(squares / (size - 1));
    if (!(spread > 0)) break;
    let far = 0;
    for (let i = 1; i < size; i++)
      if (Math.abs((left[i]?.value ?? 0) - centre) > Math.abs((left[far]?.value ?? 0) - centre)) far = i;
    const farthest = left[far];
    if (farthest === undefined) break;
    const t = -studentQuantile(alpha / (2 * size), size - 2);
    const critical = ((size - 1) * t) / Math.sqrt((size - 2 + t * t) * size);
    removed.push(farthest.position);
    if (Math.abs(farthest.value - centre) / spread > critical) outliers = step;
    sum -= farthest.value;
    left.splice(far, 1);
  }
  return removed.slice(0, outliers);
}

/**
 * Of fewer than {@link manyValues} hosts the test looks at the farthest only, and two bad ones hide each other from it. At so many
 * times the distance at which a host has no weight, it is far off in any case: good ones are there in fewer than one fleet in a
 * hundred (simulated).
 */
const surelyFar = 2;

function surelyExtreme(votes: Question<RunCategory>['votes'], practical: number): readonly number[] {
  if (votes.length < leastForOutliers || votes.length >= manyValues) return [];
  const { estimate, cut } = robustCentre(votes, Math.log1p(practical));
  return votes.flatMap(({ mean }, at) => (Math.abs(mean - estimate) >= surelyFar * cut ? [at] : []));
}

/**
 * Hosts that are far from the others in a category, with their differing facts: outliers by the generalised ESD test (alpha
 * over all categories), or by {@link surelyFar}, beyond the practical band, and beyond the noise of the host's own run.
 */
export function outliersOf(
  questions: readonly Pick<Question<RunCategory>, 'votes'>[],
  facts: readonly HostFactValues[],
  { alpha, practical }: Fleet['thresholds'],
): readonly FleetOutlier[] {
  const asked = questions.filter(({ votes }) => votes.length >= leastForOutliers).length;
  return questions.flatMap(({ votes }, category) => {
    const means = votes.map(({ mean }) => mean);
    const found = new Set([
      ...extremeHosts(means, alpha / Math.max(1, asked)),
      ...surelyExtreme(votes, practical),
    ]);
    if (found.size === 0) return [];
    const rest = votes.filter((_, at) => !found.has(at));
    const others = rest.reduce((sum, { mean }) => sum + mean, 0) / rest.length;
    const hosts = rest.map(({ host }) => host);
    return [...found].flatMap((at): FleetOutlier[] => {
      const vote = votes[at];
      if (vote === undefined || Math.abs(vote.mean - others) <= Math.log1p(practical)) return [];
      if (!isClear(vote, others, alpha / votes.length)) return [];
      return [
        {
          host: vote.host,
          category,
          cost: Math.exp(vote.mean),
          others: Math.exp(others),
          differs: differencesOf(vote.host, hosts, facts),
        },
      ];
    });
  });
}

/** Is the host's own error too small to be the reason? */
function isClear(
  { mean, variance, df }: Question<RunCategory>['votes'][number],
  others: number,
  alpha: number,
): boolean {
  if (variance === null) return false;
  return variance === 0 || studentTwoSided(Math.abs(mean - others) / Math.sqrt(variance), df) < alpha;
}

/** Facts in which the host differs from most others. */
function differencesOf(
  host: number,
  others: readonly number[],
  facts: readonly HostFactValues[],
): FleetOutlier['differs'] {
  return Object.entries(facts[host] ?? {}).flatMap(([fact, value]) => {
    const counts = new Map<string, number>();
    for (const other of others) {
      const theirs = facts[other]?.[fact];
      if (theirs !== undefined) counts.set(theirs, (counts.get(theirs) ?? 0) + 1);
    }
    const [most] = [...counts].toSorted(([, a], [, b]) => b - a);
    if (most === undefined) return [];
    const [usual, hosts] = most;
    // Without a majority value, every host would differ.
    if (usual === value || hosts * 2 <= others.length) return [];
    return [{ fact, value, others: usual, alone: !counts.has(value) }];
  });
}
