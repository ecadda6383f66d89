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
  for (const directory of [...path.split(':').filter((each) => each.startsWith('/')), ...libraryDirs]) {
    const file = join(directory, name);
    const isThere = await access(file, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return null;
}
