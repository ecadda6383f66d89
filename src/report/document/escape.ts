/** Escaping without Node modules, since the script of report.html uses it too. */

/**
 * Escape, C0 and C1 controls, and other characters that reorder or break a line: bidirectional controls, U+2028,
 * U+2029.
 */
export const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;

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
export function markdownEscaped(text: string): string {
  return text
    .replace(/[\\`*[\]<>|~&$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&')
    .replace(/\\\[([\d.,;\s\u2212]+)\\\](?!\\?[([:])/g, '[$1]')
    .replace(/^(\s*)([#+\-=])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, '$1\\$2')
    .trim();
}
