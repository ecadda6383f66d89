import type { Lang } from '../../core/messages/message.ts';
import { decimalsFor, formatNumber, numberLocales } from '../../core/messages/number.ts';
import type { Unit } from '../../core/model/workload/metric.ts';

/** A unit for display: the value in it is `value / factor`. */
export interface DisplayUnit {
  readonly factor: number;
  readonly name: string;
}

const time: readonly (readonly [number, string])[] = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [1, 'ns'],
];
const binary: readonly (readonly [number, string])[] = [
  [2 ** 40, 'Ti'],
  [2 ** 30, 'Gi'],
  [2 ** 20, 'Mi'],
  [2 ** 10, 'Ki'],
  [1, ''],
];
const decimal: readonly (readonly [number, string])[] = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [1, ''],
];
/** Counts below a million are written in full. */
const large = decimal.filter(([factor]) => factor !== 1e3);

function scale(steps: readonly (readonly [number, string])[], value: number): readonly [number, string] {
  const size = Math.abs(value);
  const last = steps[steps.length - 1] ?? ([1, ''] as const);
  // Compare the value rounded to three digits: 999.6 µs would otherwise print as 1,000 µs.
  return steps.find(([factor]) => Number((size / factor).toPrecision(3)) >= 1) ?? last;
}

/** The unit that suits a value (or an axis, by its maximum). */
export function displayUnit(unit: Unit, value: number, lang: Lang): DisplayUnit {
  const byte = lang === 'fr' ? 'o' : 'B';
  const operation = lang === 'fr' ? 'op' : 'ops';
  switch (unit) {
    case 'ns':
    case 'ns/op': {
      const [factor, name] = scale(time, value);
      return { factor, name: unit === 'ns' ? name : `${name}/op` };
    }
    case 'bytes':
    case 'bytes/s': {
      const [factor, prefix] = scale(binary, value);
      return { factor, name: `${prefix}${byte}${unit === 'bytes/s' ? '/s' : ''}` };
    }
    case 'ops/s': {
      const [factor, prefix] = scale(decimal, value);
      return { factor, name: `${prefix === '' ? '' : `${prefix} `}${operation}/s` };
    }
    case 'ratio':
      return { factor: 1, name: '' };
    case 'count': {
      const [factor, name] = scale(large, value);
      return { factor, name };
    }
  }
}

/** Whole bytes and counts have no decimals; everything else has three significant digits. */
function decimalsIn(unit: Unit, display: DisplayUnit, value: number): number {
  const shown = value / display.factor;
  if (unit === 'bytes' && display.factor === 1) return 0;
  if (unit === 'count' && display.factor === 1 && Number.isInteger(value)) return 0;
  return decimalsFor(shown);
}

function withUnit(number: string, display: DisplayUnit, lang: Lang): string {
  return display.name === '' ? number : `${number}${numberLocales[lang].unitSpace}${display.name}`;
}

/** Formats a value in base units: `272345678, 'ns'` → `272 ms`; bytes are binary (`1.50 MiB`, fr `1,50 Mio`). */
export function formatValue(value: number, unit: Unit, lang: Lang): string {
  const display = displayUnit(unit, value, lang);
  return withUnit(
    formatNumber(value / display.factor, decimalsIn(unit, display, value), lang),
    display,
    lang,
  );
}

function bracket(low: string, high: string, lang: Lang): string {
  return `[${low}${numberLocales[lang].separator}${high}]`;
}

/** A value in base units, and the ends of its interval. */
interface EstimatedValue {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * A value and its interval in one unit with the same decimals: `272 ms [268, 277]`; no brackets without an interval. If the
 * interval includes zero, its width determines unit and decimals: `0 KiB [−166, 155]`.
 */
export function formatEstimate({ value, low, high }: EstimatedValue, unit: Unit, lang: Lang): string {
  if (low === null || high === null) return formatValue(value, unit, lang);
  const size = low <= 0 && high >= 0 ? Math.max(-low, high, Math.abs(value)) : value;
  const display = displayUnit(unit, size, lang);
  const decimals = decimalsIn(unit, display, size);
  const show = (x: number) => formatNumber(x / display.factor, decimals, lang);
  return `${withUnit(show(value), display, lang)} ${bracket(show(low), show(high), lang)}`;
}

/** `+105 ms [100, 111]`: an estimated difference; no sign if it rounds to zero. */
export function formatDifference(difference: EstimatedValue, unit: Unit, lang: Lang): string {
  const text = formatEstimate(difference, unit, lang);
  return difference.value > 0 && /^[^[]*[1-9]/.test(text) ? `+${text}` : text;
}

function ratioDecimals(ratio: number): number {
  return ratio >= 0.3 && ratio < 9.995 ? 2 : decimalsFor(ratio);
}

/** `1.7234` → `1.72×`. */
export function formatRatio(ratio: number, lang: Lang): string {
  return `${formatNumber(ratio, ratioDecimals(ratio), lang)}×`;
}

/** `[1.68, 1.77]`, with the decimals of the ratio it belongs to. */
export function formatRatioInterval(ratio: number, low: number, high: number, lang: Lang): string {
  const decimals = ratioDecimals(ratio);
  return bracket(formatNumber(low, decimals, lang), formatNumber(high, decimals, lang), lang);
}

/** `1.85× [1.68, 2.07]`; no brackets without an interval. */
export function formatRatioEstimate(
  { ratio, low, high }: { readonly ratio: number; readonly low: number | null; readonly high: number | null },
  lang: Lang,
): string {
  const interval = low === null || high === null ? '' : ` ${formatRatioInterval(ratio, low, high, lang)}`;
  return `${formatRatio(ratio, lang)}${interval}`;
}

/** A fraction as percent with at most `decimals` decimals: `0.05` → `5%`, fr `5 %`. */
export function formatPercent(fraction: number, lang: Lang, decimals = 0): string {
  return `${formatNumber(fraction * 100, decimals, lang)}${numberLocales[lang].percentSpace}%`;
}

/** A fraction and its interval as percent: `7% [3%, 11%]`; no brackets without an interval. */
export function formatPercentEstimate(
  { value, low, high }: { readonly value: number; readonly low: number | null; readonly high: number | null },
  lang: Lang,
  decimals = 0,
): string {
  const shown = (fraction: number) => formatPercent(fraction, lang, decimals);
  const interval = low === null || high === null ? '' : ` ${bracket(shown(low), shown(high), lang)}`;
  return `${shown(value)}${interval}`;
}

/** A whole number with grouped thousands. */
export function formatCount(count: number, lang: Lang): string {
  return formatNumber(count, 0, lang);
}

/** `2026-03-01T14:05:09.123Z` → `2026-03-01 14:05 UTC` in every language; any other text is returned unchanged. */
export function formatInstant(iso: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?Z$/.exec(iso);
  return match === null ? iso : `${match[1]} ${match[2]} UTC`;
}

/** A plain number with all its decimals, at most six: `0.05` → fr `0,05`. */
export function formatNumberShort(value: number, lang: Lang): string {
  const [, fraction = ''] = String(Number(value.toFixed(6))).split('.');
  return formatNumber(value, fraction.length, lang);
}

/** A confidence level such as 0.95 in percent. Keeps the decimals of 0.999, drops the rounding error of 1 - 0.05. */
export function formatConfidence(confidence: number, lang: Lang): string {
  return `${formatNumberShort(confidence * 100, lang)}${numberLocales[lang].percentSpace}%`;
}
