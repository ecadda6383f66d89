import { accessSync, constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** Directories in the PATH of root's login shell, in case PATH is a user's. */
const systemDirs = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

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

/** {@link findProgram} as a synchronous function, for use while trials are scheduled. */
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
