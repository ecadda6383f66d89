import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** What a program did. `exitCode` is null where it could not be started or was ended at the time limit. */
export interface ProgramResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program without a shell and never rejects; the seam that tests replace. */
export type RunProgram = (
  file: string,
  args: readonly string[],
  options?: { readonly timeoutMs?: number; readonly env?: Readonly<Record<string, string>> },
) => Promise<ProgramResult>;

/** Directories where a login shell of root looks, in case that PATH is a user's. */
const systemDirs = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

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

/** Full path of a program on PATH or in the system's directories, or of an absolute path; null where none can be executed. */
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
