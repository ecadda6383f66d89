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

/** Pause between two looks, ms. */
const deadRunProcessesLookMs = 20;

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
    await sleep(deadRunProcessesLookMs);
  }
}

/** Where the shims of a host's containerd listen. */
const shimSockets = '/run/containerd/s';

/** Pause between two looks, and how long nothing may change, ms. */
const lookMs = 50;
const quietMs = 500;
/** Limits of waiting for what containerd began for a dead run, and of killing, ms. */
export const settleLimitMs = 10_000;
export const killLimitMs = 5_000;

/**
 * Name of the socket of a shim, which is a hash of containerd's address, the namespace and the container's id (containerd,
 * `SocketAddress` of its shim package); null for any process but a shim of the run's own namespace.
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
 * Is it a shim of the run's namespace by its flag, or a runtime by its `--root`? Whoever only mentions the name is somebody
 * else: an editor of root's, a `ctr`, a program that packs a directory of that name.
 */
export function isOfNamespace(argv: readonly string[], runId: string): boolean {
  const name = namespaceOf(runId);
  // gVisor's sandbox has the flag and its value in one word.
  const roots = [wordAfter(argv, '--root'), ...argv.filter((word) => word.startsWith('--root='))];
  return wordAfter(argv, '-namespace') === name || roots.some((root) => root?.endsWith(`/${name}`) === true);
}

/** The word after a flag; undefined without the flag. */
function wordAfter(argv: readonly string[], flag: string): string | undefined {
  return argv.includes(flag) ? argv[argv.indexOf(flag) + 1] : undefined;
}

/** Containers of a containerd that ended, perhaps before it had removed them. */
interface LostContainers {
  /** Of that containerd. */
  readonly socket: string;
  readonly ids: readonly string[];
}

/** What a dead run still has in a containerd of this host. */
export interface DeadShims {
  /** Waits until nothing of the run begins or ends for half a second, for at most `limitMs`. */
  settle(limitMs: number): Promise<void>;
  /** Waits until all has ended, for at most `limitMs`, kills what has not, and removes the sockets of its shims. */
  end(limitMs: number): Promise<void>;
}

/**
 * The shims and runtimes that a host's containerd calls for a run. Where the harness was killed, containerd finishes what it was
 * asked for: a container that is removed meanwhile comes into being behind the removal. The run's own process has certainly
 * ended, or has lost that containerd; only processes of this user are looked at, and only where they name the run's namespace.
 * `lost`: containers whose shims may be gone already, but not their sockets.
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
 * Ends everything that runs for containers of a run whose containerd was lost: it may have been in the middle of a creation, and
 * a runtime that goes on makes its state anew behind the removal.
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
