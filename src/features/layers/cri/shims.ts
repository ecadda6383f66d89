import { readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { killSeen, processesOfUser } from '../../../core/host/user-processes.ts';

/**
 * Kills the shim of a container with all that it has started: a runtime that hangs holds the shim, and the shim the CRI plugin.
 * containerd then cleans up behind the shim. `address`: of the run's own containerd, whose shims have it on their command line.
 */
export async function killShim(address: string, id: string): Promise<void> {
  const all = await processesOfUser(() => true);
  for (const { pid, argv } of all) {
    if (!basename(argv[0] ?? '').startsWith('containerd-shim') || !argv.includes(address)) continue;
    // gVisor's of 2024 has the id in its directory only; later ones have it as a word, too.
    const isOf = argv.includes(id) || (await readlink(`/proc/${pid}/cwd`).catch(() => '')).endsWith(`/${id}`);
    if (!isOf) continue;
    const doomed = new Set([pid]);
    for (let before = -1; before !== doomed.size; ) {
      before = doomed.size;
      for (const each of all) if (doomed.has(each.parent)) doomed.add(each.pid);
    }
    killSeen(all.filter((each) => doomed.has(each.pid)));
  }
}
