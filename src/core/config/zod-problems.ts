import * as z from 'zod';
import { external, listed } from '../messages/compose.ts';
import { messages, type Reason, reasons } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { type Problem, problemOf } from '../model/failure/error.ts';
import { nearest } from '../model/nearest.ts';
import { ruleOf } from './rule.ts';

const describeValueWords = messages('value', {
  missing: 'missing',
  list: 'a list',
  object: 'an object',
  text: 'the string {quoted}',
  function: 'a function',
  number: 'number {quoted}',
  boolean: 'boolean {quoted}',
  secret: 'a string that is not shown here',
});

/** The kind of a value that may be a secret and is therefore not quoted. */
function describeKind(value: unknown): Message {
  return typeof value === 'string' ? describeValueWords.secret : describeValue(value);
}

/** A value in JSON's words, short enough to quote. */
export function describeValue(value: unknown): Message {
  if (value === null) return external('null');
  if (value === undefined) return describeValueWords.missing;
  if (Array.isArray(value)) return describeValueWords.list;
  if (typeof value === 'object') return describeValueWords.object;
  // JSON.stringify throws on a BigInt, and supports neither symbols nor functions.
  const text = typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? typeof value);
  const quoted = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  if (typeof value === 'string') return describeValueWords.text({ quoted });
  if (typeof value === 'function') return describeValueWords.function;
  if (typeof value === 'number') return describeValueWords.number({ quoted });
  if (typeof value === 'boolean') return describeValueWords.boolean({ quoted });
  return external(`${typeof value} ${quoted}`);
}

const words = messages('rule', {
  string: 'must be a string',
  boolean: 'must be true or false',
  number: 'must be a number',
  int: 'must be a whole number',
  array: 'must be a list',
  object: 'must be an object',
  otherKind: 'must be {kind}',
  notEmpty: 'must not be empty',
  atLeast: 'must be {least} or more',
  atMost: 'must be {most} or less',
  quote: 'put the value in double quotes',
  writeBoolean: 'write true or false, without quotes',
  writeNumber: 'write a number, without quotes',
  writeInt: 'write a whole number, without quotes',
  writeList: 'put the value in square brackets: [ … ]',
  writeObject: "write an object: '{ … }'",
  correct: 'correct the value',
});

const text = reasons('value', {
  unknownKey: { message: 'must be absent: unknown key', fix: 'remove it' },
  misspeltKey: { message: 'must be absent: unknown key', fix: "did you mean ''{guess}''?" },
  absent: { message: 'is missing: it {rule}', fix: 'add it' },
  wrongKind: { message: '{rule}, but is {value}' },
  notAllowed: { message: 'must be one of {allowed}, but is {value}', fix: 'use one of {allowed}' },
  againstRule: { message: '{rule}, but is {value}', fix: 'correct the value: it {rule}' },
  unreadable: { message: 'cannot be read: {cause}', fix: 'export plain data' },
  prototype: { message: 'cannot be a key: a program would lose it', fix: 'choose another name' },
});

const kinds: Readonly<Record<string, readonly [rule: Message, fix: Message]>> = {
  string: [words.string, words.quote],
  boolean: [words.boolean, words.writeBoolean],
  number: [words.number, words.writeNumber],
  int: [words.int, words.writeInt],
  array: [words.array, words.writeList],
  object: [words.object, words.writeObject],
  record: [words.object, words.writeObject],
};

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    root,
  );
}

type Issue = z.core.$ZodIssue;

/** True if the value has an entirely wrong kind, so that this branch of a union was not intended. */
const wrongKind = (issues: readonly Issue[]) =>
  issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0);

/**
 * For an object that fits no branch of a union, the issues of the nearest branch: they name the wrong key. All other
 * issues keep the union's own message.
 */
function unfold(issue: Issue, root: unknown): readonly Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const value = valueAt(root, issue.path);
  if (typeof value !== 'object' || value === null) return [issue];
  const [best] = issue.errors
    .filter((branch) => !wrongKind(branch))
    .map((branch) =>
      branch.flatMap((inner) => unfold({ ...inner, path: [...issue.path, ...inner.path] }, root)),
    )
    .sort((a, b) => unknownKeys(a) - unknownKeys(b) || a.length - b.length);
  return best ?? [issue];
}

/** Number of keys that a branch of a union lacks. The intended branch has all keys of the object. */
function unknownKeys(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys') return sum + issue.keys.length;
    return sum + Number(isUnknownKey(issue));
  }, 0);
}

/** True if the issue is a key in an object that allows no further keys. */
function isUnknownKey(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.expected === 'never';
}

