import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { basename } from 'node:path';

/** What is read of a process. */
interface Seen {
  readonly pid: number;
  readonly parent: number;
  readonly argv: readonly string[];
}

/** The processes of this user. One that ends meanwhile is left out. */
async function ownProcesses(): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name)))
    try {
      if ((await stat(`/proc/${pid}`)).uid !== process.getuid?.()) continue;
      const line = await readFile(`/proc/${pid}/stat`, 'utf8');
      const argv = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
      // Field 4, behind the name in parentheses, which may hold anything (proc_pid_stat(5)).
      const [, parent = ''] = line.slice(line.lastIndexOf(')') + 2).split(' ');
      seen.push({ pid: Number(pid), parent: Number(parent), argv });
    } catch {}
  return seen;
}

/**
 * Kills the shim of a container with all that it has started: a runtime that hangs holds the shim, and the shim the CRI plugin.
 * containerd then cleans up behind the shim. `address`: of the run's own containerd, whose shims have it on their command line.
 */
export async function killShim(address: string, id: string): Promise<void> {
  const all = await ownProcesses();
  for (const { pid, argv } of all) {
    if (!basename(argv[0] ?? '').startsWith('containerd-shim') || !argv.includes(address)) continue;
    // gVisor's has the id in its directory only.
    const isOf = argv.includes(id) || (await readlink(`/proc/${pid}/cwd`).catch(() => '')).endsWith(`/${id}`);
    if (!isOf) continue;
    const doomed = new Set([pid]);
    for (let before = -1; before !== doomed.size; ) {
      before = doomed.size;
      for (const each of all) if (doomed.has(each.parent)) doomed.add(each.pid);
    }
    for (const each of doomed)
      try {
        process.kill(each, 'SIGKILL');
      } catch {}
  }
}
