import { parse, TomlError } from 'smol-toml';
import { reasons } from '../../../core/messages/define.ts';
import { type Problem, problemOf } from '../../../core/model/failure/error.ts';
import type { RuntimeEntry } from '../../../core/model/runtime/runtime.ts';
import { shimBinary, shimType } from '../../../core/runtimes/entry.ts';

const text = reasons('toml', {
  syntax: {
    message: 'line {line}, column {column}: {error}',
    fix: 'correct the TOML, then check it:  containerd config dump',
  },
});

/** A runtime of containerd's CRI plugin, which Kubernetes uses by this name. */
export interface ContainerdRuntime {
  readonly name: string;
  /** `io.containerd.<name>.<version>`: the shim; null if the entry names none. */
  readonly runtimeType: string | null;
  /** The OCI runtime that the runc shim calls; null: the shim's own choice. */
  readonly binary: string | null;
}

/** The runtimes of a containerd configuration, and patterns of its further files; or its errors. */
type ContainerdConfig =
  | {
      readonly ok: true;
      readonly runtimes: readonly ContainerdRuntime[];
      readonly imports: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** containerd's default path. */
export const defaultContainerdConfig = '/etc/containerd/config.toml';

/** The CRI plugin's name by version of the file: 1, 2, 3 (containerd `docs/cri/config.md`). */
const criPlugins = ['cri', 'io.containerd.grpc.v1.cri', 'io.containerd.cri.v1.runtime'] as const;

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

const textOrNull = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);

/**
 * Parses containerd's config.toml, of any version of the format. Reads only the parts about runtimes, and skips values of a
 * wrong type. Does not check whether containerd would start with the file.
 */
export function parseContainerdConfig(source: string, file: string): ContainerdConfig {
  let config: unknown;
  try {
    config = parse(source);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = text.syntax({
      line: String(error.line),
      column: String(error.column),
      error: error.message.split('\n')[0] ?? '',
    });
    return { ok: false, problems: [problemOf(file, reason)] };
  }
  const runtimes = criPlugins.flatMap((plugin) => {
    const declared = member(member(member(member(config, 'plugins'), plugin), 'containerd'), 'runtimes');
    if (typeof declared !== 'object' || declared === null) return [];
    return Object.entries(declared).map(([name, entry]): ContainerdRuntime => {
      const options = member(entry, 'options');
      return {
        name,
        runtimeType: textOrNull(member(entry, 'runtime_type')),
        binary: textOrNull(member(options, 'BinaryName')),
      };
    });
  });
  const imports = member(config, 'imports');
  return {
    ok: true,
    runtimes,
    imports: Array.isArray(imports) ? imports.filter((one): one is string => typeof one === 'string') : [],
  };
}

/**
 * Whether Docker can use a runtime by this name, or why not.
 * - `usable`, `built-in` (the runc that comes with dockerd)
 * - `not-loaded`: daemon.json has it, the daemon does not: it did not reload, or reads another file
 * - `not-in-file`: the daemon has it, daemon.json does not: from a flag of dockerd, or the file changed since
 * - `shim-by-path`: registered by a path that leads to a containerd shim, which dockerd cannot call
 * - `no-program`, `no-shim`: registered, but the program or shim is not on this host
 * - `unasked`: registered in daemon.json, and no daemon answers
 * - `containerd-program`: only containerd's CRI plugin knows it, as an OCI runtime that Docker could register by path
 * - `containerd-shim`: only containerd's CRI plugin knows it, as a shim that Docker can call by the shim's own name
 * - `containerd-no-shim`: the same, but the shim's binary is not on this host
 */
export type DockerUse =
  | 'usable'
  | 'built-in'
  | 'not-loaded'
  | 'not-in-file'
  | 'shim-by-path'
  | 'no-program'
  | 'no-shim'
  | 'unasked'
  | 'containerd-program'
  | 'containerd-shim'
  | 'containerd-no-shim';

/** The entries of one name in the three places that register runtimes; null: not there. */
export interface Registration {
  readonly name: string;
  /** Entry of daemon.json: a command line, or a shim's name. */
  readonly file: string | null;
  /** Entry of the daemon's /info. */
  readonly daemon: string | null;
  /** Entry of the CRI plugin in containerd's config.toml. */
  readonly containerd: string | null;
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
  readonly containerd: readonly ContainerdRuntime[];
}

/** Is this program, by path or name, installed on the host? */
export type IsInstalled = (program: string) => Promise<boolean>;

const commandLine = (path: string | undefined, args: readonly string[] | undefined) =>
  [path ?? '', ...(args ?? [])].join(' ').trim();

/** Is it containerd's shim for OCI runtimes? It calls runc unless `BinaryName` is set. */
const isRuncShim = (type: string) => /^io\.containerd\.runc\.v[12]$/.test(type);

const namedBy = (type: string, binary: string | null) => (binary === null ? type : `${type} (${binary})`);

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
