import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openPlainFile, readPlainFile } from '../files/plain-file.ts';
import { otherHandIn } from '../files/walk.ts';
import { listed } from '../messages/compose.ts';
import { messages, type Reason, reasons } from '../messages/define.ts';
import { misuse, OcibenchError, type Problem, problemOf, refusal } from '../model/failure/error.ts';
import { defaultDaemonJson } from '../model/runtime/engine-kind.ts';
import { type DaemonJson, parseDaemonJson } from './daemon-json.ts';
import { type BenchConfig, benchConfigSchema } from './define-config.ts';
import { parseJsonText } from './json-text.ts';
import { checkValue, describeValue } from './zod-problems.ts';

const benchConfigText = reasons('benchConfig', {
  noObject: {
    message: 'must export an object by default, but exports {value}',
    fix: "write: export default defineConfig('{ … }')",
  },
});

/** Check the value that a bench.config.ts exports by default; report all problems at once, each with its key. */
export function parseBenchConfig(
  value: unknown,
  file: string,
):
  | { readonly ok: true; readonly config: BenchConfig }
  | { readonly ok: false; readonly problems: readonly Problem[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return {
      ok: false,
      problems: [problemOf({ file, key: '' }, benchConfigText.noObject({ value: describeValue(value) }))],
    };
  const parsed = checkValue(benchConfigSchema, value, file);
  return parsed.ok ? { ok: true, config: parsed.data } : parsed;
}

const words = messages('configFile', { refused: '{file} cannot be used' });

/** The title of an error about a configuration, or what stands for one. */
export const unusableFile = words.refused;

const text = reasons('configFile', {
  broken: { message: 'cannot be loaded: {cause}', fix: 'try:  node {command}' },
  brokenAt: {
    message: 'line {line}: cannot be loaded: {cause}',
    fix: 'fix that line; to check:  node {command}',
  },
  several: {
    message: 'is not the only configuration in its directory: {names}',
    fix: 'remove the others, or name one with --config',
  },
  otherHand: {
    message: 'is code that would run with your rights, so it is not loaded unless you name it: {found}',
    fix: 'read it; if you trust it, name it:  --config {path}',
  },
  missing: { message: 'does not exist', fix: 'create {path}, or leave out --config' },
  daemonJsonMissing: {
    message: 'does not exist',
    fix: 'name another file, or create this one',
  },
});

/** Lets a configuration import `ocibench`; a user who runs Node directly needs it too. */
const door = join(import.meta.dirname, `door${extname(import.meta.filename)}`);

function refuseFor(file: string, reason: Reason, cause?: unknown): OcibenchError {
  return refusal(words.refused({ file }), { file, key: '' }, reason, cause);
}

async function exportOf(path: string, name: string): Promise<unknown> {
  if (path.endsWith('.json')) {
    const source = (await readPlainFile(path, { followLinks: true })).toString('utf8');
    const json = parseJsonText(source, name);
    if (!json.ok) throw misuse(words.refused({ file: name }), json.problems);
    if (json.duplicates.length > 0) throw misuse(words.refused({ file: name }), json.duplicates);
    return json.value;
  }
  // import() would wait for a FIFO's writer.
  await (await openPlainFile(path, { followLinks: true })).close();
  await import('./door.ts');
  const byHand = `--import ${door} ${path}`;
  try {
    const module = (await import(pathToFileURL(path).href)) as { default?: unknown };
    return module.default;
  } catch (cause) {
    // A module may throw other values than an Error.
    const said = cause instanceof Error ? cause.message : String(cause);
    const line = lineIn(path, cause);
    throw refuseFor(
      name,
      line === null
        ? text.broken({ cause: said, command: byHand })
        : text.brokenAt({ line, cause: said, command: byHand }),
      cause,
    );
  }
}

/** The line of this file that caused the error; null where Node does not report it. */
function lineIn(path: string, error: unknown): string | null {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const at = stack.indexOf(`${path}:`);
  return at < 0 ? null : (/^\d+/.exec(stack.slice(at + path.length + 1))?.[0] ?? null);
}

/** File names under which a configuration is found without `--config`. */
export const configNames = ['bench.config.ts', 'bench.config.json'];

/**
 * The configuration of the directory, or of the nearest one above it that has one; null where there is none. Above the
 * directory itself, the search ends where another user could have put one. OcibenchError (exit 2) where a directory has
 * two.
 */
async function findConfig(directory: string): Promise<string | null> {
  for (let at = resolve(directory); ; at = dirname(at)) {
    if (at !== resolve(directory) && (await otherHandIn([at])) !== null) return null;
    const found = configNames.filter((name) => existsSync(join(at, name)));
    const [first] = found;
    if (first !== undefined && found.length > 1)
      throw refuseFor(join(at, first), text.several({ names: listed(found) }));
    if (first !== undefined) return join(at, first);
    if (at === dirname(at)) return null;
  }
}

/** A loaded configuration. */
export interface LoadedConfig {
  readonly config: BenchConfig;
  /** Its name in problems: as given by the user, or relative to the directory. */
  readonly file: string;
}

/**
 * Refuse to execute an unrequested file that another user than root and this one may have written. git
 * (`safe.directory`) and gdb (`auto-load safe-path`) do the same. OcibenchError (exit 2).
 */
async function refuseForeignFile(path: string, name: string): Promise<void> {
  const real = await realpath(path);
  const found = await otherHandIn([dirname(path), dirname(real), real]);
  if (found === null) return;
  throw refusal(words.refused({ file: name }), { file: path, key: '' }, text.otherHand({ found, path }));
}

/**
 * Load `--config FILE`, or the bench.config.ts (or .json) of the directory or the nearest one above it, if only this user
 * can have written it; null where there is none. OcibenchError (exit 2) with all problems of the file.
 */
export async function loadConfig(asked: string | null, directory: string): Promise<LoadedConfig | null> {
  const path = asked === null ? await findConfig(directory) : resolve(directory, asked);
  if (path === null) return null;
  const name = asked ?? relative(directory, path);
  if (!existsSync(path)) throw refuseFor(name, text.missing({ path }));
  if (asked === null) await refuseForeignFile(path, name);
  const parsed = parseBenchConfig(await exportOf(path, name), name);
  if (!parsed.ok) throw misuse(words.refused({ file: name }), parsed.problems);
  return { config: parsed.config, file: name };
}

/** A usable daemon.json. */
export type LoadedDaemonJson = Extract<DaemonJson, { ok: true }> & {
  readonly file: string;
  /** Its text. */
  readonly source: string;
};

/**
 * Read the requested daemon.json, or the default one; null where the default one does not exist. OcibenchError (exit 2)
 * where a requested file is missing, or with all problems of the file.
 */
export async function loadDaemonJson(
  asked: string | null,
  standard: string = defaultDaemonJson,
): Promise<LoadedDaemonJson | null> {
  const file = asked ?? standard;
  let source: string;
  try {
    source = (await readPlainFile(file, { followLinks: true })).toString('utf8');
  } catch (cause) {
    if (cause instanceof OcibenchError) throw cause;
    if (asked === null) return null;
    throw refuseFor(file, text.daemonJsonMissing, cause);
  }
  const parsed = parseDaemonJson(source, file);
  if (!parsed.ok) throw misuse(words.refused({ file }), parsed.problems);
  return { ...parsed, file, source };
}
