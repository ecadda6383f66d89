import type { Problem } from '../model/error.ts';
import type { RuntimeEntry } from '../model/runtime.ts';
import {
  type DaemonConfig,
  daemonConfigSchema,
  daemonKeys,
  emptyMeansUnset,
  flagOnlyNames,
  outdatedKeys,
  secretKeys,
} from './daemon-keys.ts';
import { combinationProblems, runtimeNotes, runtimeProblems } from './daemon-rules.ts';
import { parseJsonText } from './json-text.ts';
import { nearest } from './nearest.ts';
import { describeValue, zodProblems } from './zod-problems.ts';

/**
 * A daemon.json that can be used, with what is doubtful in it (`notes`: dockerd starts, but ignores or may
 * refuse something), or everything that is wrong with it at once.
 */
export type DaemonJson =
  | { readonly ok: true; readonly config: DaemonConfig; readonly notes: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const entryKeys = ['path', 'runtimeArgs', 'runtimeType', 'options'] as const;

/** `null` means "not set" to dockerd, at any depth. */
function withoutNulls(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, withoutNulls(inner)]),
  );
}

/** Go matches an entry's fields in any case; what it does not know it ignores, which a typo makes dangerous. */
function normaliseEntry(
  name: string,
  entry: JsonObject,
  file: string,
): { entry: JsonObject; notes: readonly Problem[] } {
  const notes: Problem[] = [];
  const fields = Object.entries(entry).flatMap(([key, value]): [string, unknown][] => {
    const field = entryKeys.find((known) => known.toLowerCase() === key.toLowerCase());
    if (field !== undefined) return [[field, value]];
    const empty = Array.isArray(value) && value.length === 0;
    const guess = key === 'args' ? 'runtimeArgs' : nearest(key, entryKeys);
    if (!empty)
      notes.push({
        file,
        key: `runtimes.${name}.${key}`,
        message: 'is unknown to dockerd, which ignores it',
        fix: guess === null ? 'remove it' : `did you mean '${guess}'?`,
      });
    return [];
  });
  return { entry: Object.fromEntries(fields), notes };
}

function normaliseRuntimes(
  runtimes: unknown,
  file: string,
): { runtimes: unknown; notes: readonly Problem[] } {
  if (!isObject(runtimes)) return { runtimes, notes: [] };
  const notes: Problem[] = [];
  const entries = Object.entries(runtimes).map(([name, value]): [string, unknown] => {
    const entry = value === null ? {} : value;
    if (!isObject(entry)) return [name, entry];
    const normal = normaliseEntry(name, entry, file);
    notes.push(...normal.notes);
    return [name, normal.entry];
  });
  return { runtimes: Object.fromEntries(entries), notes };
}

function topLevel(
  value: JsonObject,
  file: string,
): { known: JsonObject; problems: readonly Problem[]; notes: readonly Problem[] } {
  const problems: Problem[] = [];
  const notes: Problem[] = [];
  const known = Object.entries(value).filter(([key, inner]) => {
    const outdated = Object.hasOwn(outdatedKeys, key) ? outdatedKeys[key] : undefined;
    if (outdated !== undefined)
      notes.push({ file, key, message: outdated, fix: 'remove or move the key when Docker is upgraded' });
    if (Object.hasOwn(daemonKeys, key)) return !(inner === '' && emptyMeansUnset.includes(key));
    const instead = Object.hasOwn(flagOnlyNames, key) ? flagOnlyNames[key] : undefined;
    if (instead !== undefined) {
      notes.push({
        file,
        key,
        message: 'is the name of a flag; dockerd ignores it in the file',
        fix: `the key is '${instead}'`,
      });
      return false;
    }
    const guess = nearest(key, Object.keys(daemonKeys));
    problems.push({
      file,
      key,
      message: 'unknown key; dockerd does not start with it',
      fix: guess === null ? 'remove it' : `did you mean '${guess}'?`,
    });
    return false;
  });
  return { known: Object.fromEntries(known), problems, notes };
}

/**
 * Reads a daemon.json as dockerd 20.10 to 29 does, and complains about everything at once. Stricter than
 * `dockerd --validate` where the daemon itself fails later (runtimes, combinations) and where a value would
 * silently be lost (a key that stands twice, an empty file).
 */
export function parseDaemonJson(text: string, file: string): DaemonJson {
  if (text.replace(/^\uFEFF/, '').trim() === '')
    return {
      ok: false,
      problems: [{ file, key: '', message: 'is empty', fix: 'write {} into it, or delete the file' }],
    };
  const json = parseJsonText(text, file);
  if (!json.ok) return json;
  if (!isObject(json.value))
    return {
      ok: false,
      problems: [
        {
          file,
          key: '',
          message: `must hold one JSON object, but holds ${describeValue(json.value)}`,
          fix: 'write { … }',
        },
      ],
    };
  const { runtimes: declared, ...rest } = json.value;
  const top = topLevel(withoutNulls(rest) as JsonObject, file);
  const normal = normaliseRuntimes(declared, file);
  const input = {
    ...top.known,
    ...(declared === undefined || declared === null ? {} : { runtimes: withoutNulls(normal.runtimes) }),
  };
  const parsed = daemonConfigSchema.safeParse(input);
  const typeProblems = parsed.success
    ? []
    : zodProblems(parsed.error, input, file, [], (key) => secretKeys.has(key));
  // A rule looks only at parts whose types are right, so that one mistake is not reported twice.
  const wrong = new Set(typeProblems.map((problem) => problem.key.split('.')[0]));
  const sound = Object.fromEntries(Object.entries(input).filter(([key]) => !wrong.has(key))) as DaemonConfig;
  const entries = Object.entries(isObject(input.runtimes) ? input.runtimes : {}).filter(
    (entry): entry is [string, JsonObject] =>
      isObject(entry[1]) && !typeProblems.some(({ key }) => `${key}.`.startsWith(`runtimes.${entry[0]}.`)),
  );
  const rules = [
    ...entries.flatMap(([name, entry]) => runtimeProblems(name, entry)),
    ...combinationProblems(sound, Object.keys(isObject(input.runtimes) ? input.runtimes : {})),
  ].map((complaint): Problem => ({ file, ...complaint }));
  const problems = [...json.duplicates, ...top.problems, ...typeProblems, ...rules];
  if (problems.length > 0 || !parsed.success) return { ok: false, problems };
  const doubts = entries
    .flatMap(([name, entry]) => runtimeNotes(name, entry))
    .map((complaint): Problem => ({ file, ...complaint }));
  return { ok: true, config: parsed.data, notes: [...top.notes, ...normal.notes, ...doubts] };
}

/**
 * The daemon.json of the embedded engine: the runtimes and the keys in `extra`, nothing of the host's own
 * configuration. runc is left out because dockerd brings it and refuses the name.
 */
export function embeddedDaemonJson(entries: readonly RuntimeEntry[], extra: JsonObject): string {
  const runtimes = entries
    .filter((entry) => entry.name !== 'runc')
    .map(({ name, path, runtimeArgs, runtimeType, options }): [string, JsonObject] => [
      name,
      {
        ...(path === undefined ? {} : { path }),
        ...(runtimeArgs === undefined || runtimeArgs.length === 0 ? {} : { runtimeArgs }),
        ...(runtimeType === undefined ? {} : { runtimeType }),
        ...(options === undefined ? {} : { options }),
      },
    ]);
  return `${JSON.stringify({ ...extra, runtimes: Object.fromEntries(runtimes) }, null, 2)}\n`;
}
