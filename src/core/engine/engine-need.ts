import type { Params } from '../model/cell.ts';
import type { Workload } from '../model/workload.ts';

/** What a workload needs that a whole engine gives, and a layer below it does not; null where it needs none of it. */
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
