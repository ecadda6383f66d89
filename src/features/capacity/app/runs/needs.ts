import { defaultLayer } from '../../../../core/model/cell.ts';
import type { RunNeed } from '../../overhead/choose-runs.ts';
import { missingOf, overheadParts, partWorkloads } from '../../overhead/parts.ts';

/** The parts of the overhead, each from one run. */
export const overheadNeeds: readonly RunNeed[] = overheadParts.map((part) => ({
  id: part,
  has: (run) => missingOf(part, run).length === 0,
}));

/** Idle sandboxes side by side, as `density/idle` measures them. */
export const crowdNeed: RunNeed = {
  id: 'crowd',
  isExtra: true,
  has: ({ subjects }) =>
    subjects.some(
      ({ workload, layer = defaultLayer, profile = 'default', engine }) =>
        workload === partWorkloads.knee &&
        layer === defaultLayer &&
        profile === 'default' &&
        engine === undefined,
    ),
};

/** These workloads, in one run. */
export function workloadsNeed(ids: readonly string[]): RunNeed {
  return {
    id: 'workloads',
    has: ({ subjects }) => ids.every((id) => subjects.some(({ workload }) => workload === id)),
  };
}
