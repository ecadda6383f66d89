import { mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { external } from '../../messages/compose.ts';
import { notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import type { FileRead } from '../../metrics/figure.ts';

const text = notices('absent', {
  noFile: 'no such file (older kernel, or its controller is not enabled here)',
  cgroupRemoved: 'its cgroup was removed',
  switchedOff: 'the kernel has it switched off',
});

/** The errno name of what a file operation threw, or its message. */
export function errorCode(error: unknown): string {
  if (error instanceof Error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code ?? error.message;
  }
  return String(error);
}

/** Why a cgroup file could not be read, in words. */
export function missingReason(error: unknown): Message {
  const code = errorCode(error);
  if (code === 'ENOENT') return text.noFile;
  if (code === 'ENODEV') return text.cgroupRemoved;
  if (code === 'ENOTSUP' || code === 'EOPNOTSUPP') return text.switchedOff;
  return external(code);
}

/** A whole file, or why not. Never throws. */
export function readText(path: string): FileRead {
  try {
    return { text: readFileSync(path, 'utf8') };
  } catch (error) {
    return { missing: missingReason(error) };
  }
}

/** The cgroups at and below a directory, deepest first; empty where there is none. */
export function cgroupTree(dir: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(dir, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
  return [...names.flatMap((name) => cgroupTree(join(dir, name))), dir];
}

/** The ids in a file of one id a line, without those of other PID namespaces' view (0); null where there is none. */
function readIds(path: string): ReadonlySet<number> | null {
  const read = readText(path);
  if ('missing' in read) return null;
  return new Set(read.text.split('\n').flatMap((line) => (/^[1-9]\d*$/.test(line) ? [Number(line)] : [])));
}

/**
 * Ids of the processes in a cgroup and in those below it. v1 also lists a process of which only some threads are
 * there, as Kata puts vCPUs; its memory is charged where its main thread is, so it is not counted as being here.
 */
export function pidsBelow(dir: string): readonly number[] {
  const pids = new Set<number>();
  for (const each of cgroupTree(dir)) {
    const listed = readIds(join(each, 'cgroup.procs')) ?? [];
    // Only v1 has `tasks`: the ids of threads, a process's own being that of its main thread. Read after the
    // processes, so that one that has just begun is not taken for one without its main thread.
    const threads = readIds(join(each, 'tasks'));
    for (const pid of listed) if (threads === null || threads.has(pid)) pids.add(pid);
  }
  return [...pids];
}

/** Removes these cgroups and those below them, all at once. Returns what could not be removed. */
export async function removeCgroups(dirs: readonly string[], waitMs?: number): Promise<readonly string[]> {
  return (await Promise.all(dirs.map((dir) => removeCgroup(dir, waitMs)))).flat();
}

/** Makes a directory and its parents. Returns what went wrong, or null. */
export function makeCgroup(dir: string): string | null {
  try {
    mkdirSync(dir, { recursive: true });
    return null;
  } catch (error) {
    return `mkdir ${dir}: ${errorCode(error)}`;
  }
}

/** What a removal that failed may be tried again for: a process that is not reaped yet, a cgroup made in the meantime. */
const passing = new Set(['EBUSY', 'ENOTEMPTY', 'EAGAIN', 'EINTR']);

/** A cgroup that could not be removed. */
interface Unremoved {
  readonly problem: string;
  readonly passes: boolean;
}

/** One attempt at removing a tree, deepest first. Returns what is left over and why. */
function tryRemove(dir: string): readonly Unremoved[] {
  const left: Unremoved[] = [];
  for (const each of cgroupTree(dir)) {
    try {
      rmdirSync(each);
    } catch (error) {
      const code = errorCode(error);
      if (code !== 'ENOENT') left.push({ problem: `rmdir ${each}: ${code}`, passes: passing.has(code) });
    }
  }
  return left;
}

/**
 * Removes a cgroup and those below it. A process that has just died keeps its cgroup busy until it is reaped,
 * so this tries again for up to `waitMs`, unless nothing that is in the way can pass (without root: EACCES, EPERM).
 * Returns what could not be removed; empty when all is gone.
 */
export async function removeCgroup(dir: string, waitMs = 1_000): Promise<readonly string[]> {
  const deadline = performance.now() + waitMs;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, 50)) {
    const left = tryRemove(dir);
    if (!left.some(({ passes }) => passes) || performance.now() >= deadline)
      return left.map(({ problem }) => problem);
    await sleep(pauseMs);
  }
}
