import type { ParsedValue } from '../model/metric.ts';
import type { TrialRecord } from '../model/trial.ts';
import { findRole } from '../runtimes/registry.ts';
import { harnessValue } from './harness-value.ts';
import { resourceFigures } from './resource-figures.ts';

/** What a parser calls the amount of work that its tool did. */
const workUnits = 'work.units';

/**
 * CPU time per unit of work, ns: what wall time hides where a runtime works on another core. Out of the stamped window
 * where there is one, so that the container's start is not in it; else of the whole trial, start and removal included.
 * Nothing where the parser counts no work, or where the CPU of a part is not known.
 */
export function workCost(
  trial: Pick<TrialRecord, 'window' | 'cgroup' | 'engineCpu' | 'processes'>,
  values: readonly ParsedValue[],
): ParsedValue[] {
  const units = values.find(({ metric }) => metric === workUnits)?.value;
  if (units === undefined || !(units > 0)) return [];
  const cpuNs = trial.window === null ? totalOf(trial) : windowOf(trial.window, trial.processes);
  const cost = cpuNs === null ? null : harnessValue('work.cpu', cpuNs / units);
  return cost === null ? [] : [cost];
}

/**
 * In a window that the harness drew around a client, the engine's CPU is mostly what starting that client costs (some 40 ms
 * under every runtime), which is nobody's work. It counts where something works for the container outside its cgroup, as a
 * VMM does: to leave it out there would leave out the work. Null where no process was seen, so that neither is known.
 */
function windowOf(
  { cpuNs, engineCpuNs, source }: NonNullable<TrialRecord['window']>,
  processes: TrialRecord['processes'],
): number | null {
  if (cpuNs === null) return null;
  if (source === 'steps') {
    if (processes.length === 0) return null;
    if (!processes.some(({ role, inCgroup }) => !inCgroup && findRole(role)?.doesWork)) return cpuNs;
  }
  return engineCpuNs === null ? null : cpuNs + engineCpuNs;
}

function totalOf(trial: Parameters<typeof resourceFigures>[0]): number | null {
  return resourceFigures(trial, false).find(({ metric }) => metric === 'total.cpu')?.value ?? null;
}
