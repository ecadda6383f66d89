import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Where a document shows a table of the proof: which one, and optionally which of its rows. */
const marker = /^<!-- table (\d+) of bench\/prove\/results\/([a-z]+\.md)(?:, rows with (.+?))? -->$/;

/** The tables of a Markdown text, each as its lines. */
function tablesOf(text: string): readonly (readonly string[])[] {
  const tables: string[][] = [];
  let inside = false;
  for (const line of text.split('\n')) {
    const isRow = line.startsWith('|');
    if (isRow && !inside) tables.push([]);
    if (isRow) tables.at(-1)?.push(line);
    inside = isRow;
  }
  return tables;
}

/** The rows with columns as wide as their widest cell, as the formatter wants them. */
function aligned(rows: readonly string[]): string[] {
  const cells = rows.map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
  const isRule = (own: readonly string[]) => own.every((cell) => /^-+$/.test(cell));
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(3, ...cells.map((own) => (isRule(own) ? 0 : (own[column] ?? '').length))),
  );
  return cells.map((own) => {
    const padded = widths.map((width, column) =>
      isRule(own) ? '-'.repeat(width) : (own[column] ?? '').padEnd(width),
    );
    return `| ${padded.join(' | ')} |`;
  });
}

/**
 * The document with the tables of `bench/prove/results` as they are now, each in place of the table after its marker. Throws where a
 * marker names a table that there is not.
 */
export function withProofTables(document: string): string {
  const lines: string[] = [];
  let skipping = false;
  for (const line of document.split('\n')) {
    if (skipping && (line.startsWith('|') || line === '')) continue;
    if (skipping) lines.push('');
    skipping = false;
    lines.push(line);
    const [found, number, name = '', some] = marker.exec(line) ?? [];
    if (found === undefined) continue;
    const results = resolve(import.meta.dirname, '../bench/prove/results', name);
    const [head, rule, ...rows] = tablesOf(readFileSync(results, 'utf8'))[Number(number) - 1] ?? [];
    if (head === undefined || rule === undefined) throw new Error(`${results} has no table ${number}`);
    const wanted = some?.split(' or ') ?? [''];
    const chosen = rows.filter((row) => wanted.some((word) => row.includes(word)));
    lines.push('', ...aligned([head, rule, ...chosen]));
    skipping = true;
  }
  return lines.join('\n');
}
