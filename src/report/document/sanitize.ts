import { stripVTControlCharacters } from 'node:util';

/**
 * Escape, C0 and C1 controls, and other characters that reorder or break a line: bidirectional controls, U+2028,
 * U+2029.
 */
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;

/**
 * Text for a CSV cell. Spreadsheets run a cell that starts with one of `= + - @`, a tab or a carriage return as a
 * formula (OWASP, "CSV Injection"): such a cell gets a leading apostrophe. Line breaks are kept, because the CSV is
 * quoted; other controls become U+FFFD. Not for numbers.
 */
export function csvText(text: string): string {
  const safe = text
    .replace(unsafe, (c) => (c === '\t' || c === '\n' || c === '\r' ? c : '\ufffd'))
    .toWellFormed();
  return /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(safe) ? `'${safe}` : safe;
}

/**
 * Escapes one line of harmless text for GitHub-flavoured Markdown, so that no markup is recognised. Characters that
 * cannot be markup stay unescaped: `_` inside a word, and a bracketed interval of numbers without a link after it.
 */
function markdownEscaped(text: string): string {
  return text
    .replace(/[\\`*[\]<>|~&$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&')
    .replace(/\\\[([\d.,;\s\u2212]+)\\\](?!\\?[([:])/g, '[$1]')
    .replace(/^(\s*)([#+\-=])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, '$1\\$2')
    .trim();
}

/**
 * One line of harmless text: escape sequences are removed, line breaks and tabs become spaces, every other control
 * character and lone surrogate becomes U+FFFD.
 */
export function plainText(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\t\n\r\u2028\u2029]+/g, ' ')
    .replace(unsafe, '\ufffd')
    .toWellFormed();
}

/** For a terminal: {@link plainText}, cut after `limit` UTF-16 units with an ellipsis. */
export function terminalText(text: string, limit = 2000): string {
  const plain = plainText(text);
  return plain.length <= limit ? plain : `${plain.slice(0, limit - 1).toWellFormed()}…`;
}

/** For a terminal, with line breaks kept: {@link terminalText} of each line. */
export function terminalLines(text: string): string {
  return text
    .split('\n')
    .map((line) => terminalText(line))
    .join('\n');
}

/** SGR sequences that `styleText` writes for the styles of tables (ECMA-48). */
const paint = /(\u001b\[(?:0|1|2|22|31|32|33|39)m)/;

/**
 * For a terminal: painted text, line by line. Colours stay; everything else is {@link plainText}. External text must be
 * made plain before it is painted, as it could contain colours of its own.
 */
export function paintedLines(text: string): string {
  const plain = (line: string) =>
    line
      .split(paint)
      .map((part, i) => (i % 2 === 1 ? part : plainText(part)))
      .join('');
  return text.split('\n').map(plain).join('\n');
}

/** One UTF-16 unit as JSON may write it (RFC 8259, section 7). */
function jsonEscape(c: string): string {
  return `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A value as JSON that is safe on a terminal: the same value, with control characters escaped. */
export function terminalJson(value: unknown, indent?: number): string {
  // Line breaks come from JSON.stringify's indentation; those in strings are already escaped.
  return JSON.stringify(value, null, indent).replace(unsafe, (c) => (c === '\n' ? c : jsonEscape(c)));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for HTML and XML, as element content or in a quoted attribute. */
export function htmlText(text: string): string {
  return plainText(text).replace(/[&<>"']/g, (c) => entities[c] ?? c);
}

/**
 * A value as JSON for a `<script>` element of HTML. Without `<`, no `</script>` or `<!--` can end or change the
 * element; U+2028 and U+2029, which end lines of JavaScript, are escaped too. `JSON.parse` gives the same value.
 */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>\u2028\u2029]/g, jsonEscape);
}

/** Escapes running text and table cells for GitHub-flavoured Markdown, so that no markup is recognised. */
export function markdownText(text: string): string {
  return markdownEscaped(plainText(text));
}

/** A code span, also for table cells (where `|` must be escaped even inside code). */
export function markdownCode(text: string, inTable: boolean): string {
  const plain = plainText(text).trim();
  if (plain === '') return '';
  const longest = Math.max(0, ...(plain.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = plain.startsWith('`') || plain.endsWith('`') ? ' ' : '';
  const code = `${fence}${pad}${plain}${pad}${fence}`;
  return inTable ? code.replaceAll('|', '\\|') : code;
}
