import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

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

/** Runs a program with execa and empty input; default timeout 10 s. See {@link RunProgram}. */
export const runProgram: RunProgram = async (file, args, { timeoutMs = 10_000, env = {} } = {}) => {
  const result = await execa(file, [...args], {
    reject: false,
    stdin: 'ignore',
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: 1_000_000,
    env,
  });
  return {
    exitCode: result.exitCode ?? null,
    stdout: String(result.stdout ?? ''),
    stderr: String(result.stderr ?? ''),
  };
};

/**
 * Full path of a program on PATH or in the system's directories, or of an absolute path; null where it is not
 * executable.
 */
export async function findProgram(
  name: string,
  path: string = process.env.PATH ?? '',
): Promise<string | null> {
  const candidates = name.includes('/')
    ? [name]
    : [...new Set([...path.split(':').filter((directory) => directory !== ''), ...systemDirs])].map(
        (directory) => join(directory, name),
      );
  for (const candidate of candidates) {
    const executable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return candidate;
  }
  return null;
}
