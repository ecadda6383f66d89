import { existsSync, rmdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readCpu } from '../engine-cgroup.ts';
import { cgroupTree, errorCode, readText, removeCgroups } from './files.ts';
import type { CgroupLayout } from './layout.ts';
import { childCgroups, everyCgroupDir } from './make.ts';
import { isReserved, runCgroup, runSlice, topCgroup } from './names.ts';
import { stopSlice } from './trial.ts';

/**
 * Run ids with cgroups on this host: running, or leftovers of a killed run. The caller distinguishes the two (run
 * lock). For a run under systemd, the id has the form of its slice, `_` for `-`.
 */
export function staleRuns(layout: CgroupLayout): readonly string[] {
  const slice = new RegExp(`^${topCgroup}-([^-]+)\\.slice$`);
  const runs = new Set<string>(childCgroups(layout, topCgroup));
  for (const name of childCgroups(layout, `${topCgroup}.slice`)) {
    const run = slice.exec(name)?.[1];
    if (run !== undefined) runs.add(run);
  }
  return [...runs].toSorted();
}

/** A cgroup of a run at one moment: the run's own, or one directly below it. */
export interface CgroupObservation {
  /** Relative to the hierarchies' roots. */
  readonly path: string;
  /** `harness`: an engine, or its processes outside trials. */
  readonly kind: 'trial' | 'harness' | 'run';
  /** Is any process of any PID namespace in it or below it? */
  readonly isPopulated: boolean;
  /**
   * Latest time at which it may have been created, ms since the epoch. cgroupfs makes an inode at the first access to a
   * directory, and again after memory pressure, so its times are never earlier than the creation but may be much later.
   */
  readonly seenAtMs: number;
  /** Changes if the cgroup was recreated or any process ran in it. */
  readonly state: string;
}

/**
 * Inside a PID namespace v1 omits processes of other namespaces, and v2 lists them as 0. Therefore the kernel's counts are read
 * first; both include descendants.
 */
function isPopulated(dir: string): boolean {
  const events = readText(join(dir, 'cgroup.events'));
  if ('text' in events && /^populated 1$/m.test(events.text)) return true;
  const count = readText(join(dir, 'pids.current'));
  if ('text' in count && Number(count.text) > 0) return true;
  return cgroupTree(dir).some((each) => {
    const listed = readText(join(each, 'cgroup.procs'));
    return 'text' in listed && listed.text.trim() !== '';
  });
}

function lookAt(layout: CgroupLayout, path: string, kind: CgroupObservation['kind']): CgroupObservation {
  const tops = everyCgroupDir(layout, path).filter((dir) => existsSync(dir));
  const dirs = kind === 'run' ? tops : tops.flatMap(cgroupTree);
  const found = dirs.flatMap((dir) => statSync(dir, { throwIfNoEntry: false }) ?? []);
  const cpu = readCpu(layout, path);
  return {
    path,
    kind,
    isPopulated: tops.some(isPopulated),
    seenAtMs: Math.max(...found.map(({ mtimeMs }) => mtimeMs)),
    state: [...found.map(({ dev, ino }) => `${dev}:${ino}`), 'value' in cpu ? cpu.value : ''].join(' '),
  };
}

/** The cgroups of a run, its own last. `runId` has the form of {@link staleRuns}. */
export function lookAtRun(layout: CgroupLayout, runId: string): readonly CgroupObservation[] {
  return (['cgroupfs', 'systemd'] as const).flatMap((driver) => {
    const run = runCgroup(driver, runId);
    if (!everyCgroupDir(layout, run).some((dir) => existsSync(dir))) return [];
    const below = childCgroups(layout, run).map((name) =>
      lookAt(layout, `${run}/${name}`, isReserved(name) ? 'harness' : 'trial'),
    );
    return [...below, lookAt(layout, run, 'run')];
  });
}

/**
 * Removes an unused cgroup. false where it has a process after all, or where a run's own cgroup has a new child; then the rest
 * stays.
 */
export async function removeUnused(
  layout: CgroupLayout,
  { path, kind }: CgroupObservation,
): Promise<boolean> {
  if (kind === 'run' && childCgroups(layout, path).length > 0) return false;
  // Without systemd, as in a container, this does nothing.
  if (path.endsWith('.slice')) await stopSlice(basename(path));
  const dirs = everyCgroupDir(layout, path);
  for (const dir of kind === 'run' ? dirs : dirs.flatMap(cgroupTree)) {
    try {
      rmdirSync(dir);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') return false;
    }
  }
  if (kind === 'run') await removeTop(layout);
  return true;
}

/**
 * Remove all cgroups of a run, of either driver, and the harness's top cgroup when nothing else is in it. Processes in
 * them must have ended. Returns what is left.
 */
export async function removeRunCgroups(layout: CgroupLayout, runId: string): Promise<readonly string[]> {
  const problems: string[] = [];
  const slices = runCgroup('systemd', runId);
  if (childCgroups(layout, `${topCgroup}.slice`).includes(runSlice(runId)))
    problems.push(...(await stopSlice(runSlice(runId))));
  for (const path of [runCgroup('cgroupfs', runId), slices])
    problems.push(...(await removeCgroups(everyCgroupDir(layout, path))));
  return [...problems, ...(await removeTop(layout))];
}

/**
 * Remove the cgroup above all runs, and stop the slice, which systemd keeps until then. One that still contains runs
 * stays.
 */
async function removeTop(layout: CgroupLayout): Promise<readonly string[]> {
  const problems: string[] = [];
  if (childCgroups(layout, topCgroup).length === 0)
    problems.push(...(await removeCgroups(everyCgroupDir(layout, topCgroup), 0)));
  const slice = `${topCgroup}.slice`;
  const present = everyCgroupDir(layout, slice).some((dir) => existsSync(dir));
  if (!present || childCgroups(layout, slice).length > 0) return problems;
  problems.push(...(await stopSlice(slice)));
  return [...problems, ...(await removeCgroups(everyCgroupDir(layout, slice)))];
}
