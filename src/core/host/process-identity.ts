import { existsSync, readlinkSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readCmdline, readProcessFile, readStat, userProcesses } from '../collect/process/read.ts';
import type { ProcessIdentity } from '../model/trial/process-identity.ts';
import { bootId, hostIdentity } from './host-identity.ts';

export { type ProcessIdentity, processIdentitySchema } from '../model/trial/process-identity.ts';

/** Inode of a process's PID namespace; null where this process may not read it. */
function pidNamespaceOf(pid: number | 'self'): string | null {
  try {
    return /^pid:\[(\d+)\]$/.exec(readlinkSync(join('/proc', String(pid), 'ns/pid')))?.[1] ?? null;
  } catch {
    return null;
  }
}

/**
 * Inode of the initial PID namespace, in which every process is visible (PROC_PID_INIT_INO, include/linux/proc_ns.h).
 */
const initialNamespace = String(0xeffffffc);

/** Identity of the process with this id; null where there is none. */
export function identityOf(pid: number): ProcessIdentity | null {
  const stat = readStat('/proc', pid);
  const pidNamespace = pidNamespaceOf('self');
  if (stat === null) return null;
  return {
    pid,
    startTime: String(stat.startTicks),
    bootId: bootId(),
    ...(pidNamespace === null ? {} : { pidNamespace }),
    host: hostIdentity(),
  };
}

/** Identity of this process. */
export function ownIdentity(): ProcessIdentity {
  return (
    identityOf(process.pid) ?? { pid: process.pid, startTime: '', bootId: bootId(), host: hostIdentity() }
  );
}

/** `unknown`: not visible from here. Possibly living processes count as alive. */
export type Liveness = 'running' | 'gone' | 'unknown';

/** Liveness of the process with this id and start time in this process's PID namespace. */
function livenessHere(pid: number, startTime: string): Liveness {
  const stat = readStat('/proc', pid);
  // Mounted with hidepid=, /proc hides processes of other users, even the first (proc(5)).
  if (stat === null) return existsSync('/proc/1') ? 'gone' : 'unknown';
  const same = String(stat.startTicks) === startTime && stat.state !== 'Z' && stat.state !== 'X';
  return same ? 'running' : 'gone';
}

/** The id of a process in its own PID namespace (last of `NSpid:`, proc_pid_status(5)). */
function innermostPid(pid: number): number | null {
  const ids = /^NSpid:(.*)$/m.exec(readProcessFile('/proc', pid, 'status') ?? '')?.[1];
  return ids === undefined ? null : Number(ids.trim().split(/\s+/).at(-1));
}

/** Does this process see all others and their namespaces? Only root in the initial PID namespace does. */
function seesAllProcesses(): boolean {
  return process.getuid?.() === 0 && pidNamespaceOf('self') === initialNamespace;
}

/** Liveness of a process of another PID namespace. */
function livenessElsewhere({ pid, startTime, pidNamespace }: ProcessIdentity): Liveness {
  if (!seesAllProcesses()) return 'unknown';
  return userProcesses('/proc').some(
    (stat) =>
      String(stat.startTicks) === startTime &&
      pidNamespaceOf(stat.pid) === pidNamespace &&
      innermostPid(stat.pid) === pid,
  )
    ? 'running'
    : 'gone';
}

/** Does this process still run on this machine? A zombie does not. */
export function livenessOf(identity: ProcessIdentity): Liveness {
  const { pid, startTime, bootId: boot, pidNamespace, host } = identity;
  if (host !== hostIdentity()) return 'unknown';
  if (boot !== bootId()) return 'gone';
  const here = pidNamespaceOf('self');
  return pidNamespace === undefined || pidNamespace === here
    ? livenessHere(pid, startTime)
    : livenessElsewhere(identity);
}

/** Is this process certain to run? Only such a process may be signalled. */
export function isRunning(identity: ProcessIdentity): boolean {
  return livenessOf(identity) === 'running';
}

/** A process of this process's user, as observed. */
interface UserProcess extends ProcessIdentity {
  /** Its parent's id. */
  readonly parent: number;
  readonly argv: readonly string[];
}

/**
 * The processes of this user whose command line matches. Any user can give a process any command line, so processes of others
 * are omitted, as are those that end meanwhile.
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

/** Kills observed processes. A process that has ended is skipped, even if another process has its id now. */
export function killSeen(seen: Iterable<ProcessIdentity>): void {
  for (const each of seen)
    try {
      if (isRunning(each)) process.kill(each.pid, 'SIGKILL');
    } catch {
      // The process has already ended.
    }
}
