import { createHash } from 'node:crypto';
import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pidsBelow } from '../collect/cgroup/files.ts';
import type { CgroupLayout } from '../collect/cgroup/layout.ts';
import { everyCgroupDir } from '../collect/cgroup/make.ts';
import { runCgroup } from '../collect/cgroup/names.ts';
import { readCmdline } from '../collect/process/read.ts';

/** Where the shims of a host's containerd listen. */
const shimSockets = '/run/containerd/s';

/** Pause between two looks, ms. */
const lookMs = 20;

function processesOf(layout: CgroupLayout, runId: string): ReadonlySet<number> {
  const dirs = (['cgroupfs', 'systemd'] as const).flatMap((driver) =>
    everyCgroupDir(layout, runCgroup(driver, runId)),
  );
  return new Set(dirs.flatMap(pidsBelow));
}

/**
 * Name of the socket of a shim, which is a hash of containerd's address, the namespace and the container's id (containerd,
 * `SocketAddress` of its shim package); null for any process but a shim of the run's own namespace.
 */
export function shimSocketName(argv: readonly string[], runId: string): string | null {
  const after = (flag: string) => argv[argv.indexOf(flag) + 1];
  const [namespace, id, address] = ['-namespace', '-id', '-address'].map((flag) =>
    argv.includes(flag) ? after(flag) : undefined,
  );
  if (namespace !== `ocibench-${runId}` || id === undefined || address === undefined) return null;
  return createHash('sha256')
    .update(join(address, namespace, id))
    .digest('hex');
}

/**
 * Kills every process in the cgroups of a run whose own process has certainly ended, and what these started meanwhile, for at
 * most `limitMs`. Only root can put a process there. The sockets of killed shims go with them. RangeError for an id that leads
 * out of ocibench's cgroups.
 */
export async function endProcessesOf(layout: CgroupLayout, runId: string, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  const sockets = new Set<string>();
  for (let left = processesOf(layout, runId); left.size > 0; left = processesOf(layout, runId)) {
    for (const pid of left) {
      const name = shimSocketName(readCmdline('/proc', pid), runId);
      if (name !== null) sockets.add(join(shimSockets, name));
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
    if (performance.now() > deadline) break;
    await sleep(lookMs);
  }
  for (const path of sockets)
    if ((await lstat(path).catch(() => null))?.isSocket()) await rm(path, { force: true });
}
