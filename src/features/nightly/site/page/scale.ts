import type { Lang } from '../../../../core/messages/message.ts';
import { formatNumber, numberLocales } from '../../../../core/messages/number.ts';
import { displayUnit } from '../../../../report/format.ts';
import { dayMs, type SeriesHead } from '../data.ts';
import type { RunFigure } from './points.ts';

/** Share of interval ends that may lie outside of the picture, so that one wild night does not flatten the others. */
const outside = 0.02;
/** Margin above and below, as a share of the range. */
const margin = 0.08;

/** Range of the values shown: every figure, nearly every interval, and the values of `more`. */
export function extent(figures: readonly RunFigure[], more: readonly number[]): readonly [number, number] {
  const lows = figures.flatMap(({ low }) => low ?? []).toSorted((a, b) => a - b);
  const highs = figures.flatMap(({ high }) => high ?? []).toSorted((a, b) => a - b);
  const all = [
    ...figures.map(({ estimate }) => estimate),
    ...more,
    ...lows.slice(Math.floor(lows.length * outside)).slice(0, 1),
    ...highs.slice(0, Math.ceil(highs.length * (1 - outside))).slice(-1),
  ];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const room = margin * (most - least) || 0.01 * Math.abs(most) || 1;
  return [least - room, most + room];
}

/** An axis: the factor in whose multiples ticks are round, and the labels of ticks. */
export interface Axis {
  readonly factor: number;
  /** `decimals`: number of decimals of `round`, the same for all ticks. */
  readonly label: (round: number, decimals: number) => string;
}

/** The axis of a kind of figure. `most`: the greatest value, which determines the unit. */
export function axisOf(
  { against, unit }: Pick<SeriesHead, 'against' | 'unit'>,
  most: number,
  lang: Lang,
): Axis {
  const { percentSpace } = numberLocales[lang];
  if (against === 'pin')
    return {
      factor: 1,
      label: (ratio, decimals) => {
        const percent = Number((100 * (ratio - 1)).toFixed(6));
        const number = formatNumber(percent, Math.max(0, decimals - 2), lang);
        return `${percent > 0 ? '+' : ''}${number}${percentSpace}%`;
      },
    };
  if (against === 'baseline')
    return { factor: 1, label: (ratio, decimals) => `${formatNumber(ratio, decimals, lang)}×` };
  const { factor, name } = displayUnit(unit, most, lang);
  return { factor, label: (value, decimals) => `${formatNumber(value, decimals, lang)} ${name}`.trim() };
}

/** Number of decimals that these round values need. */
export function decimalsOf(values: readonly number[]): number {
  return Math.max(0, ...values.map((value) => String(Number(value.toFixed(6))).split('.')[1]?.length ?? 0));
}

/** Maps a value to its position, pixels. */
export interface Scale {
  (value: number | Date): number;
  readonly domain: readonly [number, number];
  /** The value at a pixel. */
  readonly invert: (pixel: number) => number;
}

export function scaleOf(
  [least, most]: readonly [number, number],
  [first, last]: readonly [number, number],
): Scale {
  const at = (value: number | Date) => first + ((Number(value) - least) / (most - least)) * (last - first);
  const invert = (pixel: number) => least + ((pixel - first) / (last - first)) * (most - least);
  return Object.assign(at, { domain: [least, most] as const, invert });
}

/** Possible distances of ticks: in days, and in months (0: less than a month). */
const steps: readonly (readonly [days: number, months: number])[] = [
  ...[1, 2, 7].map((days) => [days, 0] as const),
  ...[1, 3, 12, 24, 60, 120].map((months) => [30 * months, months] as const),
];

/** About `count` days for ticks: first days of months, Sundays, every other day, or every day. */
export function timeTicks(from: Date, to: Date, count: number): readonly Date[] {
  const wanted = (to.valueOf() - from.valueOf()) / dayMs / count;
  const far = ([days]: (typeof steps)[number]) => Math.abs(Math.log(days / wanted));
  const [[step, months] = [1, 0]] = steps.toSorted((a, b) => far(a) - far(b));
  const isTick = (at: Date) => {
    const date = at.getUTCDate();
    if (months > 0) return date === 1 && (12 * at.getUTCFullYear() + at.getUTCMonth()) % months === 0;
    return step === 7 ? at.getUTCDay() === 0 : (date - 1) % step === 0;
  };
  const first = Math.ceil(from.valueOf() / dayMs);
  const days = Math.max(0, Math.floor(to.valueOf() / dayMs) - first + 1);
  return Array.from({ length: days }, (_, i) => new Date((first + i) * dayMs)).filter(isTick);
}

/** Runs of consecutive elements that pass. */
export function runsOf<T>(all: readonly T[], passes: (one: T) => boolean): readonly (readonly T[])[] {
  const runs: T[][] = [[]];
  for (const one of all)
    if (passes(one)) runs.at(-1)?.push(one);
    else runs.push([]);
  return runs.filter(({ length }) => length > 0);
}

const rounded = (pixels: number) => Math.round(pixels * 100) / 100;

/** SVG path of a line through points. */
export function pathThrough(places: readonly (readonly [x: number, y: number])[]): string {
  return `M${places.map(([x, y]) => `${rounded(x)} ${rounded(y)}`).join('L')}`;
}
