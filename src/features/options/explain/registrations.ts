import type { RuntimeEntry } from '../../../core/model/runtime.ts';
import { shimBinary } from '../../../core/runtimes/entry.ts';
import type { ContainerdRuntime } from './containerd-toml.ts';
import type { DockerUse, Registration } from './registration.ts';

/** A runtime in the daemon's /info; a shim has no path there. */
interface KnownToDaemon {
  readonly name: string;
  readonly path?: string;
  readonly runtimeArgs?: readonly string[];
}

/** All places where a runtime can be registered. */
export interface RegistrationSources {
  /** Entries of daemon.json; empty where there is no file. */
  readonly file: readonly RuntimeEntry[];
  /** The daemon's list; null where no daemon answers. */
  readonly daemon: readonly KnownToDaemon[] | null;
  readonly containerd: readonly ContainerdRuntime[];
}

/** Is this program, by path or name, installed on the host? */
export type IsInstalled = (program: string) => Promise<boolean>;

const commandLine = (path: string | undefined, args: readonly string[] | undefined) =>
  [path ?? '', ...(args ?? [])].join(' ').trim();

/** Is it containerd's shim for OCI runtimes, which calls runc without `BinaryName`? */
const isRuncShim = (type: string) => /^io\.containerd\.runc\.v[12]$/.test(type);

const namedBy = (type: string, binary: string | null) => (binary === null ? type : `${type} (${binary})`);

async function useOfRegistered(
  entry: RuntimeEntry,
  listed: KnownToDaemon | undefined,
  asked: boolean,
  isInstalled: IsInstalled,
): Promise<Pick<Registration, 'use' | 'about'>> {
  const type = entry.runtimeType;
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

async function useOfContainerd(
  runtime: ContainerdRuntime,
  isInstalled: IsInstalled,
): Promise<Pick<Registration, 'use' | 'about'>> {
  const type = runtime.runtimeType ?? '';
  if (type === '' || isRuncShim(type)) return { use: 'containerd-program', about: runtime.binary ?? 'runc' };
  const shim = shimBinary(type);
  const use: DockerUse =
    shim !== null && (await isInstalled(shim)) ? 'containerd-shim' : 'containerd-no-shim';
  return { use, about: use === 'containerd-shim' ? type : (shim ?? type) };
}

/**
 * Compares the three places, one row per name: runc first, then in the order of daemon.json, the daemon and containerd.
 * Docker uses daemon.json and /info. The CRI plugin's runtimes are for Kubernetes: Docker never reads them, although
 * both may call the same shims and programs.
 */
export async function registrationsOf(
  sources: RegistrationSources,
  isInstalled: IsInstalled,
): Promise<readonly Registration[]> {
  const names = new Set([
    'runc',
    ...sources.file.map(({ name }) => name),
    ...(sources.daemon ?? []).map(({ name }) => name),
    ...sources.containerd.map(({ name }) => name),
  ]);
  return Promise.all(
    [...names].map(async (name): Promise<Registration> => {
      const entry = sources.file.find((one) => one.name === name);
      const listed = sources.daemon?.find((one) => one.name === name);
      const cri = sources.containerd.find((one) => one.name === name);
      const places = {
        name,
        file: entry === undefined ? null : (entry.runtimeType ?? commandLine(entry.path, entry.runtimeArgs)),
        daemon: listed === undefined ? null : commandLine(listed.path, listed.runtimeArgs),
        containerd: cri === undefined ? null : namedBy(cri.runtimeType ?? '', cri.binary),
      };
      if (name === 'runc') return { ...places, use: 'built-in', about: 'runc' };
      if (entry !== undefined)
        return { ...places, ...(await useOfRegistered(entry, listed, sources.daemon !== null, isInstalled)) };
      if (listed !== undefined) return { ...places, use: 'not-in-file', about: listed.path ?? name };
      if (cri === undefined) throw new Error(`no place has '${name}'`);
      return { ...places, ...(await useOfContainerd(cri, isInstalled)) };
    }),
  );
}
