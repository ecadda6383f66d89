import { setTimeout as sleep } from 'node:timers/promises';
import type { TrialRecord } from '../model/trial.ts';
import { readCmdline, readProcessFile, readStat } from './process-read.ts';
import { isHelper, namesContainer } from './process-role.ts';
import { type FoundProcess, findProcesses } from './process-scan.ts';

type Leaked = TrialRecord['leaked'][number];

export interface LeakOptions {
  /** Full id, 64 hex digits. Its container must have been removed. */
  readonly containerId: string;
  /** Host ids of the processes still in the trial's cgroup. */
  readonly cgroupPids?: readonly number[];
  /** How long helpers may take to end by themselves after the removal, ms. */
  readonly graceMs?: number;
  /** How long to wait for the killed to be gone, ms. */
  readonly waitMs?: number;
  readonly procRoot?: string;
}

/** Is the id in the process's own command line, or in the name of a cgroup it is in? */
function carries(process: FoundProcess, containerId: string, procRoot: string): boolean {
  if (isHelper(process.role) && namesContainer(process.argv, containerId)) return true;
  return (readProcessFile(procRoot, process.stat.pid, 'cgroup') ?? '').includes(containerId);
}

/** Sends SIGKILL if the id still belongs to the process that was found, not to one that came after it. */
function kill(found: FoundProcess, procRoot: string): void {
  const now = readStat(procRoot, found.stat.pid);
  if (now === null || now.startTicks !== found.stat.startTicks) return;
  if (readCmdline(procRoot, found.stat.pid).join('\0') !== found.argv.join('\0')) return;
  try {
    process.kill(found.stat.pid, 'SIGKILL');
  } catch {
    // ESRCH: it ended by itself.
  }
}

/**
 * Ends what a runtime left behind after its container was removed: shims, sandboxes, VMMs and the like whose
 * command line or cgroup carries the container's id. Nothing else is ever touched. Each may take `graceMs`
 * from when it is first seen to end by itself: shims do, and so does the engine's own clean-up, which starts
 * once a shim was killed. The rest is killed by process id after its start time was checked, and returned.
 * Gives up `waitMs` after the first grace. Throws RangeError where the id is not a full container id.
 */
export async function endLeaked(options: LeakOptions): Promise<readonly Leaked[]> {
  const { containerId, cgroupPids = [], graceMs = 500, waitMs = 2_000, procRoot = '/proc' } = options;
  if (!/^[0-9a-f]{64}$/.test(containerId))
    throw new RangeError(`not a container id: ${JSON.stringify(containerId)}`);
  const firstSeen = new Map<string, number>();
  const leaked = new Map<string, Leaked>();
  const started = performance.now();
  for (;;) {
    const now = performance.now();
    const left = findProcesses({ procRoot, containerId, cgroupPids }).filter((found) =>
      carries(found, containerId, procRoot),
    );
    if (left.length === 0 || now - started > graceMs + waitMs) return [...leaked.values()];
    for (const found of left) {
      const { pid, comm, startTicks } = found.stat;
      const key = `${pid} ${startTicks}`;
      const seen = firstSeen.get(key) ?? now;
      firstSeen.set(key, seen);
      if (now - seen < graceMs) continue;
      leaked.set(key, { pid, comm, role: found.role });
      kill(found, procRoot);
    }
    await sleep(10);
  }
}
