import type { Group } from '../../model/workload/scenario.ts';
import { contributions } from '../../modules/default-exports.ts';
import type { GroupContext, GroupResult } from './group-context.ts';

/** The settings of a group that a feature runs. */
export type RunnerGroup = Extract<Group, { readonly kind: 'runner' }>;

/**
 * Runs the containers of a trial; features contribute runners in their `group-runners/`. It starts containers by `startCopy` and
 * removes them all. `whole` is aborted at the trial's end, however it ends; containers that are left then are removed by name.
 */
export interface GroupRunner {
  readonly name: string;
  /** Rejects like the steps of a single container. */
  run(group: RunnerGroup, context: GroupContext, whole: AbortSignal): Promise<GroupResult>;
}

/**
 * The runner of a name; its feature also contributes the workloads that ask for it. Runners are loaded when the first is needed:
 * they import the module that asks for them, and would wait for it for ever while it is loaded.
 */
export async function groupRunner(name: string): Promise<GroupRunner> {
  const runners = (await contributions('group-runners')) as readonly GroupRunner[];
  const found = runners.find((runner) => runner.name === name);
  if (found === undefined) throw new Error(`no group runner ${name}`);
  return found;
}
