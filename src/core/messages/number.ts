import type { Lang } from './message.ts';

interface NumberLocale {
  readonly decimal: string;
  readonly group: string;
  /** Separator between a number and its unit; `percentSpace`: before `%`. */
  readonly unitSpace: string;
  readonly percentSpace: string;
  /** Between the ends of an interval. */
  readonly separator: string;
}

/** French typography: decimal comma, narrow no-break space (U+202F) between groups and before units. */
export const numberLocales: Readonly<Record<Lang, NumberLocale>> = {
  en: { decimal: '.', group: ',', unitSpace: ' ', percentSpace: '', separator: ', ' },
  fr: { decimal: ',', group: '\u202f', unitSpace: '\u202f', percentSpace: '\u202f', separator: ' ; ' },
};

/** `1234.5, 1` → `1,234.5` or `1 234,5`: fixed decimals, grouped thousands, a true minus sign. */
export function formatNumber(value: number, decimals: number, lang: Lang): string {
  const { decimal, group } = numberLocales[lang];
  const [whole = '0', fraction] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, group);
  const digits = fraction === undefined ? grouped : `${grouped}${decimal}${fraction}`;
  return value < 0 && /[1-9]/.test(digits) ? `\u2212${digits}` : digits;
}

/** Number of decimals that shows `value` with three significant digits: 0 from 100 upwards. 9.996 rounds to 10.0. */
export function decimalsFor(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return 0;
  const rounded = Math.abs(Number(value.toPrecision(3)));
  return Math.min(9, Math.max(0, 2 - Math.floor(Math.log10(rounded))));
}

/**
 * Every digit of a double without an exponent, so that no spreadsheet or `awk` reads it differently:
 * `1e-7` → `0.0000001`. `Number(plainDecimal(x)) === x` for every finite x but -0. Throws RangeError on others.
 */
export function plainDecimal(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is not a number that a table can hold`);
  const text = String(value);
  if (!text.includes('e')) return text;
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}`;
}
