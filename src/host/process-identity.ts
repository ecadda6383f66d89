import { existsSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { readProcessFile, readStat, userProcesses } from '../collect/process/read.ts';
import { bootId, hostIdentity } from './host-identity.ts';

/** One process of one boot in one PID namespace: a pid alone could since belong to another. */
export const processIdentitySchema = z.object({
  pid: z.number().int().positive(),
  /** Field 22 of /proc/<pid>/stat: clock ticks between boot and its start. */
  startTime: z.string().max(40),
  /** /proc/sys/kernel/random/boot_id; absent in what an older ocibench wrote. */
  bootId: z.string().max(40).optional(),
  /** Inode of its PID namespace (pid_namespaces(7)), in which `pid` counts; absent in what an older ocibench wrote. */
  pidNamespace: z.string().max(40).optional(),
  /** The host that it runs on ({@link hostIdentity}): hosts can share a directory. Absent in what an older ocibench wrote. */
  host: z.string().max(40).optional(),
});
export type ProcessIdentity = Readonly<z.infer<typeof processIdentitySchema>>;

/** Inode of a process's PID namespace; null where this process may not see it. */
function pidNamespaceOf(pid: number | 'self'): string | null {
  try {
    return /^pid:\[(\d+)\]$/.exec(readlinkSync(join('/proc', String(pid), 'ns/pid')))?.[1] ?? null;
  } catch {
    return null;
  }
}

/** Inode of the namespace in which every process of the machine is seen (PROC_PID_INIT_INO, include/linux/proc_ns.h). */
const initialNamespace = String(0xeffffffc);

/** Who the process of this id is; null where there is none. */
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

/** Who this process is. */
export function ownIdentity(): ProcessIdentity {
  return identityOf(process.pid) ?? { pid: process.pid, startTime: '', bootId: bootId() };
}

/** `unknown`: it cannot be seen from here whether it runs. Whoever might be alive counts as alive. */
export type Liveness = 'running' | 'gone' | 'unknown';

/** Of the process that has this id and start time in the PID namespace of this process. */
function livenessHere(pid: number, startTime: string): Liveness {
  const stat = readStat('/proc', pid);
  // Mounted with hidepid=, /proc shows no process of others, not even the first (proc(5)).
  if (stat === null) return existsSync('/proc/1') ? 'gone' : 'unknown';
  const same = String(stat.startTicks) === startTime && stat.state !== 'Z' && stat.state !== 'X';
  return same ? 'running' : 'gone';
}

/** The id that a process has in its own PID namespace (last of `NSpid:`, proc_pid_status(5)). */
function innermostPid(pid: number): number | null {
  const ids = /^NSpid:(.*)$/m.exec(readProcessFile('/proc', pid, 'status') ?? '')?.[1];
  return ids === undefined ? null : Number(ids.trim().split(/\s+/).at(-1));
}

/** Only root in the initial PID namespace sees the processes of all others, and which namespace they are in. */
export function seesAllProcesses(): boolean {
  return process.getuid?.() === 0 && pidNamespaceOf('self') === initialNamespace;
}

/** Of a process of another PID namespace. */
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

/** Does this very process still run on this machine? One that has ended and that nobody has waited for yet does not. */
export function livenessOf(identity: ProcessIdentity): Liveness {
  const { pid, startTime, bootId: boot, pidNamespace, host } = identity;
  if (host !== undefined && host !== hostIdentity()) return 'unknown';
  if (boot !== undefined && boot !== bootId()) return 'gone';
  const here = pidNamespaceOf('self');
  return pidNamespace === undefined || pidNamespace === here
    ? livenessHere(pid, startTime)
    : livenessElsewhere(identity);
}

/** Does this very process run, for certain? Only such a process may be sent a signal. */
export function isRunning(identity: ProcessIdentity): boolean {
  return livenessOf(identity) === 'running';
}
