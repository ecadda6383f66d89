import { plainDecimal } from '../../core/messages/number.ts';
import { csvText } from '../document/sanitize.ts';

/** A column of a table, and how to read its cell from a record. */
export type Field<T> = readonly [column: string, read: (record: T) => string | number | null];

/** Rows converted at a time, so that a large table needs little more memory than its text. */
const chunk = 2000;

/**
 * CSV text of records (RFC 4180, lines end with a line feed). null is an empty cell; numbers keep every digit; text is
 * made safe for spreadsheets, each distinct one once.
 */
export function csvOf<T>(records: readonly T[], fields: readonly Field<T>[]): string {
  const safe = new Map<string, string>();
  const cell = (value: string | number | null): string => {
    if (value === null) return '';
    if (typeof value === 'number') return plainDecimal(value);
    let text = safe.get(value);
    if (text === undefined) {
      text = quoted(csvText(value));
      safe.set(value, text);
    }
    return text;
  };
  const line = (cells: readonly string[]) => `${cells.join(',')}\n`;
  const parts = [line(fields.map(([column]) => quoted(column)))];
  for (let from = 0; from < records.length; from += chunk)
    parts.push(
      records
        .slice(from, from + chunk)
        .map((record) => line(fields.map(([, read]) => cell(read(record)))))
        .join(''),
    );
  return parts.join('');
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
