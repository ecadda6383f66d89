import { readdirSync } from 'node:fs';
import type { CgroupLayout } from './cgroup/layout.ts';
import { isOverheadCgroup, readCpu } from './engine-cgroup.ts';
import { cpuCgroupOf, type ProcessStat, readProcessFile, userProcesses } from './process/read.ts';

/** CPU time that work other than the trial has used so far, ns, by a permanent name of each part. */
export type OtherLoad = ReadonlyMap<string, number>;

/** First component of a cgroup's path: `/docker/abc` is in `docker`, `/` in none. */
function topOf(cgroup: string): string {
  return cgroup.split('/')[1] ?? '';
}

function topLevelCgroups(layout: CgroupLayout): readonly string[] {
  const mount = layout.kind === 'v2' ? layout.unified : layout.v1.cpuacct;
  if (mount === null || mount === undefined) return [];
  try {
    return readdirSync(mount, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

/** This process and its descendants. */
export function withDescendants(all: readonly ProcessStat[], pid: number): ReadonlySet<number> {
  const found = new Set([pid]);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const stat of all) if (found.has(stat.ppid)) found.add(stat.pid);
  }
  return found;
}

/**
 * Read the load of others where the engine's own is unknown, because it shares its cgroup. The result has the top-level cgroups
 * (foreign containers, services, sessions), without those of trials, of the engine and of this harness. It also has each
 * process in the cgroup of the engine or harness that belongs to neither. `daemons` are the engine's own. A lower bound: a
 * process in the engine's cgroup that begins and ends between two readings is missing, because it cannot be distinguished from
 * the engine's shims and runtimes.
 */
export function readOtherLoad(
  layout: CgroupLayout,
  daemons: readonly number[],
  procRoot = '/proc',
  harness = process.pid,
): OtherLoad {
  const load = new Map<string, number>();
  const cgroupOf = (pid: number) => cpuCgroupOf(readProcessFile(procRoot, pid, 'cgroup') ?? '') ?? '/';
  const all = userProcesses(procRoot);
  const own = new Set([...withDescendants(all, harness), ...daemons]);
  const apart = new Set([harness, ...daemons].map((pid) => topOf(cgroupOf(pid))));
  for (const name of topLevelCgroups(layout)) {
    if (apart.has(name) || name.startsWith('ocibench') || isOverheadCgroup(name)) continue;
    const used = readCpu(layout, name);
    if ('value' in used) load.set(`/${name}`, used.value);
  }
  for (const { pid, startTicks, cpuNs } of all) {
    const top = topOf(cgroupOf(pid));
    if (!own.has(pid) && (top === '' || apart.has(top))) load.set(`${pid}:${startTicks}`, cpuNs);
  }
  return load;
}

/** CPU time used by others between two readings, ns; new parts began at zero. */
export function otherLoadBetween(before: OtherLoad, after: OtherLoad): number {
  let sum = 0;
  for (const [name, used] of after) sum += Math.max(0, used - (before.get(name) ?? 0));
  return sum;
}
