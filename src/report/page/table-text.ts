import { csvText, markdownEscaped } from '../document/escape.ts';

/** Text of a table: its columns, and the cells of each row. */
export interface TableText {
  readonly columns: readonly { readonly title: string; readonly isNumber: boolean }[];
  readonly rows: readonly (readonly string[])[];
}

/** The table in GitHub-flavoured Markdown; a row of fewer cells is filled up with empty ones. */
export function markdownOf({ columns, rows }: TableText): string {
  const line = (cells: readonly string[]) => `| ${columns.map((_, i) => cells[i] ?? '').join(' | ')} |`;
  return `${[
    line(columns.map(({ title }) => markdownEscaped(title))),
    line(columns.map(({ isNumber }) => (isNumber ? '---:' : '---'))),
    ...rows.map((cells) => line(cells.map(markdownEscaped))),
  ].join('\n')}\n`;
}

/** The table as CSV (RFC 4180), safe for spreadsheets. */
export function csvOf({ columns, rows }: TableText): string {
  const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [columns.map(({ title }) => title), ...rows]
    .map((cells) => `${columns.map((_, i) => quoted(csvText(cells[i] ?? ''))).join(',')}\r\n`)
    .join('');
}
