import { defaultLayer } from '../../../../core/model/cell.ts';
import type { RunRecord } from '../../../../core/model/run.ts';
import type { RunNeed } from '../../overhead/choose-runs.ts';
import { missingOf, overheadParts, partWorkloads } from '../../overhead/parts.ts';
import { neededWorkloads } from '../../predict/costs.ts';
import { leastApplications } from '../../predict/predict.ts';

/** The parts of the overhead, each from one run. */
export const overheadNeeds: readonly RunNeed[] = overheadParts.map((part) => ({
  id: part,
  has: (run) => missingOf(part, run).length === 0,
}));

const measuredWorkloads = ({ subjects }: Pick<RunRecord, 'subjects'>) =>
  new Set(subjects.map(({ workload }) => workload));

/** What a prediction needs: what calls cost, and applications with recordings to learn from, in one run. */
export const predictionNeed: RunNeed = {
  id: 'calls',
  takesRecordings: true,
  has(run) {
    const measured = measuredWorkloads(run);
    const applications = [...measured].filter((workload) => workload.startsWith('app/'));
    return neededWorkloads.every((each) => measured.has(each)) && applications.length >= leastApplications;
  },
};

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
    has(run) {
      const measured = measuredWorkloads(run);
      return ids.every((id) => measured.has(id));
    },
  };
}
