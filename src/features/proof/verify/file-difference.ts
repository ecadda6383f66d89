import { parse } from './csv-library.ts';
import type { FileDifference } from './verification.ts';

/** Maximum length of a shown value, characters. */
const shown = 120;

function cut(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > shown ? `${text.slice(0, shown)}…` : text;
}

const difference = (at: string, published: unknown, records: unknown): FileDifference => ({
  at,
  published: cut(published),
  records: cut(records),
});

/** First difference between a published file and the recomputed one, by its kind; null if equal. `published` is untrusted. */
export function differenceIn(name: string, published: Buffer, records: Buffer): FileDifference | null {
  if (published.equals(records)) return null;
  const texts = [published.toString('utf8'), records.toString('utf8')] as const;
  if (name.endsWith('.png')) return inBytes(published, records);
  const found = name.endsWith('.csv') ? inCsv(...texts) : name.endsWith('.json') ? inJson(...texts) : null;
  return found ?? inLines(...texts) ?? inBytes(published, records);
}

function inCsv(published: string, records: string): FileDifference | null {
  const [is, should] = [rowsOf(published), rowsOf(records)];
  if (is === null || should === null) return null;
  const columns = should[0] ?? [];
  for (let row = 0; row < Math.max(is.length, should.length); row++)
    for (let column = 0; column < Math.max(is[row]?.length ?? 0, should[row]?.length ?? 0); column++) {
      const [a, b] = [is[row]?.[column], should[row]?.[column]];
      if (a !== b) return difference(`row ${row + 1}, column ${columns[column] ?? column + 1}`, a, b);
    }
  return null;
}

function rowsOf(text: string): string[][] | null {
  try {
    return parse(text, { relax_column_count: true });
  } catch {
    return null;
  }
}

function inJson(published: string, records: string): FileDifference | null {
  try {
    return inValues(JSON.parse(published), JSON.parse(records), '$');
  } catch {
    return null;
  }
}

function inValues(published: unknown, records: unknown, at: string): FileDifference | null {
  if (Object.is(published, records)) return null;
  if (!isTree(published) || !isTree(records) || Array.isArray(published) !== Array.isArray(records))
    return difference(at, published, records);
  const keys = new Set([...Object.keys(records), ...Object.keys(published)]);
  for (const key of keys) {
    const path = Array.isArray(records) ? `${at}[${key}]` : `${at}.${key}`;
    const found = inValues(memberOf(published, key), memberOf(records, key), path);
    if (found !== null) return found;
  }
  return null;
}

type Tree = Readonly<Record<string, unknown>>;

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}

function memberOf(tree: Tree, key: string): unknown {
  return Object.hasOwn(tree, key) ? tree[key] : undefined;
}

function inLines(published: string, records: string): FileDifference | null {
  const [is, should] = [published.split('\n'), records.split('\n')];
  const line = Array.from({ length: Math.max(is.length, should.length) }).findIndex(
    (_, at) => is[at] !== should[at],
  );
  return line === -1 ? null : difference(`line ${line + 1}`, is[line], should[line]);
}

function inBytes(published: Buffer, records: Buffer): FileDifference {
  let at = 0;
  while (at < Math.min(published.length, records.length) && published[at] === records[at]) at++;
  return difference(`byte ${at + 1}`, `${published.length} bytes`, `${records.length} bytes`);
}
