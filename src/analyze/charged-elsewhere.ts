import type { ProcessUsage, TrialRecord } from '../model/trial.ts';

type Placed = Pick<TrialRecord, 'cgroup' | 'engineCpu' | 'processes'>;

function isBelow(cgroup: string, path: string): boolean {
  return cgroup === path || cgroup.startsWith(`${path}/`);
}

/**
 * The processes of a trial whose CPU time is in none of the cgroups that were counted: neither the trial's own
 * (`cpu.usage`) nor those of `engine.cpu`. Kata's Go runtime makes such a place when it is to split a sandbox under
 * the systemd driver: a cgroup named `<slice>:docker:<id>` at the root of the hierarchy. Empty where the cgroups of
 * `engine.cpu` are not known, and where no process was looked at.
 */
export function chargedElsewhere(trial: Placed): readonly ProcessUsage[] {
  const { cgroup, engineCpu, processes } = trial;
  if ('absent' in engineCpu || engineCpu.cgroups === undefined) return [];
  const counted = [...engineCpu.cgroups, ...(cgroup === null ? [] : [`/${cgroup.path}`])];
  return processes.filter(({ inCgroup, cpuCgroup }) => {
    if (inCgroup || cpuCgroup === undefined) return false;
    return cpuCgroup === null || !counted.some((path) => isBelow(cpuCgroup, path));
  });
}

/**
 * Did the trial's cgroup count nothing at all? Then no process of the container was ever in it, and its zeros say
 * nothing of what the container costs: so with Kata 1's containerd-shim-kata-v2, which leaves its cgroup empty.
 */
export function countedNothing(cgroup: TrialRecord['cgroup']): boolean {
  // Docker's own statistics of a container that has ended are zeros for another reason.
  if (cgroup?.source === 'docker-stats') return false;
  const figures = Object.values(cgroup?.figures ?? {}).filter((figure) => 'value' in figure);
  return figures.length > 0 && figures.every((figure) => figure.value === 0);
}
