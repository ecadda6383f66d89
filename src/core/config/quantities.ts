import { samplePeriodMs } from '../model/run/extent.ts';

/** Bounds of whole numbers in all inputs. A seed is at most the largest integer that every JSON parser keeps exact. */
export const wholeBounds = {
  seed: { least: 0, most: Number.MAX_SAFE_INTEGER },
  blocks: { least: 1, most: 999_999 },
  nights: { least: 1, most: 999_999 },
} as const;

interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** Parse `42` into 42; null where the text is not a whole number within the bounds. */
export function parseWhole(text: string, { least, most }: Bounds): number | null {
  const value = /^\d{1,16}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : null;
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Parse `90s`, `10m`, `1h30m`, `1.5h` into milliseconds; null where the text is not a positive duration. */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim();
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(trimmed)) return null;
  let total = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g))
    total += Number(amount) * (unitMs[unit ?? ''] ?? Number.NaN);
  return Number.isFinite(total) && total > 0 ? total : null;
}

/**
 * Parse `100ms`, `1s` into milliseconds; null where the text is not a duration or not within {@link samplePeriodMs}.
 */
export function parseSamplePeriod(text: string): number | null {
  const ms = parseDuration(text);
  return ms !== null && ms >= samplePeriodMs.min && ms <= samplePeriodMs.max ? ms : null;
}

/** Parse `512M`, `2G` into bytes; null where the text is not a size. */
export function parseSize(text: string): number | null {
  const match = /^(\d{1,6}(?:\.\d{1,3})?)([KMG])i?B?$/i.exec(text.trim());
  if (match === null) return null;
  const power = 'KMG'.indexOf((match[2] ?? '').toUpperCase()) + 1;
  return Math.floor(Number(match[1]) * 1024 ** power);
}

/** Parse `3%` or `0.03` (text or number) into 0.03; null where it is not between 0 and 1, both excluded. */
export function parseFraction(value: string | number): number | null {
  const share = parseShare(value);
  return share === 1 ? null : share;
}

/** As {@link parseFraction}, but `100%` and `1` are allowed. */
export function parseShare(value: string | number): number | null {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(%?)$/.exec(String(value).trim());
  if (match === null) return null;
  const share = match[2] === '%' ? Number(match[1]) / 100 : Number(match[1]);
  return share > 0 && share <= 1 ? share : null;
}

/**
 * Parse `7..12` into {min: 7, max: 12}, and `9` into {min: 9, max: 9}; null where it is neither, or min exceeds max.
 */
export function parseRange(text: string): { readonly min: number; readonly max: number } | null {
  const match = /^(\d+)(?:\.\.(\d+))?$/.exec(text.trim());
  const min = parseWhole(match?.[1] ?? '', wholeBounds.blocks);
  const max = parseWhole(match?.[2] ?? match?.[1] ?? '', wholeBounds.blocks);
  return min !== null && max !== null && min <= max ? { min, max } : null;
}

/** Parse `a, b,,c` into ['a', 'b', 'c'], each once. */
export function parseList(text: string): readonly string[] {
  return [...new Set(text.split(',').map((part) => part.trim()))].filter((part) => part !== '');
}
