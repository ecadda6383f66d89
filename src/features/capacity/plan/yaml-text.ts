import { external } from '../../../core/messages/compose.ts';
import { messages, reasons } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { type Problem, problemOf } from '../../../core/model/failure/error.ts';
import { LineCounter, parseDocument } from './yaml.ts';

/** A parsed YAML text, or its errors. */
export type YamlText =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const words = messages('yaml', {
  position: 'line {line}, column {column}',
  aliases: 'its aliases expand to more than {most} copies',
  nested: 'nested too deeply',
});

const text = reasons('yaml', {
  syntax: { message: '{where}: {error}', fix: 'correct the YAML there' },
  invalid: { message: 'not usable as YAML: {error}', fix: 'write it without anchors and tags' },
  tooLarge: { message: 'is larger than {most} KiB', fix: 'split it into several files' },
});

/** Maximum size, bytes; no hand-written file is larger. */
const mostBytes = 128 * 1024;

/** Maximum nesting of lists and maps; the parser's time grows with its square. */
const mostNesting = 500;

/** Maximum number of copies that all aliases of a text expand to. An alias of an alias multiplies them. */
const mostAliases = 100;

/** Maximum number of listed syntax errors. */
const mostErrors = 20;

/**
 * Parse YAML 1.2 (core schema: no type that a tag makes). Reports every error with its position. Refuses small texts that
 * expand enormously (aliases of aliases) and nesting that overflows the stack.
 */
export function parseYamlText(source: string, file: string): YamlText {
  const refused = (reason: Parameters<typeof problemOf>[1]): YamlText => ({
    ok: false,
    problems: [problemOf(file, reason)],
  });
  if (Buffer.byteLength(source) > mostBytes) return refused(text.tooLarge({ most: mostBytes / 1024 }));
  if (isNestedDeep(source)) return refused(text.invalid({ error: words.nested }));
  try {
    const lines = new LineCounter();
    // Each pretty error would scan the whole text.
    const document = parseDocument(source, {
      prettyErrors: false,
      lineCounter: lines,
      stringKeys: true,
      logLevel: 'silent',
    });
    // The parser only warns of unknown tags and then ignores them.
    const errors = [...document.errors, ...document.warnings];
    if (errors.length > 0)
      return {
        ok: false,
        problems: errors.slice(0, mostErrors).map(({ message, pos }) => {
          const where = placeOf(lines.linePos(pos[0]));
          return problemOf(file, text.syntax({ where, error: message }));
        }),
      };
    return { ok: true, value: document.toJS({ maxAliasCount: mostAliases }) };
  } catch (error) {
    return refused(text.invalid({ error: causeOf(error) }));
  }
}

/**
 * Does the text nest deeper than allowed, by open brackets or consecutive dashes on a line? Brackets in strings count too, but
 * are few.
 */
function isNestedDeep(source: string): boolean {
  let open = 0;
  for (const character of source) {
    if (character === '[' || character === '{') open++;
    else if ((character === ']' || character === '}') && open > 0) open--;
    if (open > mostNesting) return true;
  }
  return /(?:[-?:]\s+){500}/.test(source);
}

function placeOf({ line, col }: { readonly line: number; readonly col: number }): Message {
  return words.position({ line: String(line), column: String(col) });
}

function causeOf(error: unknown): Message {
  if (error instanceof RangeError) return words.nested;
  const said = error instanceof Error ? error.message : String(error);
  return /alias count/.test(said) ? words.aliases({ most: mostAliases }) : external(said);
}
