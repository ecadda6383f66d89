import { accessSync, constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Result of a program. `exitCode` is null where it could not be started or timed out. */
export interface ProgramResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program without a shell; never rejects. Tests replace it. */
export type RunProgram = (
  file: string,
  args: readonly string[],
  options?: { readonly timeoutMs?: number; readonly env?: Readonly<Record<string, string>> },
) => Promise<ProgramResult>;

/** Directories of root's login shell, in case PATH is a user's. */
const systemDirs = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Pause before a program that is still open for writing is started again, ms. */
const busyRetryMs = 20;

/** Runs a program with execa and empty input; default timeout 10 s. See {@link RunProgram}. */
export const runProgram: RunProgram = async (file, args, { timeoutMs = 10_000, env = {} } = {}) => {
  // Who only looks for programs, as a shell does at each Tab, does not wait for it.
  const { execa } = await import('execa');
  const start = () =>
    execa(file, [...args], {
      reject: false,
      stdin: 'ignore',
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 1_000_000,
      env,
    });
  const deadline = performance.now() + timeoutMs;
  let result = await start();
  // A file that was written just now is open in every process that was forked meanwhile, until that one executes its own program.
  while (result.code === 'ETXTBSY' && performance.now() < deadline) {
    await sleep(busyRetryMs);
    result = await start();
  }
  return {
    exitCode: result.exitCode ?? null,
    stdout: String(result.stdout ?? ''),
    stderr: String(result.stderr ?? ''),
  };
};

/** Where a program of this name may be: on PATH, then in the system's directories. */
function placesOf(name: string, path: string): readonly string[] {
  if (name.includes('/')) return [name];
  const directories = [...path.split(':').filter((directory) => directory !== ''), ...systemDirs];
  return [...new Set(directories)].map((directory) => join(directory, name));
}

/**
 * Full path of a program on PATH or in the system's directories, or of an absolute path; null where it is not
 * executable.
 */
export async function findProgram(
  name: string,
  path: string = process.env.PATH ?? '',
): Promise<string | null> {
  for (const candidate of placesOf(name, path)) {
    const executable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return candidate;
  }
  return null;
}

/** The same at once, for what is asked while a plan is made. */
export function findProgramNow(name: string, path: string = process.env.PATH ?? ''): string | null {
  const isExecutable = (candidate: string) => {
    try {
      accessSync(candidate, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  return placesOf(name, path).find(isExecutable) ?? null;
}
