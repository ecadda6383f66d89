import fc from 'fast-check';
import { hostileText, propertyName, times } from './mutations.ts';

/** Stands in a JSON value for a number that JSON.stringify would not write; see {@link jsonText}. */
const raw = '\u0001raw:';

const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e308,
    -1e308,
    5e-324,
    2 ** 53,
    [],
    {},
    [[]],
    [null],
  ),
  hostileText,
  fc
    .constantFrom('1e400', '-1e400', 'NaN', 'Infinity', '9'.repeat(400), '01', "'x'")
    .map((text) => raw + text),
  fc.jsonValue({ maxDepth: 2 }),
  fc.constant(null).map(() => JSON.parse(`${'['.repeat(2_000)}${']'.repeat(2_000)}`)),
);

type Step = {
  readonly path: readonly number[];
  readonly what: 'put' | 'drop' | 'twice' | 'key' | 'many' | 'rename';
  readonly value: unknown;
  readonly key: string;
  /** For `many`. */
  readonly times: number;
  /** For `rename`: what a text, or a key, is called from now on. */
  readonly name: string;
};

/** No record is nested as deeply; values that are have no names, and no room for an indent at each level. */
const deepest = 50;

/** The same value under other names: what a record is found by has a number more. */
function numbered(value: unknown, at: number, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > deepest) return value;
  if (Array.isArray(value)) return value.map((one) => numbered(one, at, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      typeof inner === 'string' && identities.has(key) ? `${inner}${at}` : numbered(inner, at, depth + 1),
    ]),
  );
}
const identities: ReadonlySet<string> = new Set([
  'name',
  'host',
  'hostname',
  'runtime',
  'workload',
  'params',
  'trialId',
  'metric',
  'id',
  'runId',
  'profile',
]);

/** Puts copies of a member beside it, as many as a text of a megabyte holds. */
function multiply(parent: object, name: string, member: unknown, wanted: number): void {
  const n = Math.min(wanted, Math.floor(1e6 / ((JSON.stringify(member) ?? '').length + 1)));
  for (let i = 1; i < n; i++)
    if (Array.isArray(parent)) parent[parent.length] = numbered(member, i);
    else
      Object.defineProperty(parent, `${name}${i}`, {
        value: numbered(member, i),
        enumerable: true,
        configurable: true,
        writable: true,
      });
}

/** Every text and every key that is `from` is `to`. */
function renamed(value: unknown, from: string, to: string, depth = 0): unknown {
  if (value === from) return to;
  if (typeof value !== 'object' || value === null || depth > deepest) return value;
  if (Array.isArray(value)) return value.map((one) => renamed(one, from, to, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key === from ? to : key,
      renamed(inner, from, to, depth + 1),
    ]),
  );
}

/** Changes one place of a JSON value in place; `path` leads there by shares of a million. */
function changeJson(root: unknown, step: Step): unknown {
  const { path, what, value, key } = step;
  let parent: unknown = null;
  let name = '';
  let here = root;
  for (const part of path) {
    if (typeof here !== 'object' || here === null) break;
    const names = Object.keys(here);
    const chosen = names[Math.floor((part / 1e6) * names.length)];
    if (chosen === undefined) break;
    [parent, name, here] = [here, chosen, (here as Record<string, unknown>)[chosen]];
  }
  if (parent === null) return what === 'put' ? value : root;
  if (what === 'rename') return renamed(root, typeof here === 'string' ? here : name, step.name);
  if (what === 'many') {
    multiply(parent as object, name, here, step.times);
    return root;
  }
  const object = parent as Record<string, unknown>;
  if (what === 'put') object[name] = value;
  else if (what === 'drop') {
    // By hand: `splice` asks `constructor`, which may be what was put there before.
    if (Array.isArray(parent)) {
      for (let i = Number(name); i < parent.length - 1; i++) parent[i] = parent[i + 1];
      parent.length = Math.max(0, parent.length - 1);
    } else delete object[name];
  } else if (what === 'twice' && Array.isArray(parent)) parent[parent.length] = here;
  // An array of JSON has no keys, and refuses a `length` that is no number.
  else if (what === 'key' && !Array.isArray(parent))
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  return root;
}

const step: fc.Arbitrary<Step> = fc.record({
  path: fc.array(fc.nat({ max: 999_999 }), { minLength: 1, maxLength: 7 }),
  what: fc.constantFrom('put', 'put', 'put', 'drop', 'twice', 'key', 'many', 'many', 'rename'),
  times,
  name: propertyName,
  value: hostileJson,
  key: fc.oneof(hostileText, fc.constantFrom('path', 'name', 'runtimes', 'value')),
});

/** A good JSON value with one to three places changed: another type, another number, a key too many or too few. */
export function damagedJson(good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 1, arbitrary: good },
    {
      weight: 9,
      arbitrary: fc
        .tuple(good, fc.array(step, { minLength: 1, maxLength: 3 }))
        .map(([value, steps]) => steps.reduce<unknown>(changeJson, structuredClone(value))),
    },
  );
}

/** As text, with the numbers that JSON itself would not hold. */
export function jsonText(value: unknown, indent?: number): string {
  const plain = JSON.stringify(value) ?? 'null';
  const isDeep = plain.includes('['.repeat(deepest));
  const text = indent === undefined || isDeep ? plain : JSON.stringify(value, null, indent);
  return text.replace(/"\\u0001raw:([^"]*)"/g, (_, number: string) => number);
}
