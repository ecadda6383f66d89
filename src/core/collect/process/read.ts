import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../cgroup/files.ts';
import { type ProcessStat, parseCmdline, parsePss, parseStat } from './parse.ts';

/** The parts of a process's PSS, bytes (`Pss_*` of smaps_rollup; Linux ≥ 5.4). They add up to its PSS. */
interface PssParts {
  readonly anon: number;
  readonly file: number;
  readonly shmem: number;
}

/** Parse the parts of PSS from smaps_rollup's text; null where the kernel does not separate them. */
export function parsePssParts(text: string): PssParts | null {
  const bytes = (name: string) => {
    const kibibytes = new RegExp(`^${name}: +(\\d{1,20}) kB$`, 'm').exec(text)?.[1];
    return kibibytes === undefined ? null : Number(kibibytes) * 1024;
  };
  const [anon, file, shmem] = [bytes('Pss_Anon'), bytes('Pss_File'), bytes('Pss_Shmem')];
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
    return { bytes: parsePss(text), parts: parsePssParts(text) };
  } catch (error) {
    const code = errorCode(error);
    // ESRCH: it no longer has memory. ENOENT may also mean a kernel without the file (< 4.14).
    if (code === 'ESRCH') return 'gone';
    return code === 'ENOENT' && readProcessFile(procRoot, pid, 'stat') === null ? 'gone' : unseen;
  }
}

/** Stat lines of all processes except kernel threads and dead ones. */
export function userProcesses(procRoot: string): readonly ProcessStat[] {
  let names: readonly string[];
  try {
    names = readdirSync(procRoot);
  } catch {
    return [];
  }
  const processes: ProcessStat[] = [];
  for (const name of names) {
    if (!/^[1-9]\d*$/.test(name)) continue;
    const stat = readStat(procRoot, Number(name));
    if (stat !== null && !stat.kernelThread && stat.state !== 'Z' && stat.state !== 'X') processes.push(stat);
  }
  return processes;
}
