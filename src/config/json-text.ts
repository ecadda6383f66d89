import {
  type Node,
  type ParseError,
  type ParseErrorCode,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { Problem } from '../model/error.ts';

/** A JSON text read strictly, with the keys that stand twice in it; or its syntax errors. */
export type JsonText =
  | { readonly ok: true; readonly value: unknown; readonly duplicates: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** `line 3, column 7` of an offset; both count from 1, as editors do. */
export function positionOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `line ${line}, column ${offset - before.lastIndexOf('\n')}`;
}

const sentences: Readonly<Record<string, string>> = {
  InvalidSymbol: 'a word that JSON does not know (text needs double quotes)',
  InvalidNumberFormat: 'not a number as JSON writes it',
  PropertyNameExpected: 'a key in double quotes is expected (is there a comma after the last entry?)',
  ValueExpected: 'a value is expected (is there a comma after the last element?)',
  ColonExpected: "':' is expected after the key",
  CommaExpected: "',' is expected between two entries",
  CloseBraceExpected: "'}' is missing",
  CloseBracketExpected: "']' is missing",
  EndOfFileExpected: 'something follows the end of the JSON value',
  InvalidCommentToken: 'comments are not allowed in JSON',
  UnexpectedEndOfComment: 'comments are not allowed in JSON',
  UnexpectedEndOfString: 'a text is not closed with a double quote',
  UnexpectedEndOfNumber: 'a number ends too early',
  InvalidUnicode: 'a \\u escape needs four hexadecimal digits',
  InvalidEscapeCharacter:
    'a backslash is followed by a character that cannot be escaped (a literal backslash is \\\\)',
  InvalidCharacter: 'a control character inside a text must be escaped (a line break is \\n)',
};

function syntaxProblems(text: string, file: string, errors: readonly ParseError[]): readonly Problem[] {
  return errors.map(({ error, offset }) => {
    const code = printParseErrorCode(error as ParseErrorCode);
    const where = positionOf(text, offset);
    return {
      file,
      key: '',
      message: `${where}: ${sentences[code] ?? code}`,
      fix: `correct the JSON at ${where}; check with:  python3 -m json.tool ${file}`,
    };
  });
}

/** Keys that stand twice in one object: every parser keeps only one of them, silently. */
function duplicates(text: string, file: string, node: Node, path: readonly string[]): readonly Problem[] {
  if (node.type === 'array')
    return (node.children ?? []).flatMap((child, i) => duplicates(text, file, child, [...path, String(i)]));
  if (node.type !== 'object') return [];
  const first = new Map<string, number>();
  return (node.children ?? []).flatMap((property) => {
    const [name, value] = property.children ?? [];
    if (name === undefined) return [];
    const key = String(name.value);
    const inner = value === undefined ? [] : duplicates(text, file, value, [...path, key]);
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, name.offset);
      return inner;
    }
    const problem: Problem = {
      file,
      key: [...path, key].join('.'),
      message: `stands twice: at ${positionOf(text, earlier)} and at ${positionOf(text, name.offset)}; only the last one counts`,
      fix: 'keep one of the two',
    };
    return [problem, ...inner];
  });
}

/** More than any configuration needs, and far less than fills the stack of what walks through it. */
const deepest = 200;

/** Where brackets nest deeper than that, outside texts; null where they do not. */
function tooDeep(text: string): number | null {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"?|[[\]{}]/gs)) {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    if (depth > deepest) return index;
  }
  return null;
}

/**
 * Reads strict JSON (RFC 8259; a leading byte order mark is allowed, as dockerd allows it). Syntax errors
 * name line and column; keys that stand twice in one object are problems too, with the path of the key.
 */
export function parseJsonText(source: string, file: string): JsonText {
  const text = source.replace(/^\uFEFF/, '');
  const deep = tooDeep(text);
  if (deep !== null) {
    const message = `${positionOf(text, deep)}: nested deeper than ${deepest} levels`;
    return { ok: false, problems: [{ file, key: '', message, fix: 'take the nesting out' }] };
  }
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, {
    disallowComments: true,
    allowTrailingComma: false,
    allowEmptyContent: false,
  });
  if (errors.length > 0) return { ok: false, problems: syntaxProblems(text, file, errors) };
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value, duplicates: tree === undefined ? [] : duplicates(text, file, tree, []) };
  } catch (error) {
    return {
      ok: false,
      problems: [
        {
          file,
          key: '',
          message: `not valid JSON: ${String(error)}`,
          fix: `check with:  python3 -m json.tool ${file}`,
        },
      ],
    };
  }
}
