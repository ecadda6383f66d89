import type { Params } from '../../core/model/trial/cell.ts';
import type { Workload } from '../../core/model/workload/workload.ts';

/** The feature of a whole engine, missing at layers below it, that a workload needs; null where it needs none. */
export function engineNeed({
  workload,
  params,
}: {
  readonly workload: Workload;
  readonly params: Params;
}): 'bridge' | 'volume' | 'log' | 'pull' | null {
  const { network, mounts = [], log } = workload.container(params);
  if (network !== undefined || workload.peer?.(params) !== undefined) return 'bridge';
  if (mounts.some(({ type }) => type === 'volume')) return 'volume';
  if (log !== undefined) return 'log';
  return typeof workload.image === 'object' && 'reference' in workload.image ? 'pull' : null;
}