/** Every key that a schema allows at any depth, for suggestions. */
function keysIn(schema: z.ZodType): readonly string[] {
  const found = new Set<string>();
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  JSON.stringify(json, (key, value: unknown) => {
    if (key === 'properties') for (const name of Object.keys(Object(value))) found.add(name);
    return value;
  });
  return [...found];
}

function issueProblems(
  issue: Issue,
  known: () => readonly string[],
  root: unknown,
  file: string,
  secretKeys: ReadonlySet<string>,
): readonly Problem[] {
  const key = issue.path.map(String).join('.');
  const unknown = (name: string, at: string) => {
    const guess = nearest(name, known());
    return problemOf({ file, key: at }, guess === null ? text.unknownKey : text.misspeltKey({ guess }));
  };
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((name) => unknown(name, key === '' ? name : `${key}.${name}`));
  if (isUnknownKey(issue)) return [unknown(String(issue.path.at(-1)), key)];
  if (issue.code === 'invalid_key') {
    const own = issue.issues[0] ?? issue;
    return [problemOf({ file, key }, reasonOf(own, describeValue(issue.path.at(-1))))];
  }
  const value = valueAt(root, issue.path);
  const described = secretKeys.has(String(issue.path[0])) ? describeKind(value) : describeValue(value);
  return [
    problemOf({ file, key }, value === undefined ? absence(issue, described) : reasonOf(issue, described)),
  ];
}

/** The rule that a value breaks, in the schema's own words or by its bounds; undefined for its kind. */
function ruleIn(issue: Issue): Message | undefined {
  const own = ruleOf(issue.message);
  if (own !== undefined) return own;
  if ((issue.code !== 'too_big' && issue.code !== 'too_small') || issue.inclusive === false) return undefined;
  if (issue.code === 'too_big') return words.atMost({ most: String(issue.maximum) });
  const isNumber = issue.origin === 'number' || issue.origin === 'int';
  return isNumber ? words.atLeast({ least: String(issue.minimum) }) : words.notEmpty;
}

/** Why a key that is not there violates the schema. */
function absence(issue: Issue, described: Message): Reason {
  const rule = ruleIn(issue) ?? (issue.code === 'invalid_type' ? kinds[issue.expected]?.[0] : undefined);
  return rule === undefined ? reasonOf(issue, described) : text.absent({ rule });
}

/** Why the value, as described, violates the schema. */
function reasonOf(issue: Issue, value: Message): Reason {
  const own = ruleIn(issue);
  // Quotes alone would not make a duration of 600.
  if (own !== undefined) return text.againstRule({ rule: own, value });
  if (issue.code === 'invalid_type') {
    const [rule, fix] = kinds[issue.expected] ?? [words.otherKind({ kind: issue.expected }), words.correct];
    return text.wrongKind({ rule, value, fix });
  }
  if (issue.code === 'invalid_value')
    return text.notAllowed({
      allowed: listed(issue.values.map((allowed) => JSON.stringify(allowed))),
      value,
    });
  return text.againstRule({ rule: external(issue.message), value });
}

/** Paths of the keys `__proto__` in a value, which zod silently drops from records. */
function prototypeKeys(value: unknown, at = '', seen = new Set<unknown>()): readonly string[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = at === '' ? key : `${at}.${key}`;
    return key === '__proto__' ? [path] : prototypeKeys(inner, path, seen);
  });
}

/**
 * Check a value that foreign code created. Reading it may run that code (a getter that throws) or never end (an object
 * that contains itself where a record is expected). Both are problems of the file, not errors of ocibench. One problem per
 * issue of zod, and per unknown key. Texts below the top-level keys `secretKeys` are not quoted.
 */
export function checkValue<S extends z.ZodType>(
  schema: S,
  value: unknown,
  file: string,
  secretKeys: ReadonlySet<string> = new Set(),
):
  | { readonly ok: true; readonly data: z.output<S> }
  | { readonly ok: false; readonly problems: readonly Problem[] } {
  try {
    const lost = prototypeKeys(value);
    if (lost.length > 0)
      return { ok: false, problems: lost.map((key) => problemOf({ file, key }, text.prototype)) };
    const parsed = schema.safeParse(value);
    if (parsed.success) return { ok: true, data: parsed.data };
    let keys: readonly string[] | undefined;
    const known = () => (keys ??= keysIn(schema));
    const issues = parsed.error.issues.flatMap((issue) => unfold(issue, value));
    return {
      ok: false,
      problems: issues.flatMap((issue) => issueProblems(issue, known, value, file, secretKeys)),
    };
  } catch (cause) {
    const reason = text.unreadable({ cause: cause instanceof Error ? cause.message : String(cause) });
    return { ok: false, problems: [problemOf({ file, key: '' }, reason)] };
  }
}
