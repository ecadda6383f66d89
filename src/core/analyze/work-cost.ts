import type { ParsedValue } from '../model/metric.ts';
import type { TrialRecord } from '../model/trial.ts';
import { findRole } from '../runtimes/registry.ts';
import { harnessValue } from './harness-value.ts';
import { resourceFigures } from './resource-figures.ts';

/** The parser's id for the amount of work that its tool did. */
const workUnits = 'work.units';

/**
 * CPU time per unit of work, ns. It shows cost that wall time hides where a runtime works on another core. It is taken
 * from the stamped window if there is one, so that the container's start is excluded; else from the whole trial,
 * including start and removal. Empty where the parser counts no work, or the CPU of a part is unknown.
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
 * Choose the CPU times of a window. In a window that the harness drew around a client, the engine's CPU is mostly the
 * cost of starting that client (about 40 ms under every runtime). That cost is not the workload's. The engine's CPU
 * counts where a process outside the container's cgroup works for it, such as a VMM: leaving it out would omit work.
 * Null where no process was observed, so that neither case is known.
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
