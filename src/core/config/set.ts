import * as z from 'zod';
import { type Reason, reasons } from '../messages/define.ts';
import { misuse, type Problem, problemOf } from '../model/failure/error.ts';
import { type BenchConfig, benchConfigSchema } from './define-config.ts';
import { isObject, parseJsonText } from './json-text.ts';
import { type LoadedConfig, unusableFile } from './load-config.ts';
import { parseList } from './quantities.ts';
import { serviceParts } from './service-shape.ts';
import { type SetPair, setPair } from './set-pair.ts';
import { type CallValues, type Setting, settings } from './settings.ts';
import { checkValue } from './zod-problems.ts';

const ofCall = Object.entries<Setting>(settings).filter((each) => each[1].ofCall);

/** What `--set` takes: the configuration, what only a call has, and more of the service of `--image`. */
const setSchema = benchConfigSchema
  .extend(Object.fromEntries(ofCall.map(([key, { kind }]) => [key, kind ? z.string() : z.boolean()])))
  .partial()
  .extend({ service: serviceParts.optional() });
export type SetValues = BenchConfig & CallValues & { readonly service?: z.output<typeof serviceParts> };

const text = reasons('set', {
  noPair: { message: 'must be a key of bench.config.ts and its value', fix: 'for example  --set seed=7' },
  prototype: { message: 'cannot be a key: a program would lose it', fix: 'choose another name' },
  twice: { message: 'is set twice: {other} is set, too', fix: 'leave one of them out' },
  byFlag: { message: 'is given by {flag}, too', fix: 'leave one of them out' },
  ofCode: { message: 'holds code, which a command line cannot', fix: 'write it into a file:  --config FILE' },
});

/** One `--set`. */
interface Assignment extends SetPair {
  /** Its name in problems: `--set nightly.keepRuns=x`. */
  readonly place: string;
}

/** Characters of an assignment that a problem quotes, and steps of a path: more than any key has. */
const [quoted, steps] = [80, 20];

function assignmentOf(given: string): Assignment | Problem {
  const pair = setPair(given);
  const place = `--set ${given.length > quoted ? `${given.slice(0, quoted)}…` : given}`;
  const wrong = (reason: Reason) => problemOf({ file: place, key: '' }, reason);
  if (pair === null || pair.path.includes('') || pair.path.length > steps) return wrong(text.noPair);
  if (pair.path.includes('__proto__')) return wrong(text.prototype);
  if (pair.path[0] === 'ownWorkloads') return wrong(text.ofCode);
  return { ...pair, place };
}

/** Does one path lead to the other, or are they the same? A shorter list has no further steps to differ in. */
const meet = (a: readonly string[], b: readonly string[]) =>
  a.slice(0, b.length).every((step, at) => step === b[at]);

/** Is there a value at the end of the path? */
const holds = (tree: unknown, path: readonly string[]) =>
  path.reduce<unknown>((at, key) => (isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined), tree) !==
  undefined;

/** An object with this value at the end of the path. Every key becomes an own one. */
function nested(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, key) => Object.fromEntries([[key, inner]]), value);
}

/** The object with the values of another one put into it; lists and texts are replaced. Both are free of `__proto__`. */
function merged(into: unknown, from: unknown): unknown {
  if (!isObject(into) || !isObject(from)) return from;
  const keys = new Set([...Object.keys(into), ...Object.keys(from)]);
  const value = (key: string) =>
    Object.hasOwn(into, key) && Object.hasOwn(from, key)
      ? merged(into[key], from[key])
      : (Object.hasOwn(from, key) ? from : into)[key];
  return Object.fromEntries([...keys].map((key) => [key, value(key)]));
}

/**
 * The value of one assignment. Its text is JSON, itself, or a list with commas: the first of these that the schema takes at
 * this key; else the first that it takes there, but not below.
 */
function valueBySchema({ key, place, path, value: given }: Assignment): {
  readonly tree: unknown;
  readonly problems: readonly Problem[];
} {
  const json = parseJsonText(given, place);
  if (json.ok && json.duplicates.length > 0) return { tree: {}, problems: json.duplicates };
  const list = parseList(given);
  const meanings = [...(json.ok ? [json.value] : []), given, ...(list.length === 0 ? [] : [list])];
  const tried = meanings.map((value) => {
    const tree = nested(path, value);
    const checked = checkValue(setSchema, tree, place);
    return { tree, problems: checked.ok ? [] : checked.problems };
  });
  const isInside = (each: Problem) => each.key.startsWith(`${key}.`);
  const best =
    tried.find(({ problems }) => problems.length === 0) ??
    tried.find(({ problems }) => problems.every(isInside)) ??
    tried[0];
  const problems = (best?.problems ?? []).map((each) => (each.key === key ? { ...each, key: '' } : each));
  return { tree: best?.tree, problems };
}

/**
 * The values of `--set`, by the schema of the configuration, and every problem of them. `flags`: the keys that flags have
 * given, with the flags; a key has one origin.
 */
export function parseSet(
  given: readonly string[],
  flags: ReadonlyMap<string, string> = new Map(),
): { readonly values: SetValues; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const assignments: Assignment[] = [];
  let tree: unknown = {};
  for (const each of given) {
    const found = assignmentOf(each);
    if ('message' in found) {
      problems.push(found);
      continue;
    }
    const { place, path } = found;
    const wrong = (reason: Reason) => problems.push(problemOf({ file: place, key: '' }, reason));
    const other = assignments.find((earlier) => meet(earlier.path, path));
    // A launcher and its user may say the same.
    if (other?.key === found.key && other.value === found.value) continue;
    if (other !== undefined) wrong(text.twice({ other: other.key }));
    assignments.push(found);
    const value = valueBySchema(found);
    for (const [flagged, flag] of flags) {
      const steps = flagged.split('.');
      if (meet(steps, path) && holds(value.tree, steps)) wrong(text.byFlag({ flag }));
    }
    problems.push(...value.problems);
    if (value.problems.length === 0) tree = merged(tree, value.tree);
  }
  if (problems.length > 0) return { values: {}, problems };
  const checked = checkValue(setSchema, tree, '--set');
  return checked.ok ? { values: checked.data, problems: [] } : { values: {}, problems: checked.problems };
}

/** A configuration with these values put over it; null for neither. OcibenchError (exit 2) where they do not fit together. */
export function withSet(loaded: LoadedConfig | null, set: BenchConfig | undefined): LoadedConfig | null {
  if (set === undefined) return loaded;
  const file = loaded?.file ?? '--set';
  const checked = checkValue(benchConfigSchema, merged(loaded?.config ?? {}, set), file);
  if (!checked.ok) throw misuse(unusableFile({ file }), checked.problems);
  return { config: checked.data, file };
}
