import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { flagOf, readCmdline } from '../collect/process/read.ts';
import { defaultDaemonJson } from '../config/load-config.ts';
import type { EngineConditions } from '../model/host.ts';

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

/**
 * Options of a running dockerd from its command line and its configuration file, both in dockerd's view. The file may have
 * changed since dockerd started. Empty where they cannot be read.
 */
export async function readDockerdOptions(pid: number, procRoot = '/proc'): Promise<DockerdOptions> {
  const argv = readCmdline(procRoot, pid);
  if (argv.length === 0) return {};
  const named = flagOf(argv, '--config-file') ?? defaultDaemonJson;
  try {
    const file = await readFile(join(procRoot, String(pid), 'root', named), 'utf8').catch(
      (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      },
    );
    return parseDockerdOptions(argv, file);
  } catch {
    return {};
  }
}
