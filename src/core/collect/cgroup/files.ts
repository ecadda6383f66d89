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
  switchedOff: 'it is disabled in the kernel',
});

/** The errno name of a file operation's error, or its message. */
export function errorCode(error: unknown): string {
  if (error instanceof Error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code ?? error.message;
  }
  return String(error);
}

/** Why a cgroup file could not be read, as a message. */
export function missingReason(error: unknown): Message {
  const code = errorCode(error);
  if (code === 'ENOENT') return text.noFile;
  if (code === 'ENODEV') return text.cgroupRemoved;
  if (code === 'ENOTSUP' || code === 'EOPNOTSUPP') return text.switchedOff;
  return external(code);
}

/** Read a whole file, or say why it is unreadable. Never throws. */
export function readText(path: string): FileRead {
  try {
    return { text: readFileSync(path, 'utf8') };
  } catch (error) {
    return { missing: missingReason(error) };
  }
}

/** List the cgroups at and below a directory, deepest first; empty where there is none. */
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

/** Read a file of one id a line, without 0 (processes outside this PID namespace); null where there is no file. */
function readIds(path: string): ReadonlySet<number> | null {
  const read = readText(path);
  if ('missing' in read) return null;
  return new Set(read.text.split('\n').flatMap((line) => (/^[1-9]\d*$/.test(line) ? [Number(line)] : [])));
}

/**
 * Ids of the processes in a cgroup and its descendants. v1 also lists a process of which only some threads are there;
 * Kata places vCPUs so. Its memory is charged to the main thread's cgroup, so it does not count here.
 */
export function pidsBelow(dir: string): readonly number[] {
  const pids = new Set<number>();
  for (const each of cgroupTree(dir)) {
    const listed = readIds(join(each, 'cgroup.procs')) ?? [];
    // Only v1 has `tasks`: the ids of threads; a process's own id is that of its main thread. It is read after the
    // processes. Otherwise a process that just began could seem to lack its main thread.
    const threads = readIds(join(each, 'tasks'));
    for (const pid of listed) if (threads === null || threads.has(pid)) pids.add(pid);
  }
  return [...pids];
}

/** Remove these cgroups and their descendants, concurrently. Returns what could not be removed. */
export async function removeCgroups(dirs: readonly string[], waitMs?: number): Promise<readonly string[]> {
  return (await Promise.all(dirs.map((dir) => removeCgroup(dir, waitMs)))).flat();
}

/** Create a directory and its parents. Returns the error, or null. */
export function makeCgroup(dir: string): string | null {
  try {
    mkdirSync(dir, { recursive: true });
    return null;
  } catch (error) {
    return `mkdir ${dir}: ${errorCode(error)}`;
  }
}

/** Errors after which a removal may succeed later: a process that is not reaped yet, a cgroup created meanwhile. */
const transientErrors = new Set(['EBUSY', 'ENOTEMPTY', 'EAGAIN', 'EINTR']);

/** A cgroup that could not be removed. */
interface RemovalFailure {
  readonly problem: string;
  readonly passes: boolean;
}

/** Try once to remove a tree, deepest first. Returns what is left, with reasons. */
function tryRemove(dir: string): readonly RemovalFailure[] {
  const left: RemovalFailure[] = [];
  for (const each of cgroupTree(dir)) {
    try {
      rmdirSync(each);
    } catch (error) {
      const code = errorCode(error);
      if (code !== 'ENOENT')
        left.push({ problem: `rmdir ${each}: ${code}`, passes: transientErrors.has(code) });
    }
  }
  return left;
}

/**
 * Remove a cgroup and its descendants. A process that just died keeps its cgroup busy until it is reaped. The removal
 * therefore retries for up to `waitMs`, unless every error is permanent (without root: EACCES, EPERM). Returns what
 * could not be removed; empty when all is gone.
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
