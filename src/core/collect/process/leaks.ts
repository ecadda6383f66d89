import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDaemon } from '../../model/trial/footprint.ts';
import type { TrialRecord } from '../../model/trial/trial.ts';
import { isEngineProcess, isInCgroups } from '../engine-daemons.ts';
import { isHelper, mentionsContainer, namesContainer, processRole } from '../process-role.ts';
import { type ProcessStat, readCmdline, readProcessFile, readStat, userProcesses } from './read.ts';
import { type FoundProcess, findProcesses } from './scan.ts';

type LeakedProcess = TrialRecord['leaked'][number];

export interface LeakOptions {
  /** Full id, 64 hex digits. */
  readonly containerId: string;
  /** Host ids of the processes still in the trial's cgroup. */
  readonly cgroupPids?: readonly number[];
  /** Cgroups that contain only the engine and what it started, relative to the hierarchies' roots. */
  readonly engineCgroups?: readonly string[];
  /**
   * Tick since boot before which none of the container's processes can have begun; those that began earlier are not looked at,
   * unless the cgroup still holds a process.
   */
  readonly sinceTicks?: number;
  /** Time for the container's processes to end by themselves, ms. */
  readonly graceMs?: number;
  /** Time to wait for killed processes to disappear, ms. */
  readonly waitMs?: number;
  readonly procRoot?: string;
}

/** True if the id is in the process's own command line, or in the name of its cgroup. */
function hasContainerId(process: FoundProcess, containerId: string, procRoot: string): boolean {
  if (isHelper(process.role) && namesContainer(process.argv, containerId)) return true;
  return (readProcessFile(procRoot, process.stat.pid, 'cgroup') ?? '').includes(containerId);
}

/**
 * Links that a process inherits from the shim or runtime that started it: the bundle as its working directory, and the
 * container's pipes.
 */
const inherited = ['cwd', 'fd/0', 'fd/1', 'fd/2'];

function isTiedTo(containerId: string, pid: number, procRoot: string): boolean {
  if (mentionsContainer(readCmdline(procRoot, pid), containerId)) return true;
  return inherited.some((link) => {
    try {
      return readlinkSync(join(procRoot, String(pid), link)).includes(containerId);
    } catch {
      return false;
    }
  });
}

/**
 * True for a process that the engine started for the container, under any name. A wrapper around a runtime is a shell
 * or a script, and may leave a plain `sleep` behind. The engine's own cgroup has no processes of users who inspect the
 * container.
 */
function isStartedByEngine({ pid }: ProcessStat, options: LeakOptions, procRoot: string): boolean {
  const { containerId, engineCgroups = [] } = options;
  return (
    isInCgroups(engineCgroups, pid, procRoot) &&
    isTiedTo(containerId, pid, procRoot) &&
    isEngineProcess(pid, { procRoot, containerId, engineCgroups })
  );
}

/** The container's processes and their descendants. */
function leftoverProcesses(options: LeakOptions, procRoot: string): readonly FoundProcess[] {
  const { containerId, cgroupPids = [], engineCgroups = [], sinceTicks } = options;
  const all = userProcesses(procRoot, cgroupPids.length === 0 ? sinceTicks : 0);
  const carrying = findProcesses({ procRoot, containerId, cgroupPids, engineCgroups, all }).filter((each) =>
    hasContainerId(each, containerId, procRoot),
  );
  const left = new Map(carrying.map((each) => [each.stat.pid, each]));
  if (left.size === 0 && engineCgroups.length === 0) return [];
  const add = (stat: ProcessStat) => {
    const argv = readCmdline(procRoot, stat.pid);
    const role = processRole({ argv, comm: stat.comm, inCgroup: false, parentRole: null });
    if (!isDaemon(role)) left.set(stat.pid, { stat, argv, role, inCgroup: false });
  };
  const others = all.filter(({ pid }) => pid !== process.pid && !left.has(pid));
  if (engineCgroups.length > 0)
    for (const stat of others) if (isStartedByEngine(stat, options, procRoot)) add(stat);
  // Parents may be found after their children.
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    for (const stat of others) if (!left.has(stat.pid) && left.has(stat.ppid)) add(stat);
  }
  return [...left.values()];
}

/** Send SIGKILL if the id still belongs to the found process, not to a later one. */
function kill(found: FoundProcess, procRoot: string): void {
  const now = readStat(procRoot, found.stat.pid);
  if (now === null || now.startTicks !== found.stat.startTicks) return;
  if (readCmdline(procRoot, found.stat.pid).join('\0') !== found.argv.join('\0')) return;
  try {
    process.kill(found.stat.pid, 'SIGKILL');
  } catch {
    // ESRCH: the process has already ended.
  }
}

/** Polling intervals, ms: of all processes, and of those whose end is awaited. */
const lookPeriodMs = { all: 10, left: 2 } as const;

/** Waits for the next poll, or until all found processes have ended. */
async function untilNextLook(left: readonly FoundProcess[], procRoot: string): Promise<void> {
  const until = performance.now() + lookPeriodMs.all;
  const isThere = ({ stat }: FoundProcess) => readStat(procRoot, stat.pid)?.startTicks === stat.startTicks;
  do await sleep(lookPeriodMs.left);
  while (performance.now() < until && left.some(isThere));
}

/** Grace for processes that appear after the first poll, ms: the engine starts some to clean up. */
const cleanUpMs = 500;

/**
 * End the processes of a container that was removed, or whose removal hangs. They are shims, sandboxes, VMMs and others
 * whose command line or cgroup has the container's id. They also include what the engine started with the container's
 * bundle or pipes, and descendants of all these. No other process is touched, nor any that the engine cannot have
 * started ({@link isEngineProcess}). Each may take `graceMs` from its first observation to end by itself: shims do, and
 * so does the engine's own clean-up, which starts once a shim was killed. The rest is killed by process id after a
 * check of its start time, and returned. Gives up `waitMs` after the first grace. Throws RangeError where the id is not
 * a full container id.
 */
export async function endLeaked(options: LeakOptions): Promise<readonly LeakedProcess[]> {
  const { containerId, graceMs = 500, waitMs = 2_000, procRoot = '/proc' } = options;
  if (!/^[0-9a-f]{64}$/.test(containerId))
    throw new RangeError(`not a container id: ${JSON.stringify(containerId)}`);
  const mayLastUntil = new Map<string, number>();
  const leaked = new Map<string, LeakedProcess>();
  const started = performance.now();
  for (let grace = graceMs; ; grace = Math.max(graceMs, cleanUpMs)) {
    const now = performance.now();
    const left = leftoverProcesses(options, procRoot);
    if (left.length === 0 || now - started > graceMs + waitMs) return [...leaked.values()];
    for (const found of left) {
      const { pid, comm, startTicks } = found.stat;
      const key = `${pid} ${startTicks}`;
      const until = mayLastUntil.get(key) ?? now + grace;
      mayLastUntil.set(key, until);
      if (now < until) continue;
      leaked.set(key, { pid, comm, role: found.role });
      kill(found, procRoot);
    }
    await untilNextLook(left, procRoot);
  }
}
