import { studentTwoSided } from '../../../core/analyze/stats/student-t.ts';
import type { Fleet, FleetOutlier } from './fleet-record.ts';
import type { RunCategory } from './fleet-run.ts';
import type { HostFactValues } from './host-facts.ts';
import type { Question } from './questions.ts';
import { extremeHosts, leastForOutliers } from './stats/extreme-hosts.ts';

/**
 * Hosts that are far from the others in a category: by the generalised ESD test at alpha over all categories, farther than the
 * practical band, and farther than the noise of the host's own run explains. With what differs about them.
 */
export function outliersOf(
  questions: readonly Pick<Question<RunCategory>, 'votes'>[],
  facts: readonly HostFactValues[],
  { alpha, practical }: Fleet['thresholds'],
): readonly FleetOutlier[] {
  const asked = questions.filter(({ votes }) => votes.length >= leastForOutliers).length;
  return questions.flatMap(({ votes }, category) => {
    const found = new Set(
      extremeHosts(
        votes.map(({ mean }) => mean),
        alpha / Math.max(1, asked),
      ),
    );
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

/** Facts whose value is not that of most others. */
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
    // Without a usual value everybody differs.
    if (usual === value || hosts * 2 <= others.length) return [];
    return [{ fact, value, others: usual, alone: !counts.has(value) }];
  });
}
