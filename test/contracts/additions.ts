import { isDeepStrictEqual } from 'node:util';
import { parse } from 'csv-parse/sync';

/** Where a value is not what the contract has, as JSON paths; keys and elements that the contract does not know are additions. */
export function broken(contract: unknown, now: unknown, path = '$'): readonly string[] {
  if (Array.isArray(contract)) return Array.isArray(now) ? brokenList(contract, now, path) : [path];
  if (contract === null || typeof contract !== 'object')
    return isDeepStrictEqual(contract, now)
      ? []
      : [`${path}: ${JSON.stringify(contract)} is ${JSON.stringify(now)}`];
  if (now === null || typeof now !== 'object' || Array.isArray(now)) return [path];
  const has = now as Record<string, unknown>;
  return Object.entries(contract).flatMap(([key, value]) =>
    key in has ? broken(value, has[key], `${path}.${key}`) : [`${path}.${key}: is missing`],
  );
}

/** The contract's elements must be there in their order; others may stand between them. */
function brokenList(contract: readonly unknown[], now: readonly unknown[], path: string): readonly string[] {
  if (contract.length === now.length)
    return contract.flatMap((element, at) => broken(element, now[at], `${path}[${at}]`));
  let next = 0;
  for (const [at, element] of contract.entries()) {
    while (next < now.length && broken(element, now[next]).length > 0) next++;
    if (next === now.length) return [`${path}[${at}]: is missing`];
    next++;
  }
  return [];
}

/** The same of two CSV files: columns and rows may be added; every cell that there was is the same text, in the same order. */
export function brokenCsv(contract: string, now: string): readonly string[] {
  const rows = (text: string) => parse(text, { columns: true }) as unknown[];
  return broken(rows(contract), rows(now));
}
