import type { Measurement } from '../model/metric.ts';
import type { Workload } from '../model/workload.ts';

/** The id of a workload's headline metric in one run; undefined for a workload that no longer exists. */
export type HeadlineOf = (workload: string) => string | undefined;

/**
 * Find the headline of each workload: its first metric. A run of an older version may have few or no values of that
 * metric, but values of the former headline. The former headline then stays, so that old runs are reported under the
 * name of what was measured.
 */
export function headlineFinder(
  workloads: readonly Workload[],
  measurements: Iterable<Measurement>,
): HeadlineOf {
  const headlines = new Map(workloads.map(({ id, metrics }) => [id, metrics[0]?.id]));
  const former = new Map(
    workloads.flatMap(({ id, formerHeadline }) =>
      formerHeadline === undefined ? [] : [[id, formerHeadline] as const],
    ),
  );
  const [present, before] = [new Map<string, number>(), new Map<string, number>()];
  const count = (counts: Map<string, number>, id: string) => counts.set(id, (counts.get(id) ?? 0) + 1);
  for (const { metric, cell } of measurements) {
    if (metric === null || !former.has(cell.workload)) continue;
    if (metric === headlines.get(cell.workload)) count(present, cell.workload);
    if (metric === former.get(cell.workload)) count(before, cell.workload);
  }
  return (workload) =>
    2 * (present.get(workload) ?? 0) < (before.get(workload) ?? 0)
      ? former.get(workload)
      : headlines.get(workload);
}
