import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../cgroup/files.ts';

/** Kernel thread flag in field 9 of /proc/<pid>/stat (include/linux/sched.h, PF_KTHREAD). */
const kernelThread = 0x0020_0000;

/** /proc/<pid>/stat counts in USER_HZ, which is 100 on every architecture that Docker runs on. */
const ticksPerSecond = 100;
const nsPerTick = 1e9 / ticksPerSecond;

/** Fields of /proc/<pid>/stat (proc_pid_stat(5)). */
export interface ProcessStat {
  readonly pid: number;
  readonly comm: string;
  /** One letter: R, S, D, Z (zombie), X (dead) … */
  readonly state: string;
  readonly ppid: number;
  readonly kernelThread: boolean;
  /** utime + stime in ns, in steps of 10 ms. */
  readonly cpuNs: number;
  /** Ticks between boot and start: together with the id, a permanent identity of one process. */
  readonly startTicks: number;
}

/**
 * Parse the text of /proc/<pid>/stat; null where it has another form. The name is in brackets and may itself contain
 * spaces and brackets.
 */
export function parseStat(text: string): ProcessStat | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 1 || close < open) return null;
  const pid = Number(text.slice(0, open).trim());
  const fields = text
    .slice(close + 1)
    .trim()
    .split(/\s+/);
  const [state = ''] = fields;
  // Field n of the manual is at n - 3 here.
  const [ppid, flags, utime, stime, startTicks] = [4, 9, 14, 15, 22].map((field) =>
    Number(fields[field - 3] ?? NaN),
  );
  if (ppid === undefined || flags === undefined || utime === undefined) return null;
  if (stime === undefined || startTicks === undefined) return null;
  if (![pid, ppid, flags, utime, stime, startTicks].every(Number.isSafeInteger) || !/^[A-Za-z]$/.test(state))
    return null;
  return {
    pid,
    comm: text.slice(open + 1, close),
    state,
    ppid,
    kernelThread: (flags & kernelThread) !== 0,
    cpuNs: (utime + stime) * nsPerTick,
    startTicks,
  };
}

/**
 * Parse /proc/<pid>/cmdline: arguments end with NUL. Empty for kernel threads, zombies and processes that cleared it.
 */
export function parseCmdline(text: string): readonly string[] {
  if (text === '') return [];
  return text.replace(/\0$/, '').split('\0');
}

/** Value of a Go flag on a command line: `--name=value` or `--name value`; null where it is not given. */
export function flagOf(argv: readonly string[], name: string): string | null {
  const at = argv.findIndex((word) => word === name || word.startsWith(`${name}=`));
  if (at < 0) return null;
  return argv[at] === name ? (argv[at + 1] ?? null) : (argv[at]?.slice(name.length + 1) ?? null);
}

