import { plainDecimal } from '../core/messages/number.ts';
import { stringify } from './csv-library.ts';
import { csvText } from './sanitize.ts';

/** A column of a table, and how to read its cell from a record. */
export type Field<T> = readonly [column: string, read: (record: T) => string | number | null];

/** Rows converted at a time, so that a large table needs little more memory than its text. */
const chunk = 2000;

/**
 * CSV text of records. null is an empty cell; numbers keep every digit; text is made safe for spreadsheets, each
 * distinct one once.
 */
export function csvOf<T>(records: readonly T[], fields: readonly Field<T>[]): string {
  const safe = new Map<string, string>();
  const cell = (value: string | number | null): string => {
    if (value === null) return '';
    if (typeof value === 'number') return plainDecimal(value);
    let text = safe.get(value);
    if (text === undefined) {
      text = csvText(value);
      safe.set(value, text);
    }
    return text;
  };
  const parts = [stringify([fields.map(([column]) => column)])];
  for (let from = 0; from < records.length; from += chunk)
    parts.push(
      stringify(
        records.slice(from, from + chunk).map((record) => fields.map(([, read]) => cell(read(record)))),
      ),
    );
  return parts.join('');
}
