import type { SeriesHead } from '../../dashboard/data.ts';
import type { Lang } from '../../messages/message.ts';
import { numberLocales } from '../../messages/number.ts';
import { displayUnit, formatNumberShort } from '../../report/format.ts';
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

/** An axis: where its lines are, and what they are called. */
export interface Axis {
  /** In which values are round. */
  readonly factor: number;
  readonly label: (value: number) => string;
}

/** The axis of a kind of figure. `most`: the greatest value, which chooses the unit. */
export function axisOf(
  { against, unit }: Pick<SeriesHead, 'against' | 'unit'>,
  most: number,
  lang: Lang,
): Axis {
  if (against === 'pin') return { factor: 1, label: (value) => percentLabel(value, lang) };
  if (against === 'baseline') return { factor: 1, label: (value) => `${formatNumberShort(value, lang)}×` };
  const { factor, name } = displayUnit(unit, most, lang);
  return { factor, label: (value) => `${formatNumberShort(value / factor, lang)} ${name}`.trim() };
}

/** `1.1` → `+10%`: with as many decimals as the tick has. */
function percentLabel(ratio: number, lang: Lang): string {
  const percent = Number((100 * (ratio - 1)).toFixed(6));
  return `${percent > 0 ? '+' : ''}${formatNumberShort(percent, lang)}${numberLocales[lang].percentSpace}%`;
}
