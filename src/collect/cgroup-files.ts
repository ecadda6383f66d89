import { mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FileRead } from './figure.ts';

/** The errno name of what a file operation threw, or its message. */
export function errorCode(error: unknown): string {
  if (error instanceof Error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code ?? error.message;
  }
  return String(error);
}

/** Why a cgroup file could not be read, in words. */
export function missingReason(error: unknown): string {
  const code = errorCode(error);
  if (code === 'ENOENT') return 'no such file (older kernel, or its controller is not enabled here)';
  if (code === 'ENODEV') return 'its cgroup was removed';
  if (code === 'ENOTSUP' || code === 'EOPNOTSUPP') return 'the kernel has it switched off';
  return code;
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

/** Ids of the processes in a cgroup and in those below it. Processes of other PID namespaces' view (0) are left out. */
export function pidsBelow(dir: string): readonly number[] {
  const pids = new Set<number>();
  for (const each of cgroupTree(dir)) {
    const read = readText(join(each, 'cgroup.procs'));
    if ('missing' in read) continue;
    for (const line of read.text.split('\n')) if (/^[1-9]\d*$/.test(line)) pids.add(Number(line));
  }
  return [...pids];
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

/** One attempt at removing a tree, deepest first. Returns what is left over and why. */
function tryRemove(dir: string): readonly string[] {
  const problems: string[] = [];
  for (const each of cgroupTree(dir)) {
    try {
      rmdirSync(each);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') problems.push(`rmdir ${each}: ${errorCode(error)}`);
    }
  }
  return problems;
}

/**
 * Removes a cgroup and those below it. A process that has just died keeps its cgroup busy until it is reaped,
 * so this tries again for up to `waitMs`. Returns what could not be removed; empty when all is gone.
 */
export async function removeCgroup(dir: string, waitMs = 1_000): Promise<readonly string[]> {
  const deadline = performance.now() + waitMs;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, 50)) {
    const problems = tryRemove(dir);
    if (problems.length === 0 || performance.now() >= deadline) return problems;
    await sleep(pauseMs);
  }
}
