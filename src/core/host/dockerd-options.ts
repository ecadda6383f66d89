import { join } from 'node:path';
import * as z from 'zod';
import { dockerdsOfHost } from '../collect/engine-daemons.ts';
import { flagOf, pidNamespaceDepth, readCmdline, readProcessFile } from '../collect/process/read.ts';
import { parseDaemonJson } from '../config/daemon-json.ts';
import { runtimesOf } from '../config/registered-runtimes.ts';
import { readPlainFile } from '../files/plain-file.ts';
import { type EngineConditions, namelessMark } from '../model/machine/host.ts';
import { defaultDaemonJson } from '../model/runtime/engine-kind.ts';
import type { RuntimeEntry } from '../model/runtime/runtime.ts';

export { dockerdOfConnection } from '../collect/engine-daemons.ts';

const limit = z.number().int();
const optionsSchema = z.object({
  'userland-proxy': z.boolean().optional(),
  'default-ulimits': z
    .record(z.string(), z.object({ Name: z.string().optional(), Soft: limit, Hard: limit }))
    .optional(),
});
const listeningSchema = z.object({
  hosts: z.array(z.string()).nullish(),
  tls: z.boolean().nullish(),
  tlsverify: z.boolean().nullish(),
});

/** Options that dockerd's API does not report. */
export type DockerdOptions = Pick<EngineConditions, 'userlandProxy' | 'defaultUlimits'>;

/** All values of a repeatable flag: `--name=value` and `--name value`. */
function flagsOf(argv: readonly string[], name: string): readonly string[] {
  return argv.flatMap((word, at) =>
    word === name ? (argv[at + 1] ?? []) : word.startsWith(`${name}=`) ? word.slice(name.length + 1) : [],
  );
}

/** Normalises `nofile=1024` to `nofile=1024:1024`. */
function ulimit(text: string): string {
  return text.includes(':') ? text : `${text}:${text.split('=')[1] ?? ''}`;
}

/** Reads the options from a command line and the text of the configuration file; null where there is no file. */
export function parseDockerdOptions(argv: readonly string[], file: string | null): DockerdOptions {
  const parsed = file === null ? {} : optionsSchema.parse(JSON.parse(file));
  const flag = flagOf(argv, '--userland-proxy');
  const ofFile = Object.entries(parsed['default-ulimits'] ?? {}).map(
    ([key, { Name, Soft, Hard }]) => `${Name || `${key}${namelessMark}`}=${Soft}:${Hard}`,
  );
  const limits = [...ofFile, ...flagsOf(argv, '--default-ulimit').map(ulimit)];
  return {
    userlandProxy: parsed['userland-proxy'] ?? flag !== 'false',
    defaultUlimits: limits.length === 0 ? 'none' : limits.toSorted().join(' ').slice(0, 200),
  };
}

type ReadText = (path: string) => Promise<string>;

/** A regular file alone: in another process's view it may be a pipe. */
const readText: ReadText = async (path) =>
  (await readPlainFile(path, { followLinks: true })).toString('utf8');

/** The configuration file that a command line names. */
const fileOf = (argv: readonly string[]) => flagOf(argv, '--config-file') ?? defaultDaemonJson;

/** Has an error this code of errno(3)? The reader of plain files passes all but ENOENT on as causes. */
const hasCode = (error: unknown, code: string) =>
  [error, (error as Error).cause].some((each) => (each as NodeJS.ErrnoException | undefined)?.code === code);

/**
 * Text of the configuration file of a running dockerd, in its view; null without a file. That view is closed to users other than
 * root: they read the file of that name on this host, unless dockerd is in a container. Throws where it cannot be read.
 */
