import { reasons } from '../messages/define.ts';
import { type Problem, problemOf } from '../model/error.ts';
import type { RuntimeEntry } from '../model/runtime.ts';
import { problemsIn } from './complaint.ts';
import { normaliseRuntimes, runtimeNotes, runtimeProblems } from './daemon-entry.ts';
import { judgeKeys, secretKeys } from './daemon-key-names.ts';
import { type DaemonConfig, daemonConfigSchema } from './daemon-keys.ts';
import { combinationProblems } from './daemon-rules.ts';
import { describeValue } from './describe-value.ts';
import { isObject, type JsonObject } from './json-object.ts';
import { parseJsonText } from './json-text.ts';
import { zodProblems } from './zod-problems.ts';

const text = reasons('daemonJson', {
  empty: { message: 'is empty', fix: "write '{}' into it, or delete the file" },
  noObject: { message: 'must hold one JSON object, but holds {value}', fix: "write '{ … }'" },
});

/**
 * A usable daemon.json with its doubts (`notes`: dockerd starts, but ignores or may refuse a value), or all of its
 * errors at once.
 */
export type DaemonJson =
  | { readonly ok: true; readonly config: DaemonConfig; readonly notes: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** `null` means "not set" to dockerd, at any depth. */
function withoutNulls(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, withoutNulls(inner)]),
  );
}

/**
 * Parse a daemon.json as dockerd 20.10 to 29 does, and report all errors at once. It is stricter than `dockerd
 * --validate` where the daemon itself fails later (runtimes, combinations). It is also stricter where a value would
 * silently be lost (a duplicate key, an empty file).
 */
export function parseDaemonJson(source: string, file: string): DaemonJson {
  if (source.replace(/^\uFEFF/, '').trim() === '')
    return { ok: false, problems: [problemOf({ file, key: '' }, text.empty)] };
  const json = parseJsonText(source, file);
  if (!json.ok) return json;
  if (!isObject(json.value))
    return {
      ok: false,
      problems: [problemOf({ file, key: '' }, text.noObject({ value: describeValue(json.value) }))],
    };
  const { runtimes: declared, ...rest } = json.value;
  const top = judgeKeys(withoutNulls(rest) as JsonObject);
  const normal = normaliseRuntimes(declared);
  const input = {
    ...top.known,
    ...(declared === undefined || declared === null ? {} : { runtimes: withoutNulls(normal.runtimes) }),
  };
  const parsed = daemonConfigSchema.safeParse(input);
  const typeProblems = parsed.success
    ? []
    : zodProblems(parsed.error, input, file, [], (key) => secretKeys.has(key));
  // A rule checks only parts of valid types, so that no mistake is reported twice.
  const wrong = new Set(typeProblems.map((problem) => problem.key.split('.')[0]));
  const sound = Object.fromEntries(Object.entries(input).filter(([key]) => !wrong.has(key))) as DaemonConfig;
  const entries = Object.entries(isObject(input.runtimes) ? input.runtimes : {}).filter(
    (entry): entry is [string, JsonObject] =>
      isObject(entry[1]) && !typeProblems.some(({ key }) => `${key}.`.startsWith(`runtimes.${entry[0]}.`)),
  );
  const rules = [
    ...entries.flatMap(([name, entry]) => runtimeProblems(name, entry)),
    ...combinationProblems(sound, Object.keys(isObject(input.runtimes) ? input.runtimes : {})),
  ];
  const problems = [
    ...json.duplicates,
    ...problemsIn(file, top.problems),
    ...typeProblems,
    ...problemsIn(file, rules),
  ];
  if (problems.length > 0 || !parsed.success) return { ok: false, problems };
  const doubts = entries.flatMap(([name, entry]) => runtimeNotes(name, entry));
  const notes = problemsIn(file, [...top.notes, ...normal.notes, ...doubts]);
  return { ok: true, config: parsed.data, notes };
}

/**
 * The daemon.json of the embedded engine: the runtimes and the keys in `extra`, without the host's own configuration.
 * runc is left out because dockerd has it built in and refuses the name.
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
