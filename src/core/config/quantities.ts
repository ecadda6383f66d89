import { messages } from '../messages/define.ts';
import { samplePeriodMs } from '../model/run.ts';

/** Rule of a sampling period, for complaints. */
export const samplePeriodRule = messages('flags', {
  samplePeriod: 'a duration from {min}ms to {max}s',
}).samplePeriod({ min: samplePeriodMs.min, max: samplePeriodMs.max / 1000 });

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
  const text = String(value).trim();
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(%?)$/.exec(text);
  if (match === null) return null;
  const fraction = match[2] === '%' ? Number(match[1]) / 100 : Number(match[1]);
  return fraction > 0 && fraction < 1 ? fraction : null;
}

/**
 * Parse `7..12` into {min: 7, max: 12}, and `9` into {min: 9, max: 9}; null where it is neither, or min exceeds max.
 */
export function parseRange(text: string): { readonly min: number; readonly max: number } | null {
  const match = /^(\d{1,6})(?:\.\.(\d{1,6}))?$/.exec(text.trim());
  if (match === null) return null;
  const min = Number(match[1]);
  const max = match[2] === undefined ? min : Number(match[2]);
  return min >= 1 && min <= max ? { min, max } : null;
}

/** Parse `a, b,,c` into ['a', 'b', 'c'], each once. */
export function parseList(text: string): readonly string[] {
  return [...new Set(text.split(',').map((part) => part.trim()))].filter((part) => part !== '');
}
