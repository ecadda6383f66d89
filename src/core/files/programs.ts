import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Directories in the PATH of root's login shell, in case PATH is a user's. */
const systemDirs = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Where a program of this name may be: on PATH, then in the system's directories. */
function placesOf(name: string, path: string): readonly string[] {
  if (name.includes('/')) return [name];
  const directories = [...path.split(':').filter((directory) => directory !== ''), ...systemDirs];
  return [...new Set(directories)].map((directory) => join(directory, name));
}

/** May this process use the file in this way (access(2))? */
function isUsable(file: string, mode: number): boolean {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
}

/** {@link findProgramNow}, for callers that wait anyway. */
export async function findProgram(name: string, path?: string): Promise<string | null> {
  return findProgramNow(name, path);
}

/**
 * Full path of a program on PATH or in the system's directories, or of an absolute path; null where it is not
 * executable.
 */
export function findProgramNow(name: string, path: string = process.env.PATH ?? ''): string | null {
  return placesOf(name, path).find((place) => isUsable(place, constants.X_OK)) ?? null;
}

/** Where the dynamic loader of this machine looks without a configuration of its own (ld.so(8)), Debian's directories first. */
const libraryDirs = [
  '/usr/local/lib',
  `/usr/local/lib/${triplet()}`,
  `/usr/lib/${triplet()}`,
  '/usr/lib64',
  '/usr/lib',
  `/lib/${triplet()}`,
  '/lib64',
  '/lib',
];

function triplet(): string {
  const names: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };
  return `${names[process.arch] ?? process.arch}-linux-gnu`;
}

/** Full path of a shared library in `path` (as LD_LIBRARY_PATH) or the usual directories; null where none has it. */
export async function findLibrary(
  name: string,
  path: string = process.env.LD_LIBRARY_PATH ?? '',
): Promise<string | null> {
  const directories = [...path.split(':').filter((each) => each.startsWith('/')), ...libraryDirs];
  const files = directories.map((directory) => join(directory, name));
  return files.find((file) => isUsable(file, constants.R_OK)) ?? null;
}
