import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
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

function processesOf(layout: CgroupLayout, runId: string): ReadonlySet<number> {
  const dirs = (['cgroupfs', 'systemd'] as const).flatMap((driver) =>
    everyCgroupDir(layout, runCgroup(driver, runId)),
  );
  return new Set(dirs.flatMap(pidsBelow));
}

/** True if any process runs in the cgroups of a run. `runId` has the form of {@link staleRuns}. */
export function hasProcesses(layout: CgroupLayout, runId: string): boolean {
  return processesOf(layout, runId).size > 0;
}

/** Pause between two looks, ms. */
const lookMs = 20;

/**
 * Kills every process in the cgroups of a run, and what these started meanwhile, for at most `limitMs`. Only root can put a
 * process there; the caller has made sure that the run has ended. `runId` has the form of {@link staleRuns}.
 */
export async function killProcesses(layout: CgroupLayout, runId: string, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  for (let left = processesOf(layout, runId); left.size > 0; left = processesOf(layout, runId)) {
    for (const pid of left)
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    if (performance.now() > deadline) return;
    await sleep(lookMs);
  }
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
