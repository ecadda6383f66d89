import { plainText, scriptJson } from '../../../report/sanitize.ts';

/** Data for a page, as JSON for an element of it. Texts are plain: no control character of a history reaches what shows them. */
export function plainJson(data: unknown): string {
  return scriptJson(plain(data));
}

function plain(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
