import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { flagOf, readCmdline } from '../collect/process/read.ts';
import { parseDaemonJson } from '../config/daemon-json.ts';
import { runtimesOf } from '../config/registered-runtimes.ts';
import { defaultDaemonJson } from '../model/engine-kind.ts';
import type { EngineConditions } from '../model/host.ts';
import type { RuntimeEntry } from '../model/runtime.ts';

const limit = z.number().int();
const optionsSchema = z.object({
  'userland-proxy': z.boolean().optional(),
  'default-ulimits': z.record(z.string(), z.object({ Soft: limit, Hard: limit })).optional(),
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
    ([name, { Soft, Hard }]) => `${name}=${Soft}:${Hard}`,
  );
  const limits = [...ofFile, ...flagsOf(argv, '--default-ulimit').map(ulimit)];
  return {
    userlandProxy: parsed['userland-proxy'] ?? flag !== 'false',
    defaultUlimits: limits.length === 0 ? 'none' : limits.toSorted().join(' ').slice(0, 200),
  };
}

/** The configuration file of a running dockerd, in its view; null without a file. Throws where it cannot be read. */
async function configurationOf(
  pid: number,
  argv: readonly string[],
  procRoot: string,
): Promise<{ readonly file: string; readonly text: string } | null> {
  const file = flagOf(argv, '--config-file') ?? defaultDaemonJson;
  try {
    return { file, text: await readFile(join(procRoot, String(pid), 'root', file), 'utf8') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Options of a running dockerd from its command line and its configuration file, both in dockerd's view. The file may have
 * changed since dockerd started. Empty where they cannot be read.
 */
export async function readDockerdOptions(pid: number, procRoot = '/proc'): Promise<DockerdOptions> {
  const argv = readCmdline(procRoot, pid);
  if (argv.length === 0) return {};
  try {
    const found = await configurationOf(pid, argv, procRoot);
    return parseDockerdOptions(argv, found?.text ?? null);
  } catch {
    return {};
  }
}

/**
 * The runtimes that the configuration file of a running dockerd registers: its API does not tell the shim of one that is
 * registered by `runtimeType`. Empty where the file cannot be read or used.
 */
export async function readDockerdRuntimes(pid: number, procRoot = '/proc'): Promise<readonly RuntimeEntry[]> {
  const found = await configurationOf(pid, readCmdline(procRoot, pid), procRoot).catch(() => null);
  const parsed = found === null ? null : parseDaemonJson(found.text, found.file);
  return parsed?.ok ? runtimesOf(parsed.config, { present: [], withoutNetwork: [] }) : [];
}
