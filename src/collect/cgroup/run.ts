import { existsSync } from 'node:fs';
import { pidsBelow, removeCgroups } from './files.ts';
import type { CgroupLayout } from './layout.ts';
import { childCgroups, everyCgroupDir } from './make.ts';
import { runCgroup, runSlice, topCgroup } from './names.ts';
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

/** True if any process runs in the cgroups of a run. `runId` has the form of {@link staleRuns}. */
export function hasProcesses(layout: CgroupLayout, runId: string): boolean {
  return (['cgroupfs', 'systemd'] as const).some((driver) =>
    everyCgroupDir(layout, runCgroup(driver, runId)).some((dir) => pidsBelow(dir).length > 0),
  );
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
  if (childCgroups(layout, topCgroup).length === 0)
    problems.push(...(await removeCgroups(everyCgroupDir(layout, topCgroup), 0)));
  problems.push(...(await removeTopSlice(layout)));
  return problems;
}

/** Stop the slice above a run's; systemd keeps it until it is stopped. A slice that still contains runs stays. */
async function removeTopSlice(layout: CgroupLayout): Promise<readonly string[]> {
  const slice = `${topCgroup}.slice`;
  const present = everyCgroupDir(layout, slice).some((dir) => existsSync(dir));
  if (!present || childCgroups(layout, slice).length > 0) return [];
  const problems = await stopSlice(slice);
  return [...problems, ...(await removeCgroups(everyCgroupDir(layout, slice)))];
}
