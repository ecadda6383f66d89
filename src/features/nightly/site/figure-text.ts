import type { Lang } from '../../../core/messages/message.ts';
import { formatNumber, numberLocales } from '../../../core/messages/number.ts';
import { formatEstimate, formatRatioEstimate } from '../../../report/format.ts';
import type { SiteFigure } from './data.ts';

interface Change {
  readonly ratio: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** If a change and its interval are below this, it is shown with two decimals of a percent. */
const small = 0.01;

/** A ratio as a change: `1.123` → `+12.3% [+9.8, +14.9]`. */
export function changeText({ ratio, low, high }: Change, lang: Lang): string {
  const most = Math.max(...[ratio, low, high].map((one) => Math.abs((one ?? ratio) - 1)));
  const decimals = most < small ? 2 : 1;
  const show = (one: number) => `${one >= 1 ? '+' : ''}${formatNumber(100 * (one - 1), decimals, lang)}`;
  const { percentSpace, separator } = numberLocales[lang];
  const interval = low === null || high === null ? '' : ` [${show(low)}${separator}${show(high)}]`;
  return `${show(ratio)}${percentSpace}%${interval}`;
}

/** `▲` if every ratio is above 1, `▼` if every one is below, `≠` otherwise. Colour says whether that is worse. */
export function changeSign(ratios: readonly number[]): string {
  if (ratios.every((ratio) => ratio > 1)) return '▲';
  return ratios.every((ratio) => ratio < 1) ? '▼' : '≠';
}

/** A figure as text: a change for series against a pin; otherwise the ratio, or the value with its unit. */
export function figureText({ against, unit, estimate, low, high }: SiteFigure, lang: Lang): string {
  if (against === 'pin') return changeText({ ratio: estimate, low, high }, lang);
  return against === 'baseline'
    ? formatRatioEstimate({ ratio: estimate, low, high }, lang)
    : formatEstimate({ value: estimate, low, high }, unit, lang);
}

/** The figure as text, without its interval. */
export function bareFigure(figure: SiteFigure, lang: Lang): string {
  return figureText({ ...figure, low: null, high: null }, lang);
}

/** Minimum number of significant digits, enough for the resolution of a screen. */
const leastDigits = 5;

/**
 * Rounds the figure to the fewest digits that give the same text, to keep the data of a year small.
 */
export function shortened<Of extends SiteFigure>(figure: Of): Of {
  const whole = figureText(figure, 'en');
  for (let digits = leastDigits; digits < 17; digits++) {
    const cut = (value: number) => Number(value.toPrecision(digits));
    const { estimate, low, high } = figure;
    const short = {
      ...figure,
      estimate: cut(estimate),
      low: low === null ? null : cut(low),
      high: high === null ? null : cut(high),
    };
    if (figureText(short, 'en') === whole) return short;
  }
  return figure;
}
