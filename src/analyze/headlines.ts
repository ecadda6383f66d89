import type { Measurement } from '../model/metric.ts';
import type { Workload } from '../model/workload.ts';

/** The id of the metric that a workload is about in one run; undefined for a workload that no longer exists. */
export type HeadlineOf = (workload: string) => string | undefined;

/**
 * The headline of each workload: its first metric; in a run that has no value of it, but of the one that was the headline
 * when the run was made, that one. So what older versions wrote is reported under the name of what was measured.
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
  const [withPresent, withFormer] = [new Set<string>(), new Set<string>()];
  for (const { metric, cell } of measurements) {
    if (metric === null || !former.has(cell.workload)) continue;
    if (metric === headlines.get(cell.workload)) withPresent.add(cell.workload);
    if (metric === former.get(cell.workload)) withFormer.add(cell.workload);
  }
  return (workload) =>
    withFormer.has(workload) && !withPresent.has(workload) ? former.get(workload) : headlines.get(workload);
}
