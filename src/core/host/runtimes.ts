import { readFile, realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import type { InstalledRuntimes } from '../config/registered-runtimes.ts';
import { findLibrary, findProgram } from '../files/programs.ts';
import { temporaryDirectory } from '../files/temporary.ts';
import type { RuntimeEntry, RuntimeFacts } from '../model/runtime/runtime.ts';
import { configPathOf, runtimeBinary } from '../runtimes/entry.ts';
import type { Family, RuntimeSettings } from '../runtimes/family.ts';
import { families, familyOfEntry } from '../runtimes/registry.ts';
import { type RunProgram, runProgram } from './programs.ts';
import { sha256Of } from './sha256.ts';
import { sidecarsOf } from './sidecars.ts';

/** Facts about a runtime that need no container. */
export type RuntimeIdentity = Pick<
  RuntimeFacts,
  'family' | 'version' | 'released' | 'sha256' | 'sidecars' | 'platform' | 'network'
>;

const versionLimitMs = 5_000;

/** Programs that `runtimesOf` looks for where no daemon.json registers any. */
const knownPrograms = families.flatMap(({ programs }) => programs);

/** First non-empty line, without control characters; a program may print anything. */
function firstLine(text: string): string | null {
  const line = text
    .split('\n')
    .map((raw) => raw.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ').trim())
    .find((clean) => clean !== '');
  return line?.slice(0, 200) ?? null;
}

/**
 * Output of a binary's `--version`; null where it fails or takes longer than 5 s. crun makes its state directory even
 * then (/run/crun, or below XDG_RUNTIME_DIR), so it gets a temporary one.
 */
export async function versionOf(binary: string, run: RunProgram = runProgram): Promise<string | null> {
  await using state = await temporaryDirectory('version');
  const env = { XDG_RUNTIME_DIR: state.path };
  const { exitCode, stdout, stderr } = await run(binary, ['--version'], { timeoutMs: versionLimitMs, env });
  return exitCode === 0 ? (firstLine(stdout) ?? firstLine(stderr)) : null;
}

/**
 * Settings of an entry; null without any, or where the file that `options.ConfigPath` names cannot be read. A shim reads its
 * flags from that file; without one it uses its defaults.
 */
async function settingsOf(entry: RuntimeEntry, { settings }: Family): Promise<RuntimeSettings | null> {
  if (settings === undefined) return null;
  if (entry.runtimeType === undefined) return settings.fromArguments(entry.runtimeArgs ?? []);
  const named = configPathOf(entry);
  if (named === null) return settings.fromFile('');
  try {
    return settings.fromFile(await readFile(named, 'utf8'));
  } catch {
    return null;
  }
}

/** The program that this host starts for a runtime; null where there is none. `path`: replaces this process's PATH. */
export async function programOf(entry: RuntimeEntry, path?: string): Promise<string | null> {
  const binary = runtimeBinary(entry);
  return binary === null ? null : findProgram(binary, path);
}

/** sha256 of the runtime's program on this host, without starting it; null where there is none. */
export async function runtimeDigest(entry: RuntimeEntry, path?: string): Promise<string | null> {
  const program = await programOf(entry, path);
  return program === null ? null : sha256Of(program);
}

/** The Debian package of a file without links; null where it has none. */
async function debianOwner(file: string, run: RunProgram): Promise<string | null> {
  const { exitCode, stdout } = await run('dpkg-query', ['--search', file], { timeoutMs: versionLimitMs });
  return (exitCode === 0 ? /^([a-z0-9][a-z0-9+.-]*)(?::\w+)?: /m.exec(stdout)?.[1] : undefined) ?? null;
}

/**
 * The library that executes containers in the place of the runtime's program: its product with the version of its package, and
 * its digest.
 */
async function executingLibrary(
  { file, product }: NonNullable<Family['library']>,
  path: string | undefined,
  run: RunProgram,
): Promise<Pick<RuntimeIdentity, 'platform' | 'sidecars'>> {
  const found = await findLibrary(file, path);
  if (found === null) return { platform: null, sidecars: { are: 'missing', names: [], sha256: null } };
  const real = await realpath(found);
  const owner = await debianOwner(real, run);
  const shown = ['--show', '--showformat', `\${Version}\\n`, owner ?? ''];
  const { exitCode, stdout } =
    owner === null
      ? await run('rpm', ['--query', '--file', '--queryformat', '%{VERSION}\\n', real], {
          timeoutMs: versionLimitMs,
        })
      : await run('dpkg-query', shown, { timeoutMs: versionLimitMs });
  // 0.14.1+dfsg-3.1 → 0.14.1
  const version = exitCode === 0 ? /^(?:\d+:)?(\d+(?:\.\d+)*)/.exec(stdout)?.[1] : undefined;
  return {
    platform: version === undefined ? product : `${product} ${version}`,
    sidecars: { are: 'present', names: [file], sha256: await sha256Of(real) },
  };
}

/**
 * Identifies a runtime. `local`: are the engine's binaries on this host? Otherwise nothing is read. `environment`: the
 * engine's, where it differs from this process's. A missing binary is not an error: version and checksum are null, and the
 * preflight says why the runtime cannot run.
 */
export async function identifyRuntime(
  entry: RuntimeEntry,
  {
    local = true,
    run = runProgram,
    environment = {},
  }: {
    readonly local?: boolean;
    readonly run?: RunProgram;
    readonly environment?: Readonly<Record<string, string>> | undefined;
  } = {},
): Promise<RuntimeIdentity> {
  const family = familyOfEntry(entry);
  const settings = local || entry.runtimeType === undefined ? await settingsOf(entry, family) : null;
  const path = local ? await programOf(entry, environment.PATH) : null;
  const runThere: RunProgram = (file, args, how) =>
    run(file, args, { ...how, env: { ...environment, ...how?.env } });
  const printed = path === null ? null : await versionOf(path, runThere);
  const version = printed === null ? null : (family.version?.(printed) ?? printed);
  const released = version === null ? null : (family.released?.(version) ?? null);
  const sidecars =
    path === null || family.sidecars === undefined || entry.runtimeType !== undefined
      ? undefined
      : await sidecarsOf(path, version, family.sidecars);
  const library =
    path === null || family.library === undefined
      ? null
      : await executingLibrary(family.library, environment.LD_LIBRARY_PATH, run);
  return {
    family: family.id,
    version,
    ...(released === null ? {} : { released: { on: released, by: 'version' } }),
    sha256: path === null ? null : await sha256Of(path),
    ...(sidecars === undefined ? {} : { sidecars }),
    platform: settings?.platform ?? null,
    network: settings?.network ?? null,
    ...library,
  };
}

/** Does a file exist in a fresh network namespace? null where none can be made (needs root). */
async function seenInFreshNamespace(file: string, run: RunProgram): Promise<boolean | null> {
  // `echo` distinguishes "no such file" from "unshare is not allowed".
  const script = `test -e ${file} && echo yes || echo no`;
  const { exitCode, stdout } = await run('unshare', ['--net', 'sh', '-c', script], {
    timeoutMs: versionLimitMs,
  });
  return exitCode !== 0 ? null : stdout.trim() === 'yes';
}

/** Is the family's installed program unable to set up its own network stack on this kernel? */
async function isWithoutNetwork(
  { ownNetwork }: Family,
  kernel: string,
  pathOf: (program: string) => string | null,
  run: RunProgram,
): Promise<boolean> {
  if (ownNetwork === undefined) return false;
  const path = pathOf(ownNetwork.program);
  const version = path === null ? null : await versionOf(path, run);
  if (version === null) return false;
  return ownNetwork.fails(version, await seenInFreshNamespace(ownNetwork.probe, run), kernel);
}

/** Installed programs of known runtimes: name → path. Starts none. */
async function presentPrograms(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const { name, library } of knownPrograms) {
    const path = await findProgram(name);
    const isUsable = library === undefined || (await findLibrary(library)) !== null;
    if (path !== null && isUsable) found.set(name, path);
  }
  return found;
}

/** The known runtimes that are installed, and those whose network stack fails on this kernel. */
export async function installedRuntimes(
  kernel: string,
  run: RunProgram = runProgram,
): Promise<InstalledRuntimes> {
  const present = await presentPrograms();
  const pathOf = (name: string) => present.get(name) ?? null;
  const withoutNetwork: string[] = [];
  for (const family of families)
    if (await isWithoutNetwork(family, kernel, pathOf, run)) withoutNetwork.push(family.id);
  return { present: [...present.keys()], withoutNetwork };
}

/** Runtime → actual path of its program, for entries with a wrong path whose program is elsewhere on PATH. */
export async function foundElsewhere(entries: readonly RuntimeEntry[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const entry of entries) {
    const binary = runtimeBinary(entry);
    if (binary === null || !binary.includes('/') || (await findProgram(binary)) !== null) continue;
    const elsewhere = await findProgram(basename(binary));
    if (elsewhere !== null) found.set(entry.name, elsewhere);
  }
  return found;
}
