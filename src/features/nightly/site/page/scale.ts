import type { Lang } from '../../../../core/messages/message.ts';
import { formatNumber, numberLocales } from '../../../../core/messages/number.ts';
import { displayUnit } from '../../../../report/format.ts';
import type { SeriesHead } from '../data.ts';
import type { Figure } from './points.ts';

/** Share of the interval ends that may lie outside of the picture: one wild night must not flatten the others. */
const outside = 0.02;
/** Room above and below. */
const margin = 0.08;

/** From where to where values are shown: every figure, nearly every interval, and what else has to be seen. */
export function extent(figures: readonly Figure[], more: readonly number[]): readonly [number, number] {
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

/** An axis: in which values its lines are round, and what they are called. */
export interface Axis {
  readonly factor: number;
  /** `decimals`: of the round value, those of all lines. */
  readonly label: (round: number, decimals: number) => string;
}

/** The axis of a kind of figure. `most`: the greatest value, which chooses the unit. */
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

/** Decimals that tell these round values apart. */
export function decimalsOf(values: readonly number[]): number {
  return Math.max(0, ...values.map((value) => String(Number(value.toFixed(6))).split('.')[1]?.length ?? 0));
}
