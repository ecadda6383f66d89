import type { ProcessUsage, TrialRecord } from '../model/trial.ts';

type Placed = Pick<TrialRecord, 'cgroup' | 'engineCpu' | 'processes'>;

function isBelow(cgroup: string, path: string): boolean {
  return cgroup === path || cgroup.startsWith(`${path}/`);
}

/**
 * Find the processes of a trial whose CPU time is in none of the counted cgroups: neither the trial's own (`cpu.usage`)
 * nor those of `engine.cpu`. Kata's Go runtime creates such a cgroup when it splits a sandbox under the systemd driver:
 * `<slice>:docker:<id>` at the root of the hierarchy. Empty where the cgroups of `engine.cpu` are unknown, or no
 * process was observed.
 */
export function unaccountedProcesses(trial: Placed): readonly ProcessUsage[] {
  const { cgroup, engineCpu, processes } = trial;
  if ('absent' in engineCpu || engineCpu.cgroups === undefined) return [];
  const counted = [...engineCpu.cgroups, ...(cgroup === null ? [] : [`/${cgroup.path}`])];
  return processes.filter(({ inCgroup, cpuCgroup }) => {
    if (inCgroup || cpuCgroup === undefined) return false;
    return cpuCgroup === null || !counted.some((path) => isBelow(cpuCgroup, path));
  });
}

/**
 * True if the trial's cgroup counted nothing. No process of the container was then ever in it, and its zeros do not
 * describe the container's cost. Kata 1's containerd-shim-kata-v2 leaves its cgroup empty like this. A task that ran
 * there has CPU time and was a pid. Memory proves no task: the kernel charges the structures of a cgroup to its parent,
 * in a batch of 64 pages (mm/memcontrol.c, MEMCG_CHARGE_BATCH).
 */
export function isEmptyCgroup(cgroup: TrialRecord['cgroup']): boolean {
  // Docker's own statistics of an ended container are zeros for another reason.
  if (cgroup === null || cgroup.source === 'docker-stats') return false;
  const known = (id: string) => {
    const figure = cgroup.figures[id];
    return figure !== undefined && 'value' in figure ? [figure.value] : [];
  };
  const proofs = [...known('cpu.usage'), ...known('pids.peak')];
  const all = Object.keys(cgroup.figures).flatMap(known);
  const counters = proofs.length > 0 ? proofs : all;
  return counters.length > 0 && counters.every((value) => value === 0);
}
