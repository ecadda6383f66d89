import { parse } from 'csv-parse/sync';
import type { OutputText } from '../../src/report/report.ts';
import { assertFinite } from './target.ts';

/** C0 but line feed, C1, and what reorders or breaks a line. */
const controls =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

/** Markup that only a hostile text would bring. */
const markup = /<(script>alert|img src=x|svg onload)|" ?onmouseover|' onmouseover/;

/** Columns of the CSV files that hold numbers. */
const numeric = new Set(
  'block position value n failures median ci_low ci_high p95 min max mad ratio ratio_ci_low ratio_ci_high p_adjusted trials subjects blocks cost ci90_low ci90_high p tau'.split(
    ' ',
  ),
);

function fail(what: string, where: string, text: string, pattern: RegExp): never {
  const at = Math.max(0, text.search(pattern) - 60);
  throw new Error(`${where}: ${what}: ${JSON.stringify(text.slice(at, at + 160))}`);
}

/** Lines that a terminal shows: nothing but text. */
export function checkTerminal(text: string, where = 'terminal'): void {
  if (controls.test(text)) fail('a control character', where, text, controls);
  if (!text.isWellFormed()) throw new Error(`${where}: a lone surrogate`);
  // A note may quote such a value; a figure of ours, with a unit or in an interval, may not be one.
  const number = /\b(NaN|Infinity)\s?(×|%|[nµm]?s\b|[KMGT]?i?[Bo]\b)|\[(NaN|-?Infinity)|(NaN|Infinity)\]/;
  if (number.test(text)) fail('no number', where, text, number);
}

function checkCsv(text: string, where: string): void {
  const rows = parse(text, { columns: true, relax_column_count: false }) as Record<string, string>[];
  for (const row of rows)
    for (const [column, cell] of Object.entries(row)) {
      const isNumber = numeric.has(column) && !(where === 'facts.csv' && column === 'value');
      if (isNumber && cell !== '' && !Number.isFinite(Number(cell)))
        throw new Error(`${where}: ${column} is ${cell}`);
      if (!isNumber && /^[=+\-@\t\r\n]/.test(cell))
        throw new Error(`${where}: ${column} is a formula: ${cell}`);
      if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e]/.test(cell))
        throw new Error(`${where}: a control character in ${column}`);
    }
}

function checkMarkdown(text: string, where: string): void {
  if (controls.test(text)) fail('a control character', where, text, controls);
  const outsideCode = text.replace(/(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
  const raw = /(?<!\\)<(img|script|svg|b>)|(?<!\\)\[x(?<!\\)\]\(javascript/;
  if (raw.test(outsideCode)) fail('markup', where, outsideCode, raw);
  if (/^# heading/m.test(text)) throw new Error(`${where}: a heading that nobody wrote`);
}

function checkHtml(text: string, where: string): void {
  if (controls.test(text)) fail('a control character', where, text, controls);
  if (markup.test(text)) fail('markup', where, text, markup);
  if (!text.isWellFormed()) throw new Error(`${where}: a lone surrogate`);
}

/**
 * A drawn chart: well-formed by the word of who draws it, and no markup from outside. What is between tags, or quoted in one, is
 * only text; a quote of its own there opens nothing.
 */
export function checkSvg(svg: string, where: string): void {
  const tags = (svg.match(/<(?:[^>"]|"[^"]*")*>/g) ?? []).join('\n');
  const names = tags.replaceAll(/"[^"]*"/g, '""');
  if (/<script|<foreignObject|<img|\son\w+\s*=/i.test(names)) throw new Error(`${where}: active content`);
  if (/href="(?!#)/i.test(tags)) throw new Error(`${where}: a way out`);
  if (/\bNaN\b|\bInfinity\b/.test(svg)) throw new Error(`${where}: NaN or an infinity`);
}

/** Everything that a run's writers made. Throws where a text of theirs could do more than be read. */
export function checkOutputs(texts: readonly OutputText[]): void {
  for (const { path, content } of texts) {
    if (!/^[a-z0-9][a-z0-9._-]*$/i.test(path) || path.includes('..')) throw new Error(`a file named ${path}`);
    if (path.endsWith('.csv')) checkCsv(content, path);
    else if (path.endsWith('.md')) checkMarkdown(content, path);
    else if (path.endsWith('.html')) checkHtml(content, path);
    else assertFinite(JSON.parse(content), path);
  }
}
