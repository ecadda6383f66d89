import { release } from 'node:os';
import type { Variant } from '../config/define-config.ts';
import { defaultDaemonJson, loadDaemonJson } from '../config/load-config.ts';
import { runtimesOf } from '../config/registered-runtimes.ts';
import { variantEntries } from '../config/variants.ts';
import type { DockerEngine } from '../engine/docker-engine.ts';
import { installedRuntimes } from '../host/runtimes.ts';
import { exitCodes, OcibenchError } from '../model/error.ts';
import { onThisMachine } from '../model/hidden-engine.ts';
import type { ResolvedConfig } from '../model/run.ts';
import type { RuntimeEntry } from '../model/runtime.ts';
import { spokenProblem } from './language.ts';
import { terminal } from './terminal.ts';

/** The runtimes to compare, and where their names come from. */
export interface Registered {
  readonly entries: readonly RuntimeEntry[];
  /** The daemon.json they were read from; null where there is none. */
  readonly file: string | null;
}

/** Reads daemon.json, or PATH where there is none, and adds the variants of bench.config.ts. */
export async function registeredRuntimes(
  daemonJson: string | null,
  variants: readonly Variant[],
): Promise<Registered> {
  const loaded = await loadDaemonJson(daemonJson);
  for (const note of loaded?.notes ?? []) terminal.log(`note: ${spokenProblem(note)}`);
  const entries = runtimesOf(loaded?.config ?? null, await installedRuntimes(release()));
  const extra = variantEntries(variants, entries, 'bench.config.ts');
  if (extra.problems.length > 0)
    throw new OcibenchError('bench.config.ts cannot be used', {
      exitCode: exitCodes.misuse,
      problems: extra.problems,
    });
  return { entries: [...entries, ...extra.entries], file: loaded?.file ?? null };
}

/**
 * What a Docker daemon that is not ours has registered: its own word, completed by what daemon.json says of an
 * entry (the daemon does not tell the `runtimeType`). Entries of daemon.json that the daemon does not know stay,
 * so that the report can say that the daemon was not restarted.
 */
export async function runtimesOfDaemon(
  engine: DockerEngine,
  registered: Registered,
): Promise<readonly RuntimeEntry[]> {
  const listed = await engine.runtimes();
  // The default file is this host's: it says nothing of a daemon elsewhere, a file that was named does.
  const elsewhere = !onThisMachine(engine.facts) && registered.file === defaultDaemonJson;
  const fromFile = registered.file === null || elsewhere ? [] : registered.entries;
  const known = new Map(fromFile.map((entry) => [entry.name, entry]));
  const entries = listed.map(
    ({ name, path, runtimeArgs }): RuntimeEntry =>
      known.get(name) ?? {
        name,
        ...(path === undefined ? {} : { path }),
        ...(runtimeArgs === undefined ? {} : { runtimeArgs: [...runtimeArgs] }),
        origin: 'engine',
      },
  );
  const names = new Set(entries.map((entry) => entry.name));
  return [...entries, ...fromFile.filter((entry) => !names.has(entry.name))];
}

/** The baseline first, then those asked for, or all. OcibenchError (exit 2) that names what is not registered. */
export function chooseRuntimes(
  entries: readonly RuntimeEntry[],
  config: Pick<ResolvedConfig, 'runtimes' | 'baseline'>,
  source: string,
): readonly RuntimeEntry[] {
  const wanted = config.runtimes ?? entries.map((entry) => entry.name);
  const unknown = [...new Set([config.baseline, ...wanted])].filter(
    (name) => !entries.some((entry) => entry.name === name),
  );
  if (unknown.length > 0)
    throw new OcibenchError('not every runtime that was asked for is registered', {
      exitCode: exitCodes.misuse,
      problems: unknown.map((name) => ({
        file: source,
        key: `runtimes.${name}`,
        message: 'there is no such runtime',
        fix: `register it there, or choose from: ${entries.map((entry) => entry.name).join(', ')}`,
      })),
    });
  const chosen = entries.filter((entry) => wanted.includes(entry.name) || entry.name === config.baseline);
  return chosen.toSorted((a, b) => Number(b.name === config.baseline) - Number(a.name === config.baseline));
}
