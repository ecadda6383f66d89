import type * as z from 'zod';
import type { Problem } from '../model/error.ts';
import { nearest } from './nearest.ts';

/** What a value is where it may be a secret and is not quoted. */
function describeKind(value: unknown): string {
  return value === null || typeof value !== 'string' ? describeValue(value) : 'a text that is not shown here';
}

/** What a value is, in JSON's words and short enough to quote. */
export function describeValue(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  // JSON.stringify throws on a BigInt, and knows neither symbols nor functions.
  const text = typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? typeof value);
  const quoted = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return typeof value === 'string'
    ? `the text ${quoted}`
    : typeof value === 'function'
      ? 'a function'
      : `${typeof value} ${quoted}`;
}

const kinds: Readonly<Record<string, readonly [must: string, fix: string]>> = {
  string: ['must be a text', 'put the value in double quotes'],
  boolean: ['must be true or false', 'write true or false, without quotes'],
  number: ['must be a number', 'write a number, without quotes'],
  int: ['must be a whole number', 'write a whole number, without quotes'],
  array: ['must be a list', 'put the value in square brackets: [ … ]'],
  object: ['must be an object', 'write an object: { … }'],
  record: ['must be an object', 'write an object: { … }'],
};

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    root,
  );
}

type Issue = z.core.$ZodIssue;

/** Did the value have the wrong kind altogether? Then that branch of a union was not meant. */
const wrongKind = (issues: readonly Issue[]) =>
  issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0);

/**
 * For an object that fits no branch of a union, the issues of the branch it comes nearest to: they name the
 * key that is wrong. Anything else keeps the union's own message.
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
    .sort((a, b) => a.length - b.length);
  return best ?? [issue];
}

function issueProblems(
  issue: Issue,
  root: unknown,
  file: string,
  known: readonly string[],
  isSecret: (key: string) => boolean,
): readonly Problem[] {
  const key = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((name) => {
      const guess = nearest(name, known);
      return {
        file,
        key: key === '' ? name : `${key}.${name}`,
        message: 'must be absent: unknown key',
        fix: guess === null ? 'remove it' : `did you mean '${guess}'?`,
      };
    });
  const value = valueAt(root, issue.path);
  const described = isSecret(String(issue.path[0])) ? describeKind(value) : describeValue(value);
  if (issue.code === 'invalid_type') {
    const [must, fix] = kinds[issue.expected] ?? [`must be ${issue.expected}`, 'correct the value'];
    return [{ file, key, message: `${must}, but is ${described}`, fix }];
  }
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map((allowedValue) => JSON.stringify(allowedValue)).join(', ');
    return [
      {
        file,
        key,
        message: `must be one of ${allowed}, but is ${described}`,
        fix: `use one of ${allowed}`,
      },
    ];
  }
  return [
    {
      file,
      key,
      message: `${issue.message}, but is ${described}`,
      fix: `correct the value: it ${issue.message}`,
    },
  ];
}

/**
 * Checks a value that code of others made. Reading it may run that code (a getter that throws) or never end (an object
 * that holds itself where a record is expected): that is a problem of the file too, and no fault of ours.
 */
export function checkValue<S extends z.ZodType>(
  schema: S,
  value: unknown,
  file: string,
  known: readonly string[] = [],
):
  | { readonly ok: true; readonly data: z.output<S> }
  | { readonly ok: false; readonly problems: readonly Problem[] } {
  try {
    const parsed = schema.safeParse(value);
    if (parsed.success) return { ok: true, data: parsed.data };
    return { ok: false, problems: zodProblems(parsed.error, value, file, known) };
  } catch (cause) {
    const message = `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
    return { ok: false, problems: [{ file, key: '', message, fix: 'export plain data' }] };
  }
}

/**
 * What zod found, as problems: one per issue, one per unknown key. `known` lists keys to guess from. Texts below a top-level key
 * that `isSecret` are not quoted.
 */
export function zodProblems(
  error: z.ZodError,
  root: unknown,
  file: string,
  known: readonly string[] = [],
  isSecret: (key: string) => boolean = () => false,
): readonly Problem[] {
  return error.issues
    .flatMap((issue) => unfold(issue, root))
    .flatMap((issue) => issueProblems(issue, root, file, known, isSecret));
}
