import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDaemon } from '../../model/footprint.ts';
import type { TrialRecord } from '../../model/trial.ts';
import { isEngineProcess, isInCgroups } from '../engine-process.ts';
import { isHelper, mentionsContainer, namesContainer, processRole } from '../process-role.ts';
import type { ProcessStat } from './parse.ts';
import { readCmdline, readProcessFile, readStat, userProcesses } from './read.ts';
import { type FoundProcess, findProcesses } from './scan.ts';

type Leaked = TrialRecord['leaked'][number];

export interface LeakOptions {
  /** Full id, 64 hex digits. */
  readonly containerId: string;
  /** Host ids of the processes still in the trial's cgroup. */
  readonly cgroupPids?: readonly number[];
  /** Cgroups that hold nothing but the engine and what it started, relative to the hierarchies' roots. */
  readonly engineCgroups?: readonly string[];
  /** How long what worked for the container may take to end by itself, ms. */
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

/** What a process inherits from the shim or runtime that started it: the bundle as its directory, the container's pipes. */
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
 * What the engine started for the container under any name: a wrapper around a runtime is a shell or a script, and what it
 * leaves behind may be a plain `sleep`. In the engine's own cgroup are no processes of people who look at the container.
 */
function isStartedByEngine({ pid }: ProcessStat, options: LeakOptions, procRoot: string): boolean {
  const { containerId, engineCgroups = [] } = options;
  return (
    isInCgroups(engineCgroups, pid, procRoot) &&
    isTiedTo(containerId, pid, procRoot) &&
    isEngineProcess(pid, { procRoot, containerId, engineCgroups })
  );
}

/** Those that are the container's, and what they started. */
function leftOf(options: LeakOptions, procRoot: string): readonly FoundProcess[] {
  const { containerId, cgroupPids = [], engineCgroups = [] } = options;
  const carrying = findProcesses({ procRoot, containerId, cgroupPids, engineCgroups }).filter((each) =>
    carries(each, containerId, procRoot),
  );
  const left = new Map(carrying.map((each) => [each.stat.pid, each]));
  if (left.size === 0 && engineCgroups.length === 0) return [];
  const add = (stat: ProcessStat) => {
    const argv = readCmdline(procRoot, stat.pid);
    const role = processRole({ argv, comm: stat.comm, inCgroup: false, parentRole: null });
    if (!isDaemon(role)) left.set(stat.pid, { stat, argv, role, inCgroup: false });
  };
  const others = userProcesses(procRoot).filter(({ pid }) => pid !== process.pid && !left.has(pid));
  if (engineCgroups.length > 0)
    for (const stat of others) if (isStartedByEngine(stat, options, procRoot)) add(stat);
  // Parents are not always found before their children.
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    for (const stat of others) if (!left.has(stat.pid) && left.has(stat.ppid)) add(stat);
  }
  return [...left.values()];
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

/** What was not there at the first look has been started by the engine to clean up, which is given this time, ms. */
const cleanUpMs = 500;

/**
 * Ends what works for a container that was removed, or whose removal hangs: shims, sandboxes, VMMs and the like whose
 * command line or cgroup carries the container's id, what the engine started with the container's bundle or pipes, and what
 * those started. Nothing else is ever touched, and nothing that the engine cannot have started ({@link isEngineProcess}).
 * Each may take `graceMs` from when it is first seen to end by itself: shims do, and so does the engine's own clean-up, which
 * starts once a shim was killed. The rest is killed by process id after its start time was checked, and returned. Gives up
 * `waitMs` after the first grace. Throws RangeError where the id is not a full container id.
 */
export async function endLeaked(options: LeakOptions): Promise<readonly Leaked[]> {
  const { containerId, graceMs = 500, waitMs = 2_000, procRoot = '/proc' } = options;
  if (!/^[0-9a-f]{64}$/.test(containerId))
    throw new RangeError(`not a container id: ${JSON.stringify(containerId)}`);
  const mayLastUntil = new Map<string, number>();
  const leaked = new Map<string, Leaked>();
  const started = performance.now();
  for (let grace = graceMs; ; grace = Math.max(graceMs, cleanUpMs)) {
    const now = performance.now();
    const left = leftOf(options, procRoot);
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
    await sleep(10);
  }
}