async function configurationOf(
  pid: number,
  argv: readonly string[],
  procRoot: string,
  read: ReadText,
): Promise<string | null> {
  const file = fileOf(argv);
  const isHere = () => pidNamespaceDepth(readProcessFile(procRoot, pid, 'status') ?? '') === 1;
  try {
    return await read(join(procRoot, String(pid), 'root', file)).catch((error: unknown) => {
      if (hasCode(error, 'EACCES') && isHere()) return read(file);
      throw error;
    });
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/**
 * Options of a running dockerd from its command line and its configuration file, which may have changed since dockerd started.
 * Empty where they cannot be read. `read`: replaced in tests.
 */
export async function readDockerdOptions(
  pid: number,
  procRoot = '/proc',
  read: ReadText = readText,
): Promise<DockerdOptions> {
  const argv = readCmdline(procRoot, pid);
  if (argv.length === 0) return {};
  try {
    return parseDockerdOptions(argv, await configurationOf(pid, argv, procRoot, read));
  } catch {
    return {};
  }
}

/**
 * The runtimes that the configuration file of a running dockerd registers: its API does not tell the shim of one that is
 * registered by `runtimeType`. Empty where the file cannot be read or used.
 */
export async function readDockerdRuntimes(pid: number, procRoot = '/proc'): Promise<readonly RuntimeEntry[]> {
  const argv = readCmdline(procRoot, pid);
  const text = await configurationOf(pid, argv, procRoot, readText).catch(() => null);
  const parsed = text === null ? null : parseDaemonJson(text, fileOf(argv));
  return parsed?.ok ? runtimesOf(parsed.config, { present: [], withoutNetwork: [] }) : [];
}

/** Where a dockerd of this host listens, if not at the default socket. */
export interface DockerdElsewhere {
  /** Its host id; null where none runs, or none can be seen, and the file alone says so. */
  readonly pid: number | null;
  /** Its configuration file. */
  readonly file: string;
  /** As written: `tcp://0.0.0.0:2376`, `unix:///srv/docker.sock`. */
  readonly hosts: readonly [string, ...string[]];
  /** Does TCP have TLS? */
  readonly tls: boolean;
}

/** Names of the default socket; with `fd://` systemd listens on it. */
const defaultHosts = /^(?:fd:\/\/.*|unix:\/\/(?:(?:\/var)?\/run\/docker\.sock)?)$/;

/**
 * Reads where a dockerd listens from its command line and the text of its file; null for the default socket, where nothing says
 * otherwise.
 */
export function parseListening(
  argv: readonly string[],
  source: string | null,
): Pick<DockerdElsewhere, 'hosts' | 'tls'> | null {
  const parsed = listeningSchema.safeParse(source === null ? {} : JSON.parse(source)).data ?? {};
  const short = argv.flatMap((word) => (/^-H=?./.test(word) ? word.replace(/^-H=?/, '') : []));
  const flags = [...flagsOf(argv, '--host'), ...argv.filter((_, at) => argv[at - 1] === '-H'), ...short];
  const [first, ...more] = [...flags, ...(parsed.hosts ?? [])].map((host) => host.slice(0, 200));
  if (first === undefined || [first, ...more].some((host) => defaultHosts.test(host))) return null;
  const isOn = (name: string) => argv.some((word) => word === name || word === `${name}=true`);
  const tls = parsed.tls === true || parsed.tlsverify === true || isOn('--tls') || isOn('--tlsverify');
  return { hosts: [first, ...more], tls };
}

/**
 * The first dockerd of this host that listens elsewhere than at the default socket; where none runs, what the default file says of
 * it. Null where none does, or nothing can be read.
 */
export async function dockerdElsewhere(
  procRoot = '/proc',
  standard = defaultDaemonJson,
): Promise<DockerdElsewhere | null> {
  const running = dockerdsOfHost(procRoot);
  // A dockerd that runs need not read the default file.
  for (const pid of running.length === 0 ? [null] : running) {
    const argv = pid === null ? [] : readCmdline(procRoot, pid);
    const file = pid === null ? standard : fileOf(argv);
    try {
      const source =
        pid === null ? await readText(file) : await configurationOf(pid, argv, procRoot, readText);
      const found = parseListening(argv, source);
      if (found !== null) return { pid, file, ...found };
    } catch {
      // A file that cannot be read says nothing.
    }
  }
  return null;
}
