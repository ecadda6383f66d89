import type { RunRecord, RunSubject } from '../../../../core/model/run/run.ts';
import { defaultLayer } from '../../../../core/model/trial/cell.ts';
import type { TrialRecord } from '../../../../core/model/trial/trial.ts';
import type { Workload } from '../../../../core/model/workload/workload.ts';
import { leastBlocks } from '../../overhead/overhead.ts';
import { measuredRun, overheadWorkloads, trialsOf } from '../../overhead/parts.ts';

/** Blocks for an interval of the overhead. */
const neededBlocks = leastBlocks(0.95);

/** A workload with fewer blocks than it needs under a runtime. */
interface LackingWork extends Pick<RunSubject, 'workload' | 'params'> {
  readonly runtime: string;
  readonly blocks: number;
}

/** What a run lacks of what the overhead and plans need. */
export interface CapacityLacks {
  readonly works: readonly LackingWork[];
  /** Blocks that each needs. */
  readonly neededBlocks: number;
  /** Workloads that it was not to measure. */
  readonly absent: readonly string[];
  /** Runtimes that were asked for and could not run. */
  readonly runtimes: readonly string[];
}

/** What is missing for intervals of the overhead. */
export function findLacks(
  run: RunRecord,
  trials: readonly TrialRecord[],
  workloads: readonly Workload[],
): CapacityLacks {
  const measured = measuredRun(run, trials, workloads);
  const able = run.runtimes.filter(({ preflight }) => preflight.status === 'available');
  const subjects = run.subjects.filter(
    ({ workload, layer = defaultLayer }) => layer === defaultLayer && overheadWorkloads.includes(workload),
  );
  const works = subjects.flatMap(({ workload, params, unsupported }) =>
    able.flatMap(({ entry: { name: runtime } }): readonly LackingWork[] => {
      const own = trialsOf(measured, runtime, workload).filter(({ cell }) => cell.params === params);
      const blocks = new Set(own.map(({ block }) => block)).size;
      const isEnough = blocks >= neededBlocks || Object.hasOwn(unsupported, runtime);
      return isEnough ? [] : [{ workload, params, runtime, blocks }];
    }),
  );
  return {
    works,
    neededBlocks,
    absent: overheadWorkloads.filter((id) => !subjects.some(({ workload }) => workload === id)),
    runtimes: run.runtimes
      .filter(({ requested, preflight }) => requested && preflight.status !== 'available')
      .map(({ entry }) => entry.name),
  };
}
