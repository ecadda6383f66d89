import {
  type Node,
  type ParseError,
  type ParseErrorCode,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { messages, reasons } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { type Problem, problemOf } from '../model/failure/error.ts';

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A strictly parsed JSON text, with its duplicate keys; or its syntax errors. */
export type JsonText =
  | { readonly ok: true; readonly value: unknown; readonly duplicates: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const words = messages('json', {
  position: 'line {line}, column {column}',
  invalidSymbol: 'not a JSON value (strings need double quotes)',
  invalidNumberFormat: 'not a valid JSON number',
  propertyNameExpected: 'a key in double quotes is expected (is there a comma after the last entry?)',
  valueExpected: 'a value is expected (is there a comma after the last element?)',
  colonExpected: "':' is expected after the key",
  commaExpected: "',' is expected between two entries",
  closeBraceExpected: "''}'' is missing",
  closeBracketExpected: "']' is missing",
  endOfFileExpected: 'there is text after the end of the JSON value',
  invalidCommentToken: 'comments are not allowed in JSON',
  unexpectedEndOfComment: 'comments are not allowed in JSON',
  unexpectedEndOfString: 'a string has no closing double quote',
  unexpectedEndOfNumber: 'a number ends too early',
  invalidUnicode: 'a \\u escape needs four hexadecimal digits',
  invalidEscapeCharacter:
    'a backslash is followed by a character that cannot be escaped (a literal backslash is \\\\)',
  invalidCharacter: 'a control character inside a string must be escaped (a line break is \\n)',
});

const text = reasons('json', {
  syntax: {
    message: '{where}: {error}',
    fix: 'correct the JSON at {where}; check with:  python3 -m json.tool {file}',
  },
  twice: {
    message: 'appears twice: at {first} and at {last}; only the last one counts',
    fix: 'keep one of the two',
  },
  tooDeep: { message: '{where}: nested deeper than {levels} levels', fix: 'reduce the nesting' },
  invalid: { message: 'not valid JSON: {error}', fix: 'check with:  python3 -m json.tool {file}' },
});

/** `line 3, column 7` of an offset; both count from 1, as editors do. */
function positionOf(source: string, offset: number): Message {
  const before = source.slice(0, offset);
  const line = before.split('\n').length;
  return words.position({ line: String(line), column: String(offset - before.lastIndexOf('\n')) });
}

function syntaxProblems(source: string, file: string, errors: readonly ParseError[]): readonly Problem[] {
  return errors.map(({ error, offset }) => {
    const code = printParseErrorCode(error as ParseErrorCode);
    const key = `${code.slice(0, 1).toLowerCase()}${code.slice(1)}`;
    const known = Object.hasOwn(words, key) ? words[key as Exclude<keyof typeof words, 'position'>] : code;
    const where = positionOf(source, offset);
    return problemOf({ file, key: '' }, text.syntax({ where, error: known, file }));
  });
}

/** Duplicate keys in one object: every parser silently keeps only one of them. */
function duplicates(source: string, file: string, node: Node, path: readonly string[]): readonly Problem[] {
  if (node.type === 'array')
    return (node.children ?? []).flatMap((child, i) => duplicates(source, file, child, [...path, String(i)]));
  if (node.type !== 'object') return [];
  const first = new Map<string, number>();
  return (node.children ?? []).flatMap((property) => {
    const [name, value] = property.children ?? [];
    if (name === undefined) return [];
    const key = String(name.value);
    const inner = value === undefined ? [] : duplicates(source, file, value, [...path, key]);
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, name.offset);
      return inner;
    }
    const [earlierAt, lastAt] = [positionOf(source, earlier), positionOf(source, name.offset)];
    const reason = text.twice({ first: earlierAt, last: lastAt });
    return [problemOf({ file, key: [...path, key].join('.') }, reason), ...inner];
  });
}

/**
 * Maximum nesting. No configuration needs more, and far deeper nesting would overflow the stack of recursive functions.
 */
const maxDepth = 200;

/** Offset at which brackets outside strings nest deeper than {@link maxDepth}; null where none do. */
function tooDeep(source: string): number | null {
  let depth = 0;
  for (const { 0: token, index } of source.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"?|[[\]{}]/gs)) {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    if (depth > maxDepth) return index;
  }
  return null;
}

/**
 * Parse strict JSON (RFC 8259; a leading byte order mark is allowed, as dockerd allows it). Syntax errors have line and
 * column. Duplicate keys in one object are problems too, with the path of the key.
 */
export function parseJsonText(source: string, file: string): JsonText {
  const body = source.replace(/^\uFEFF/, '');
  const deep = tooDeep(body);
  if (deep !== null) {
    const reason = text.tooDeep({ where: positionOf(body, deep), levels: maxDepth });
    return { ok: false, problems: [problemOf({ file, key: '' }, reason)] };
  }
  const errors: ParseError[] = [];
  const tree = parseTree(body, errors, {
    disallowComments: true,
    allowTrailingComma: false,
    allowEmptyContent: false,
  });
  if (errors.length > 0) return { ok: false, problems: syntaxProblems(body, file, errors) };
  try {
    const value: unknown = JSON.parse(body);
    return { ok: true, value, duplicates: tree === undefined ? [] : duplicates(body, file, tree, []) };
  } catch (error) {
    const reason = text.invalid({ error: String(error), file });
    return { ok: false, problems: [problemOf({ file, key: '' }, reason)] };
  }
}
