import { basename, dirname, join, resolve } from 'node:path';
import type { RunRequest } from '../../core/config/command-line.ts';
import {
  presetConfig,
  type SeccompFile,
  type SeccompFiles,
  seccompNames,
} from '../../core/config/container-profiles.ts';
import type { BenchConfig } from '../../core/config/define-config.ts';
import type { LoadedConfig } from '../../core/config/load-config.ts';
import { listOfProfiles, type ProfileShape, type ProfilesShape } from '../../core/config/profile-shape.ts';
import { commonDefaults } from '../../core/config/resolve.ts';
import { readPlainFile } from '../../core/files/plain-file.ts';
import { type Reason, reasons } from '../../core/messages/define.ts';
import { OcibenchError } from '../../core/model/failure/error.ts';

const text = reasons('seccomp', {
  missing: {
    message: 'does not exist: {path}',
    fix: 'name an existing file; a relative path starts at the configuration, of --set at the working directory',
  },
  unreadable: { message: 'cannot be read: {why}', fix: 'name a regular file that you can read' },
});

/** Values of `seccomp` that are keywords and not paths. */
const notFiles: ReadonlySet<string> = new Set(['unconfined', 'strict']);

/** Base directory of relative paths in a configuration. */
function directoryOf(loaded: LoadedConfig | null, workingDirectory: string): string {
  return loaded === null ? workingDirectory : dirname(resolve(workingDirectory, loaded.file));
}

/** The values of `--set`, with each relative path of a filter resolved as a shell does: from the working directory. */
export function withSeccompPaths<T extends Pick<BenchConfig, 'profiles'>>(
  set: T | undefined,
  workingDirectory: string,
): T | undefined {
  if (set?.profiles === undefined) return set;
  const at = <S extends ProfileShape>(shape: S): S =>
    shape.seccomp === undefined || notFiles.has(shape.seccomp)
      ? shape
      : { ...shape, seccomp: resolve(workingDirectory, shape.seccomp) };
  const { profiles } = set;
  const resolved: ProfilesShape = Array.isArray(profiles)
    ? profiles.map((each) => (typeof each === 'string' ? each : at(each)))
    : Object.fromEntries(Object.entries(profiles).map(([name, shape]) => [name, at(shape)]));
  return { ...set, profiles: resolved };
}

/**
 * The profiles of a configuration for another system, with every seccomp file moved below `place`, and the texts of these files
 * by their new paths. File names stay, because records have them. The files have been checked before.
 */
export async function movedSeccompFiles(
  profiles: ProfilesShape,
  loaded: LoadedConfig,
  workingDirectory: string,
  place: string,
): Promise<{ readonly profiles: ProfilesShape; readonly files: ReadonlyMap<string, string> }> {
  const directory = directoryOf(loaded, workingDirectory);
  const moved = await Promise.all(
    listOfProfiles(profiles).map(async (each, at) => {
      if (typeof each === 'string' || each.seccomp === undefined || notFiles.has(each.seccomp))
        return { profile: each, files: [] };
      const path = join(place, String(at), basename(each.seccomp));
      const source = await readPlainFile(resolve(directory, each.seccomp), { followLinks: true });
      return { profile: { ...each, seccomp: path }, files: [[path, source.toString('utf8')] as const] };
    }),
  );
  return {
    profiles: moved.map(({ profile }) => profile),
    // In the order of the profiles, whichever file is read first.
    files: new Map(moved.flatMap(({ files }) => files)),
  };
}

/** Reads and checks the seccomp profiles that flags and configuration name. The problems of a file are in its own entry. */
export async function readSeccompFiles(
  { profiles: flag, preset }: { readonly [Key in 'profiles' | 'preset']: RunRequest[Key] | undefined },
  loaded: LoadedConfig | null,
  workingDirectory: string,
): Promise<SeccompFiles> {
  const chosen = preset ?? loaded?.config.preset ?? commonDefaults.preset;
  const names = seccompNames({ flag, file: loaded?.config.profiles ?? presetConfig[chosen]?.profiles });
  if (names.length === 0) return new Map();
  // The names of all system calls are a large table, and most runs need none.
  const { parseSeccomp, strictFile } = await import('./seccomp-profile.ts');
  const directory = directoryOf(loaded, workingDirectory);
  const read = async (name: string): Promise<SeccompFile> => {
    const path = name === 'strict' ? strictFile : resolve(directory, name);
    const failed = (reason: Reason) => ({ ok: false as const, reasons: [reason] });
    try {
      const source = (await readPlainFile(path, { followLinks: true })).toString('utf8');
      return parseSeccomp(source, name === 'strict' ? name : basename(path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return failed(text.missing({ path }));
      if (error instanceof OcibenchError)
        return failed(text.unreadable({ why: error.problems[0]?.message ?? '' }));
      throw error;
    }
  };
  return new Map(await Promise.all(names.map(async (name) => [name, await read(name)] as const)));
}
