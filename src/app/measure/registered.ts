import { homedir, release } from 'node:os';
import { basename, join } from 'node:path';
import { loadDaemonJson } from '../../core/config/load-config.ts';
import { variantEntries } from '../../core/config/matrix.ts';
import { runtimesOf } from '../../core/config/registered-runtimes.ts';
import type { Resolution } from '../../core/config/resolve.ts';
import { findProgram } from '../../core/files/programs.ts';
import { installedRuntimes } from '../../core/host/runtimes.ts';
import { external, listed } from '../../core/messages/compose.ts';
import { notices, type Reason, reasons } from '../../core/messages/define.ts';
import { formatProblem, misuse, type Problem, problemOf } from '../../core/model/failure/error.ts';
import type { EngineFacts } from '../../core/model/machine/host.ts';
import { nearest } from '../../core/model/nearest.ts';
import type { ResolvedConfig } from '../../core/model/run/run.ts';
import { mayBeDocker } from '../../core/model/runtime/engine-choice.ts';
import { daemonSettings, defaultDaemonJson, engineTraits } from '../../core/model/runtime/engine-kind.ts';
import type { RuntimeEntry } from '../../core/model/runtime/runtime.ts';
import { onThisMachine } from '../../core/model/runtime/unreachable-engine.ts';
import type { Reporter } from '../reporter.ts';
import type { Engines } from './engines.ts';
import { type ContainerEngine, type DaemonFlags, isAskedFor, type ListedRuntime } from './engines.ts';

const text = notices('registered', {
  unusableConfig: '{file} cannot be used',
  notAll: 'some of the requested runtimes are not registered',
  note: 'note: {note}',
});
const why = reasons('registered', {
  unknown: {
    message: 'there is no such runtime',
    fix: 'register it there, or choose from: {names}',
  },
  misspelt: {
    message: 'there is no such runtime',
    fix: "did you mean ''{guess}''? registered: {names}",
  },
});

/** The runtimes to compare, and their source. */
export interface RegisteredRuntimes {
  readonly entries: readonly RuntimeEntry[];
  /** The daemon.json they were read from; null where there is none. */
  readonly file: string | null;
  /** Unexpected effects of that file in dockerd. */
  readonly notes: readonly Problem[];
}

/** Logs the unexpected effects of daemon.json in dockerd. */
export function reportNotes(reporter: Pick<Reporter, 'log' | 'lang'>, { notes }: RegisteredRuntimes): void {
  for (const note of notes) reporter.log(text.note({ note: external(formatProblem(note, reporter.lang)) }));
}

/**
 * Reads daemon.json, or PATH where there is none, and adds the variants of the configuration. OcibenchError (exit 2) where a
 * variant cannot be added; it names the configuration's file.
 */
export async function registeredRuntimes({
  daemonJson,
  variants,
  file,
}: Pick<Resolution, 'daemonJson' | 'variants' | 'file'>): Promise<RegisteredRuntimes> {
  const loaded = await loadDaemonJson(daemonJson);
  const entries = runtimesOf(loaded?.config ?? null, await installedRuntimes(release()));
  const extra = variantEntries(variants, entries, file);
  if (extra.problems.length > 0) throw misuse(text.unusableConfig({ file }), extra.problems);
  return { entries: [...entries, ...extra.entries], file: loaded?.file ?? null, notes: loaded?.notes ?? [] };
}

/** The file, if this daemon reads it: the default one is of the system's daemon, one that the user named of any. Else null. */
export function fileOfDaemon(file: string | null, facts: EngineFacts): string | null {
  const isOfSystem = onThisMachine(facts) && daemonSettings(facts).file === defaultDaemonJson;
  return file !== defaultDaemonJson || isOfSystem ? file : null;
}

/** The runtimes of the file that a rootless Docker of this user reads; empty for any other daemon. */
async function rootlessRuntimes({
  hidden,
  product,
  endpoint,
}: EngineFacts): Promise<readonly RuntimeEntry[]> {
  const isOwn = endpoint.startsWith(`unix:///run/user/${process.getuid?.()}/`);
  if (hidden !== 'rootless' || product !== undefined || !isOwn) return [];
  const directory = process.env.XDG_CONFIG_HOME || join(homedir(), '.config');
  const loaded = await loadDaemonJson(null, join(directory, 'docker/daemon.json'));
  return runtimesOf(loaded?.config ?? null, { present: [], withoutNetwork: [] });
}

/**
 * The runtimes that a daemon lists. podman lists every one that it knows, and starts its default one only: those that are neither
 * installed here nor wanted are left out.
 */
async function listedRuntimes(
  { facts, runtimes }: Pick<ContainerEngine, 'facts' | 'runtimes'>,
  wanted: readonly string[],
): Promise<readonly ListedRuntime[]> {
  const all = await runtimes();
  if (facts.product !== 'Podman') return all;
  const isHere = async ({ path = '' }: ListedRuntime) =>
    onThisMachine(facts) && path !== '' && (await findProgram(basename(path))) !== null;
  const kept = await Promise.all(
    all.map(async (each) => [facts.defaultRuntime, ...wanted].includes(each.name) || isHere(each)),
  );
  return all.filter((_, at) => kept[at]);
}