/** A size by its name in a text of /proc (`Pss: 12 kB`), bytes; null where there is none. */
export function parseKibibytes(text: string, name: string): number | null {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d{1,20}) kB$`, 'm').exec(text)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

/**
 * Number of PID namespaces in which the process has an id, from the reader's on: 1 is the reader's own; null if
 * unknown.
 */
export function pidNamespaceDepth(status: string): number | null {
  const ids = /^NSpid:\s+(\d+(?:\s+\d+)*)$/m.exec(status)?.[1];
  return ids === undefined ? null : ids.split(/\s+/).length;
}

/**
 * The cgroup charged with a process's CPU time, from /proc/<pid>/cgroup: cpuacct's where v1 counts it (also on a hybrid
 * host), cgroup2's elsewhere. It is that of the main thread; v1 allows other cgroups for other threads.
 */
export function cpuCgroupOf(text: string): string | null {
  return cgroupPathOf(text, 'cpuacct') ?? cgroupPathOf(text, '');
}

/**
 * The path in /proc/<pid>/cgroup of the hierarchy that has `controller`; the empty string means cgroup v2 (line `0::`).
 * Null where there is no such line (cgroups(7)).
 */
export function cgroupPathOf(text: string, controller: string): string | null {
  for (const line of text.split('\n')) {
    const match = /^(\d+):([^:]*):(\/.*)$/.exec(line);
    if (match === null) continue;
    const [, id, controllers = '', path = ''] = match;
    if (controller === '' ? id === '0' && controllers === '' : controllers.split(',').includes(controller))
      return path;
  }
  return null;
}

/** The parts of a process's PSS, bytes (`Pss_*` of smaps_rollup; Linux ≥ 5.4). They add up to its PSS. */
interface PssParts {
  readonly anon: number;
  readonly file: number;
  readonly shmem: number;
}

/** Parse the parts of PSS from smaps_rollup's text; null where the kernel does not separate them. */
export function parsePssParts(text: string): PssParts | null {
  const [anon, file, shmem] = ['Pss_Anon', 'Pss_File', 'Pss_Shmem'].map((name) => parseKibibytes(text, name));
  return anon == null || file == null || shmem == null ? null : { anon, file, shmem };
}

/** The text of /proc/<pid>/<file>, or null: the process is gone or access is denied. */
export function readProcessFile(procRoot: string, pid: number, file: string): string | null {
  try {
    return readFileSync(join(procRoot, String(pid), file), 'utf8');
  } catch {
    return null;
  }
}

/**
 * CPU time of the threads of a process that are in a cgroup or below it, ns. On a v1 host threads can be in other cgroups than
 * their process: Kata's Go runtime puts those of the guest's CPUs into the container's. `path` begins with a slash.
 */
export function cpuOfThreadsIn(procRoot: string, pid: number, path: string): number {
  let names: readonly string[];
  try {
    names = readdirSync(join(procRoot, String(pid), 'task'));
  } catch {
    return 0;
  }
  return names.reduce((sum, name) => {
    const own = cpuCgroupOf(readProcessFile(procRoot, pid, join('task', name, 'cgroup')) ?? '');
    if (own === null || !(own === path || own.startsWith(`${path}/`))) return sum;
    const stat = parseStat(readProcessFile(procRoot, pid, join('task', name, 'stat')) ?? '');
    return sum + (stat?.cpuNs ?? 0);
  }, 0);
}

/** Parsed /proc/<pid>/stat; null where it is unreadable or has another form. */
export function readStat(procRoot: string, pid: number): ProcessStat | null {
  const text = readProcessFile(procRoot, pid, 'stat');
  return text === null ? null : parseStat(text);
}

/** Arguments from /proc/<pid>/cmdline; empty where it is unreadable. */
export function readCmdline(procRoot: string, pid: number): readonly string[] {
  return parseCmdline(readProcessFile(procRoot, pid, 'cmdline') ?? '');
}

/** PSS in bytes and its parts; null where the kernel denies access; `gone` where the process has ended. */
export function readPss(
  procRoot: string,
  pid: number,
): { readonly bytes: number | null; readonly parts: PssParts | null } | 'gone' {
  const unseen = { bytes: null, parts: null };
  try {
    const text = readFileSync(join(procRoot, String(pid), 'smaps_rollup'), 'utf8');
    return { bytes: parseKibibytes(text, 'Pss'), parts: parsePssParts(text) };
  } catch (error) {
    const code = errorCode(error);
    // ESRCH: it no longer has memory. ENOENT may also mean a kernel without the file (< 4.14).
    if (code === 'ESRCH') return 'gone';
    return code === 'ENOENT' && readProcessFile(procRoot, pid, 'stat') === null ? 'gone' : unseen;
  }
}

/** Start of a process that begins now, ticks since boot (`startTicks`); 0 where /proc/uptime (proc_uptime(5)) is not readable. */
export function ticksNow(procRoot = '/proc'): number {
  try {
    const [seconds] = readFileSync(join(procRoot, 'uptime'), 'latin1').split(' ');
    return Math.round(Number(seconds) * ticksPerSecond) || 0;
  } catch {
    return 0;
  }
}

/** True if the process began at that tick or later; of most processes that is all there is to know, and quickly read. */
function beganSince(ticks: number, stat: string): boolean {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 20);
  return !(Number(fields[19]) < ticks);
}

/** Stat lines of all processes except kernel threads and dead ones, or of those that began at a tick or later. */
export function userProcesses(procRoot: string, sinceTicks = 0): readonly ProcessStat[] {
  let names: readonly string[];
  try {
    names = readdirSync(procRoot);
  } catch {
    return [];
  }
  const processes: ProcessStat[] = [];
  for (const name of names) {
    if (!/^[1-9]\d*$/.test(name)) continue;
    const text = readProcessFile(procRoot, Number(name), 'stat');
    const stat = text === null || !beganSince(sinceTicks, text) ? null : parseStat(text);
    if (stat !== null && !stat.kernelThread && stat.state !== 'Z' && stat.state !== 'X') processes.push(stat);
  }
  return processes;
}
