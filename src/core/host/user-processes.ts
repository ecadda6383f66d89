import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readCmdline, readStat } from '../collect/process/read.ts';
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.ts';

/** A process of the user that runs this one, as it was when it was seen. */
export interface UserProcess extends ProcessIdentity {
  /** Its parent's id. */
  readonly parent: number;
  readonly argv: readonly string[];
}

/**
 * The processes of this user whose command line is wanted. Any user can give a process any command line, so that those of others
 * are left out; so is one that ends meanwhile.
 */
export async function processesOfUser(
  isWanted: (argv: readonly string[]) => boolean,
): Promise<readonly UserProcess[]> {
  const found: UserProcess[] = [];
  for (const name of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const pid = Number(name);
    const argv = readCmdline('/proc', pid);
    if (!isWanted(argv)) continue;
    if ((await stat(join('/proc', name)).catch(() => null))?.uid !== process.getuid?.()) continue;
    const [identity, seen] = [identityOf(pid), readStat('/proc', pid)];
    if (identity !== null && seen !== null) found.push({ ...identity, parent: seen.ppid, argv });
  }
  return found;
}

/** Kills processes that were seen; one that has ended is none to kill, whoever has its id now. */
export function killSeen(seen: Iterable<ProcessIdentity>): void {
  for (const each of seen)
    try {
      if (isRunning(each)) process.kill(each.pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
}
