import type { RuntimeEntry } from '../../../core/model/runtime/runtime.ts';
import { shimBinary, shimType } from '../../../core/runtimes/entry.ts';

/**
 * Whether Docker can use a runtime by this name, or why not.
 * - `usable`, `built-in` (the runc that comes with dockerd)
 * - `not-loaded`: daemon.json has it, the daemon does not: it did not reload, or reads another file
 * - `not-in-file`: the daemon has it, daemon.json does not: from a flag of dockerd, or the file changed since
 * - `shim-by-path`: registered by a path that leads to a containerd shim, which dockerd cannot call
 * - `no-program`, `no-shim`: registered, but the program or shim is not on this host
 * - `unasked`: registered in daemon.json, and no daemon answers
 */
export type DockerUse =
  | 'usable'
  | 'built-in'
  | 'not-loaded'
  | 'not-in-file'
  | 'shim-by-path'
  | 'no-program'
  | 'no-shim'
  | 'unasked';

/** The entries of one name in the two places that register runtimes; null: not there. */
export interface Registration {
  readonly name: string;
  /** Entry of daemon.json: a command line, or a shim's name. */
  readonly file: string | null;
  /** Entry of the daemon's /info. */
  readonly daemon: string | null;
  readonly use: DockerUse;
  /** The program, shim or type that `use` refers to. */
  readonly about: string;
}

/** A runtime in the daemon's /info; a shim has no path there. */
interface DaemonRuntime {
  readonly name: string;
  readonly path?: string;
  readonly runtimeArgs?: readonly string[];
}

/** All places where a runtime can be registered. */
export interface RegistrationSources {
  /** Entries of daemon.json; empty if there is no file. */
  readonly file: readonly RuntimeEntry[];
  /** The daemon's list; null if no daemon answers. */
  readonly daemon: readonly DaemonRuntime[] | null;
}

/** Is this program, by path or name, installed on the host? */
export type IsInstalled = (program: string) => Promise<boolean>;

const commandLine = (path: string | undefined, args: readonly string[] | undefined) =>
  [path ?? '', ...(args ?? [])].join(' ').trim();

async function useOfRegistered(
  entry: RuntimeEntry,
  listed: DaemonRuntime | undefined,
  asked: boolean,
  isInstalled: IsInstalled,
): Promise<Pick<Registration, 'use' | 'about'>> {
  const type = entry.runtimeType;
  const byPath = entry.path === undefined ? null : shimType(entry.path);
  if (byPath !== null) return { use: 'shim-by-path', about: byPath };
  const program = type === undefined ? (entry.path ?? '') : (shimBinary(type) ?? type);
  if (!(await isInstalled(program)))
    return { use: type === undefined ? 'no-program' : 'no-shim', about: program };
  if (!asked) return { use: 'unasked', about: program };
  const same =
    listed !== undefined &&
    (type !== undefined ||
      commandLine(listed.path, listed.runtimeArgs) === commandLine(entry.path, entry.runtimeArgs));
  return { use: same ? 'usable' : 'not-loaded', about: program };
}

/**
 * Compares the two places, one row per name: runc first, then in the order of daemon.json and the daemon. The runtimes
 * of containerd's CRI plugin are for Kubernetes: Docker never reads them.
 */
export async function registrationsOf(
  sources: RegistrationSources,
  isInstalled: IsInstalled,
): Promise<readonly Registration[]> {
  const names = new Set([
    'runc',
    ...sources.file.map(({ name }) => name),
    ...(sources.daemon ?? []).map(({ name }) => name),
  ]);
  return Promise.all(
    [...names].map(async (name): Promise<Registration> => {
      const entry = sources.file.find((one) => one.name === name);
      const listed = sources.daemon?.find((one) => one.name === name);
      const places = {
        name,
        file: entry === undefined ? null : (entry.runtimeType ?? commandLine(entry.path, entry.runtimeArgs)),
        daemon: listed === undefined ? null : commandLine(listed.path, listed.runtimeArgs),
      };
      if (name === 'runc') return { ...places, use: 'built-in', about: 'runc' };
      if (entry !== undefined)
        return { ...places, ...(await useOfRegistered(entry, listed, sources.daemon !== null, isInstalled)) };
      return { ...places, use: 'not-in-file', about: listed?.path ?? name };
    }),
  );
}
