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
 * nothing of what the container costs: so with Kata 1's containerd-shim-kata-v2, which leaves its cgroup empty. A task that
 * ran there has CPU time and was a pid; memory is no proof of one, since the kernel charges the structures of a cgroup to its
 * parent, in a batch of 64 pages (mm/memcontrol.c, MEMCG_CHARGE_BATCH).
 */
export function countedNothing(cgroup: TrialRecord['cgroup']): boolean {
  // Docker's own statistics of a container that has ended are zeros for another reason.
  if (cgroup === null || cgroup.source === 'docker-stats') return false;
  const known = (id: string) => {
    const figure = cgroup.figures[id];
    return figure !== undefined && 'value' in figure ? [figure.value] : [];
  };
  const proofs = [...known('cpu.usage'), ...known('pids.peak')];
  const all = Object.keys(cgroup.figures).flatMap(known);
  const telling = proofs.length > 0 ? proofs : all;
  return telling.length > 0 && telling.every((value) => value === 0);
}
