import { setTimeout as sleep } from 'node:timers/promises';
import { pidsBelow } from '../../core/collect/cgroup/files.ts';
import type { CgroupLayout } from '../../core/collect/cgroup/layout.ts';
import { everyCgroupDir } from '../../core/collect/cgroup/make.ts';
import { runCgroup } from '../../core/collect/cgroup/names.ts';

/** Pause between two looks, ms. */
const lookMs = 20;

function processesOf(layout: CgroupLayout, runId: string): ReadonlySet<number> {
  const dirs = (['cgroupfs', 'systemd'] as const).flatMap((driver) =>
    everyCgroupDir(layout, runCgroup(driver, runId)),
  );
  return new Set(dirs.flatMap(pidsBelow));
}

/** Kills processes; one that has ended by itself is none to kill. */
function killAll(pids: Iterable<number>): void {
  for (const pid of pids)
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
}

/**
 * Kills every process in the cgroups of a run whose own process has certainly ended, and what these started meanwhile, for at
 * most `limitMs`. Only root can put a process there. RangeError for an id that leads out of ocibench's cgroups.
 */
export async function endProcessesOf(layout: CgroupLayout, runId: string, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  for (let left = processesOf(layout, runId); left.size > 0; left = processesOf(layout, runId)) {
    killAll(left);
    if (performance.now() > deadline) break;
    await sleep(lookMs);
  }
}
