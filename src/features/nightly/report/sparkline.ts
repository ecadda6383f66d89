import type { Spec } from '../../../report/charts/grammar/chart.ts';
import { round } from '../../../report/charts/grammar/layout.ts';
import { pageLook, soft } from '../../../report/charts/grammar/theme.ts';

/** The course of some values, for a picture in a line of text. */
interface Course {
  /** Logarithms, oldest first. */
  readonly values: readonly number[];
  /** Number of places of the picture, whose last one has the newest value. */
  readonly places: number;
  /** Logarithm that they are compared with; null: none. */
  readonly level: number | null;
  /** Colour of the dot at the newest value. */
  readonly dot: string;
}

/** Least extent of the axis, so that steady values look steady instead of having their noise magnified. */
const leastExtent = 0.04;

/** A line without axes, its level as a dashed line, and a dot at the newest value: it shows the course, not amounts. */
export function sparkline({ values, places, level, dot }: Course): Spec {
  const all = level === null ? values : [...values, level];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const middle = (low + high) / 2;
  const reach = round(Math.max(high - low, leastExtent) / 2);
  const last = places - 1;
  const data = values.map((value, i) => ({
    at: places - values.length + i,
    value: round(value - middle),
  }));
  const axis = { type: 'quantitative', axis: null } as const;
  const x = { ...axis, field: 'at', scale: { domain: [0, last], nice: false } };
  const y = { ...axis, field: 'value', scale: { domain: [-reach, reach], nice: false, zero: false } };
  const layer = (values: readonly Spec[], mark: Spec, across: Spec = {}) => ({
    data: { values },
    mark,
    encoding: { x, y, ...across },
  });
  const rule = level === null ? [] : [{ at: 0, last, value: round(level - middle) }];
  return {
    width: 116,
    height: 22,
    layer: [
      layer(rule, { type: 'rule', color: '#b6bec7', strokeDash: [2, 2] }, { x2: { field: 'last' } }),
      layer(data, { type: 'line', color: soft, strokeWidth: 1.2 }),
      layer(data.slice(-1), { type: 'point', filled: true, size: 24, opacity: 1, color: dot }),
    ],
    config: { ...pageLook, padding: 3, aria: false, view: { stroke: null } },
  };
}