/**
 * The runtimes that a shared Docker daemon lists, completed from its daemon.json (the daemon does not list `runtimeType`).
 * Entries of that file that the daemon does not list stay, so that the report can say that the daemon was not restarted.
 * `wanted`: names that the configuration asks for.
 */
export async function runtimesOfDaemon(
  engine: ContainerEngine,
  registered: Pick<RegisteredRuntimes, 'entries' | 'file'>,
  wanted: readonly string[] = [],
): Promise<readonly RuntimeEntry[]> {
  const known = await listedRuntimes(engine, wanted);
  const file = fileOfDaemon(registered.file, engine.facts);
  const fromFile = file === null ? await rootlessRuntimes(engine.facts) : registered.entries;
  const ofFile = new Map(fromFile.map((entry) => [entry.name, entry]));
  const entries = known.map(
    ({ name, path, runtimeArgs }): RuntimeEntry =>
      ofFile.get(name) ?? {
        name,
        ...(path === undefined ? {} : { path }),
        ...(runtimeArgs === undefined ? {} : { runtimeArgs: [...runtimeArgs] }),
        origin: 'engine',
      },
  );
  const names = new Set(entries.map((entry) => entry.name));
  return [...entries, ...fromFile.filter((entry) => !names.has(entry.name))];
}

/** Why no registered runtime has this name. */
function unknownRuntime(name: string, entries: readonly Pick<RuntimeEntry, 'name'>[]): Reason {
  const known = entries.map((entry) => entry.name);
  const guess = nearest(name, known);
  const names = listed(known);
  return guess === null ? why.unknown({ names }) : why.misspelt({ guess, names });
}

/** The baseline first, then the requested runtimes, or all. OcibenchError (exit 2) that names those not registered. */
function chooseRuntimes(
  entries: readonly RuntimeEntry[],
  config: Pick<ResolvedConfig, 'runtimes' | 'baseline'>,
  source: string,
): readonly RuntimeEntry[] {
  const wanted = config.runtimes ?? entries.map((entry) => entry.name);
  const unknown = [...new Set([config.baseline, ...wanted])].filter(
    (name) => !entries.some((entry) => entry.name === name),
  );
  if (unknown.length > 0)
    throw misuse(
      text.notAll,
      unknown.map((name) =>
        problemOf({ file: source, key: `runtimes.${name}` }, unknownRuntime(name, entries)),
      ),
    );
  const chosen = entries.filter((entry) => wanted.includes(entry.name) || entry.name === config.baseline);
  return chosen.toSorted((a, b) => Number(b.name === config.baseline) - Number(a.name === config.baseline));
}

/** The runtimes of an engine that the configuration selects, baseline first. OcibenchError (exit 2) as above. */
export async function runtimesOfEngine(
  engine: ContainerEngine,
  registered: RegisteredRuntimes,
  config: Pick<ResolvedConfig, 'runtimes' | 'baseline'>,
): Promise<readonly RuntimeEntry[]> {
  if (engineTraits(engine.facts).takesRuntimes) return runtimesWithout(registered, config);
  const all = await runtimesOfDaemon(engine, registered, [config.baseline, ...(config.runtimes ?? [])]);
  return chooseRuntimes(all, config, fileOfDaemon(registered.file, engine.facts) ?? 'docker info');
}

/** The runtimes of an engine that is started for the run. OcibenchError (exit 2) as above. */
export function runtimesWithout(
  registered: RegisteredRuntimes,
  config: Pick<ResolvedConfig, 'runtimes' | 'baseline'>,
): readonly RuntimeEntry[] {
  return chooseRuntimes(registered.entries, config, registered.file ?? 'PATH');
}

/** The daemon that would be used, and its runtimes; null where none answers or none is wanted. */
export async function withRuntimes(
  { engines }: { readonly engines: Engines },
  registered: RegisteredRuntimes,
  config: Pick<ResolvedConfig, 'runtimes' | 'baseline' | 'engine'>,
  daemon: DaemonFlags,
): Promise<{ readonly entries: readonly RuntimeEntry[]; readonly facts: EngineFacts } | null> {
  const connected = mayBeDocker(config.engine) ? await engines.connectIfThere(daemon) : null;
  if (connected === null) return null;
  try {
    const { engine } = connected;
    return { entries: await runtimesOfEngine(engine, registered, config), facts: engine.facts };
  } finally {
    await connected.close();
  }
}

/**
 * Checks the names of runtimes before the host is locked and an engine is started. Names in the file need no engine. Others may
 * be known to a running daemon; where none answers, no engine could know them.
 */
export async function refuseUnknownRuntimes(
  app: { readonly engines: Engines },
  registered: RegisteredRuntimes,
  config: Pick<ResolvedConfig, 'runtimes' | 'baseline' | 'engine'>,
  daemon: DaemonFlags,
): Promise<void> {
  const isNamed = (name: string) => registered.entries.some((entry) => entry.name === name);
  if ([config.baseline, ...(config.runtimes ?? [])].every(isNamed)) return;
  if ((await withRuntimes(app, registered, config, daemon)) !== null) return;
  // A requested daemon is not replaced; that it does not answer is reported later.
  if (await isAskedFor(config.engine, daemon)) return;
  runtimesWithout(registered, config);
}
