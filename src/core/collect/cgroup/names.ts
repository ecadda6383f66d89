/** The cgroup above all cgroups of this harness. */
export const topCgroup = 'ocibench';

/** Form of the engine's cgroup names: paths, or systemd units. */
export type CgroupDriver = 'cgroupfs' | 'systemd';

/** Names below a run that are not trials: embedded engines, their processes outside trials, and engines of other layers. */
const reserved = /^(?:engine\d*|other|podman|containerd)$/;

/** Is this name, directly below a run's cgroup, reserved (not a trial)? */
export function isReserved(name: string): boolean {
  return reserved.test(name);
}

function checked(part: string, what: string): string {
  // cgroup.*, memory.* … are interface files; no directory can have such a name.
  if (
    !/^[A-Za-z0-9][A-Za-z0-9_:-]*(\.[A-Za-z0-9_:-]+)*$/.test(part) ||
    /^(cgroup|cpu|cpuacct|cpuset|memory|io|blkio|pids|hugetlb|rdma|misc)\./.test(part)
  )
    throw new RangeError(`${what} ${JSON.stringify(part)} cannot be the name of a cgroup`);
  return part;
}

/** In a slice's name a dash separates levels (systemd.slice(5)), so a part must not contain one. */
function slicePart(part: string): string {
  return part.replaceAll('-', '_');
}

/** A run's cgroup relative to a hierarchy's root: `ocibench/<run>`, or nested slices under systemd. */
export function runCgroup(driver: CgroupDriver, runId: string): string {
  const run = checked(runId, 'run id');
  if (driver === 'cgroupfs') return `${topCgroup}/${run}`;
  return `${topCgroup}.slice/${topCgroup}-${slicePart(run)}.slice`;
}

/** Name of a run's slice unit. */
export function runSlice(runId: string): string {
  return `${topCgroup}-${slicePart(checked(runId, 'run id'))}.slice`;
}

/**
 * A trial's parent cgroup: `parent` for `HostConfig.CgroupParent`, `path` relative to a hierarchy's root. Throws
 * RangeError where an id is not valid in a cgroup's name.
 */
export function trialCgroupNames(
  driver: CgroupDriver,
  runId: string,
  trialId: string,
): { readonly parent: string; readonly path: string } {
  const trial = checked(trialId, 'trial id');
  if (isReserved(trial)) throw new RangeError(`trial id ${trial} is a name of the harness's own`);
  const run = runCgroup(driver, runId);
  if (driver === 'cgroupfs') return { parent: `/${run}/${trial}`, path: `${run}/${trial}` };
  const slice = `${topCgroup}-${slicePart(runId)}-${slicePart(trial)}.slice`;
  return { parent: slice, path: `${run}/${slice}` };
}

/**
 * The cgroup of everything that a run's n-th embedded engine starts except trials; for the first engine, the run's own cgroup.
 */
export function engineTree(runId: string, number = 1): string {
  const run = runCgroup('cgroupfs', runId);
  return number === 1 ? run : `${run}/engine${number}`;
}

/** The cgroup of a run's n-th embedded engine itself, relative to a hierarchy's root. */
export function engineCgroupPath(runId: string, number = 1): string {
  return `${engineTree(runId, number)}/engine`;
}
