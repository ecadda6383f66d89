import { type ParseErrorCode, printParseErrorCode, visit } from 'jsonc-parser';
import { messages, reasons } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { type Problem, problemOf } from '../model/failure/error.ts';
import { lookup } from '../model/nearest.ts';

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A strictly parsed JSON text, with its duplicate keys; or its syntax errors. */
export type JsonText =
  | { readonly ok: true; readonly value: unknown; readonly duplicates: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const words = messages('json', { position: 'line {line}, column {column}' });

/** By the codes of jsonc-parser. */
const errors = messages('jsonError', {
  InvalidSymbol: 'not a JSON value (strings need double quotes)',
  InvalidNumberFormat: 'not a valid JSON number',
  PropertyNameExpected: 'a key in double quotes is expected (is there a comma after the last entry?)',
  ValueExpected: 'a value is expected (is there a comma after the last element?)',
  ColonExpected: "':' is expected after the key",
  CommaExpected: "',' is expected between two entries",
  CloseBraceExpected: "''}'' is missing",
  CloseBracketExpected: "']' is missing",
  EndOfFileExpected: 'there is text after the end of the JSON value',
  InvalidCommentToken: 'comments are not allowed in JSON',
  UnexpectedEndOfComment: 'comments are not allowed in JSON',
  UnexpectedEndOfString: 'a string has no closing double quote',
  UnexpectedEndOfNumber: 'a number ends too early',
  InvalidUnicode: 'a \\u escape needs four hexadecimal digits',
  InvalidEscapeCharacter:
    'a backslash is followed by a character that cannot be escaped (a literal backslash is \\\\)',
  InvalidCharacter: 'a control character inside a string must be escaped (a line break is \\n)',
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

/** Maximum nesting. No configuration needs more, and far deeper nesting would overflow the stack of recursive functions. */
const maxDepth = 200;

/**
 * Parse strict JSON (RFC 8259; a leading byte order mark is allowed, as dockerd allows it). Syntax errors have line and
 * column. Duplicate keys in one object, of which every parser silently keeps only one, are problems too.
 */
export function parseJsonText(source: string, file: string): JsonText {
  const body = source.replace(/^\uFEFF/, '');
  const problems: Problem[] = [];
  const duplicates: Problem[] = [];
  /** Of each object or list that is open, its keys and where they stand. */
  const open: Map<string, Message>[] = [];
  const positionOf = (line: number, column: number) =>
    words.position({ line: String(line + 1), column: String(column + 1) });
  let deep: Message | undefined;
  const onBegin = (_offset: number, _length: number, line: number, column: number) => {
    open.push(new Map());
    if (open.length > maxDepth) deep ??= positionOf(line, column);
  };
  const onEnd = () => {
    open.pop();
  };
  try {
    visit(
      body,
      {
        onObjectBegin: onBegin,
        onObjectEnd: onEnd,
        onArrayBegin: onBegin,
        onArrayEnd: onEnd,
        onObjectProperty(name, _offset, _length, line, column, parent) {
          const keys = open.at(-1);
          const [first, last] = [keys?.get(name), positionOf(line, column)];
          if (first === undefined) keys?.set(name, last);
          else
            duplicates.push(
              problemOf({ file, key: [...parent(), name].join('.') }, text.twice({ first, last })),
            );
        },
        onError(error, _offset, _length, line, column) {
          const code = printParseErrorCode(error as ParseErrorCode);
          const where = positionOf(line, column);
          problems.push(
            problemOf({ file, key: '' }, text.syntax({ where, error: lookup(errors, code) ?? code, file })),
          );
        },
      },
      { disallowComments: true },
    );
    if (deep !== undefined) throw new RangeError();
    if (problems.length > 0) return { ok: false, problems };
    return { ok: true, value: JSON.parse(body) as unknown, duplicates };
  } catch (error) {
    // Far deeper nesting overflows the parser's stack.
    const reason =
      deep === undefined
        ? text.invalid({ error: String(error), file })
        : text.tooDeep({ where: deep, levels: maxDepth });
    return { ok: false, problems: [problemOf({ file, key: '' }, reason)] };
  }
}
