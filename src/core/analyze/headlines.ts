import type { Workload } from '../model/workload.ts';

/** The id of a workload's headline metric in one run; undefined for a workload that no longer exists. */
export type HeadlineOf = (workload: string) => string | undefined;

/** Find the headline of each workload: its first metric. */
export function headlineFinder(workloads: readonly Workload[]): HeadlineOf {
  const headlines = new Map(workloads.map(({ id, metrics }) => [id, metrics[0]?.id]));
  return (workload) => headlines.get(workload);
}
