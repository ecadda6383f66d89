import fc from 'fast-check';
import { hostileNumbers, hostileTexts } from './hostile.ts';

/** No mutation makes a text longer than this: more than that is the output buffer's business. */
const longest = 300_000;

/** A step that changes a text; positions are shares of its length, so that they fit every text. */
type Change = (text: string) => string;

const share = fc.double({ min: 0, max: 1, noNaN: true });
const at = (text: string, part: number) => Math.floor(part * text.length);
const hostileText = fc.constantFrom(...hostileTexts);
const hostileNumber = fc.constantFrom(...hostileNumbers);
const garbage = fc.oneof(hostileText, fc.string({ unit: 'binary', maxLength: 40 }), hostileNumber);
const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Puts bytes that are not UTF-8 into a text, read back as our readers read them. */
function withBytes(text: string, part: number, bytes: Uint8Array): string {
  const all = Buffer.from(text);
  const cut = Math.floor(part * all.length);
  return Buffer.concat([all.subarray(0, cut), bytes, all.subarray(cut)]).toString('utf8');
}

function changeLine(text: string, part: number, change: (line: string) => string): string {
  const lines = text.split('\n');
  const which = Math.min(lines.length - 1, Math.floor(part * lines.length));
  return lines.map((line, i) => (i === which ? change(line) : line)).join('\n');
}

const change: fc.Arbitrary<Change> = fc.oneof(
  share.map(
    (part): Change =>
      (text) =>
        text.slice(0, at(text, part)),
  ),
  share.map(
    (part): Change =>
      (text) =>
        text.slice(at(text, part)),
  ),
  fc.tuple(share, fc.nat({ max: 40 }), garbage).map(
    ([part, length, put]): Change =>
      (text) => {
        const from = at(text, part);
        return text.slice(0, from) + put + text.slice(from + length);
      },
  ),
  fc.tuple(share, share).map(
    ([a, b]): Change =>
      (text) => {
        const [from, to] = [at(text, Math.min(a, b)), at(text, Math.max(a, b))];
        return text.slice(0, to) + text.slice(from);
      },
  ),
  fc.tuple(fc.nat({ max: 60 }), hostileNumber).map(
    ([nth, put]): Change =>
      (text) => {
        let seen = -1;
        return text.replace(number, (found) => {
          seen++;
          return seen === nth ? put : found;
        });
      },
  ),
  hostileNumber.map(
    (put): Change =>
      (text) =>
        text.replace(number, put),
  ),
  fc.tuple(share, garbage).map(
    ([part, put]): Change =>
      (text) =>
        changeLine(text, part, () => put),
  ),
  share.map(
    (part): Change =>
      (text) =>
        changeLine(text, part, (line) => `${line}\n${line}`),
  ),
  fc.tuple(share, fc.nat({ max: 500 })).map(
    ([part, times]): Change =>
      (text) =>
        changeLine(text, part, (line) => line.repeat(times)),
  ),
  fc.tuple(share, fc.uint8Array({ min: 0x80, max: 0xff, minLength: 1, maxLength: 8 })).map(
    ([part, bytes]): Change =>
      (text) =>
        withBytes(text, part, bytes),
  ),
  fc.constantFrom<Change>(
    (text) => text.replaceAll('\n', '\r\n'),
    (text) => text.trimEnd(),
    (text) => text.toUpperCase(),
    (text) => `\uFEFF${text}`,
    (text) => text.split('\n').toReversed().join('\n'),
    (text) => text.replaceAll(' ', '\t'),
    () => '',
  ),
);

/** A good text as it is (now and then), damaged in one to three ways, or anything at all. */
export function damagedText(good: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const damaged = fc
    .tuple(good, fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([text, changes]) => changes.reduce((so, step) => step(so).slice(0, longest), text));
  return fc.oneof(
    { weight: 1, arbitrary: good },
    { weight: 8, arbitrary: damaged },
    { weight: 1, arbitrary: fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), hostileText) },
  );
}

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
  readonly what: 'put' | 'drop' | 'twice' | 'key';
  readonly value: unknown;
  readonly key: string;
};

/** Changes one place of a JSON value in place; `path` leads there by shares of a million. */
function changeJson(root: unknown, { path, what, value, key }: Step): unknown {
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
  const object = parent as Record<string, unknown>;
  if (what === 'put') object[name] = value;
  else if (what === 'drop') {
    // By hand: `splice` asks `constructor`, which may be what was put there before.
    if (Array.isArray(parent)) {
      for (let i = Number(name); i < parent.length - 1; i++) parent[i] = parent[i + 1];
      parent.length = Math.max(0, parent.length - 1);
    } else delete object[name];
  } else if (what === 'twice' && Array.isArray(parent)) parent[parent.length] = here;
  else if (what === 'key')
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  return root;
}

const step: fc.Arbitrary<Step> = fc.record({
  path: fc.array(fc.nat({ max: 999_999 }), { minLength: 1, maxLength: 7 }),
  what: fc.constantFrom('put', 'put', 'put', 'drop', 'twice', 'key'),
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
  const text = JSON.stringify(value, null, indent) ?? 'null';
  return text.replace(/"\\u0001raw:([^"]*)"/g, (_, number: string) => number);
}
