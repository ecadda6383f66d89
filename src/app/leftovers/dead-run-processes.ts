import { createHash } from 'node:crypto';
import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pidsBelow } from '../../core/collect/cgroup/files.ts';
import type { CgroupLayout } from '../../core/collect/cgroup/layout.ts';
import { everyCgroupDir } from '../../core/collect/cgroup/make.ts';
import { runCgroup } from '../../core/collect/cgroup/names.ts';
import { namespaceOf } from '../../core/engine/labels.ts';
import { killSeen, processesOfUser } from '../../core/host/process-identity.ts';

/** Polling interval, ms. */
const deadRunProcessesLookMs = 20;

function processesOf(layout: CgroupLayout, runId: string): ReadonlySet<number> {
  const dirs = (['cgroupfs', 'systemd'] as const).flatMap((driver) =>
    everyCgroupDir(layout, runCgroup(driver, runId)),
  );
  return new Set(dirs.flatMap(pidsBelow));
}

/** Kills processes; ignores those that have already ended. */
export function killAll(pids: Iterable<number>): void {
  for (const pid of pids)
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // The process has already ended.
    }
}

/**
 * Kills every process in the cgroups of a run, and their new children, for at most `limitMs`. The run's own process has
 * certainly ended. Only root can put a process there. RangeError for an id that leads out of ocibench's cgroups.
 */
export async function endProcessesOf(layout: CgroupLayout, runId: string, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  for (let left = processesOf(layout, runId); left.size > 0; left = processesOf(layout, runId)) {
    killAll(left);
    if (performance.now() > deadline) break;
    await sleep(deadRunProcessesLookMs);
  }
}

/** Directory of the sockets of containerd's shims. */
const shimSockets = '/run/containerd/s';

/** Polling interval, and the time without change after which processes count as settled, ms. */
const lookMs = 50;
const quietMs = 500;
/** Limits of waiting until containerd has finished its requests of a dead run, and of killing, ms. */
export const settleLimitMs = 10_000;
export const killLimitMs = 5_000;

/**
 * Socket name of a shim: a hash of containerd's address, the namespace and the container's id (containerd, `SocketAddress` of
 * its shim package); null for any process other than a shim of the run's own namespace.
 */
export function shimSocketName(argv: readonly string[], runId: string): string | null {
  const [namespace, id, address] = ['-namespace', '-id', '-address'].map((flag) => wordAfter(argv, flag));
  if (namespace !== namespaceOf(runId) || id === undefined || address === undefined) return null;
  return socketName(address, namespace, id);
}

function socketName(address: string, namespace: string, id: string): string {
  return createHash('sha256')
    .update(join(address, namespace, id))
    .digest('hex');
}

/**
 * Is this process a shim of the run's namespace (by its flag), or a runtime (by its `--root`)? A process that only mentions the
 * name is not: root's editor, a `ctr`, a program that packs a directory of that name.
 */
export function isOfNamespace(argv: readonly string[], runId: string): boolean {
  const name = namespaceOf(runId);
  // gVisor's sandbox process has the flag and its value in one word.
  const roots = [wordAfter(argv, '--root'), ...argv.filter((word) => word.startsWith('--root='))];
  return wordAfter(argv, '-namespace') === name || roots.some((root) => root?.endsWith(`/${name}`) === true);
}

/** The word after a flag; undefined without the flag. */
function wordAfter(argv: readonly string[], flag: string): string | undefined {
  return argv.includes(flag) ? argv[argv.indexOf(flag) + 1] : undefined;
}

/** Containers that a containerd perhaps had not removed when it ended. */
interface LostContainers {
  /** Address of that containerd. */
  readonly socket: string;
  readonly ids: readonly string[];
}

/** Processes of a dead run that belong to a containerd of this host. */
export interface DeadShims {
  /** Waits until no process of the run has started or ended for half a second, for at most `limitMs`. */
  settle(limitMs: number): Promise<void>;
  /** Waits at most `limitMs` until all processes have ended, kills the rest, and removes the shims' sockets. */
  end(limitMs: number): Promise<void>;
}

/**
 * The shims and runtimes that a host's containerd calls for a run. After the harness was killed, containerd still finishes its
 * pending requests, so a container that is being removed can appear after its removal. The run's own process has certainly
 * ended or has lost that containerd. Only processes of this user that name the run's namespace are considered. `lost`:
 * containers whose shims may be gone although their sockets remain.
 */
export function deadShims(runId: string, lost: LostContainers = { socket: '', ids: [] }): DeadShims {
  const sockets = new Set(
    lost.ids.map((id) => join(shimSockets, socketName(lost.socket, namespaceOf(runId), id))),
  );
  const now = async () => {
    const found = await processesOfUser((argv) => isOfNamespace(argv, runId));
    for (const { argv } of found) {
      const socket = shimSocketName(argv, runId);
      if (socket !== null) sockets.add(join(shimSockets, socket));
    }
    return found;
  };
  const pidsNow = async () => (await now()).map(({ pid }) => pid).join();
  return {
    async settle(limitMs) {
      const deadline = performance.now() + limitMs;
      let before = await pidsNow();
      for (let since = performance.now(); performance.now() - since < quietMs; await sleep(lookMs)) {
        const pids = await pidsNow();
        if (performance.now() > deadline) return;
        if (pids !== before) since = performance.now();
        before = pids;
      }
    },
    async end(limitMs) {
      const deadline = performance.now() + limitMs;
      for (let left = await now(); left.length > 0; left = await now()) {
        if (performance.now() > deadline) killSeen(left);
        if (performance.now() > deadline + limitMs) return;
        await sleep(lookMs);
      }
      for (const path of sockets)
        if ((await lstat(path).catch(() => null))?.isSocket()) await rm(path, { force: true });
    },
  };
}

/**
 * Ends all processes of a run's containers after its containerd was lost. That containerd may have been creating a container,
 * and a runtime that continues would recreate its state after the removal.
 */
export async function endContainersOf(
  layout: CgroupLayout,
  runId: string,
  lost: LostContainers,
): Promise<void> {
  const shims = deadShims(runId, lost);
  await shims.settle(settleLimitMs);
  await endProcessesOf(layout, runId, killLimitMs);
  await shims.end(killLimitMs);
}
