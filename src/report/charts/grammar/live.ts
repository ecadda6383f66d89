import type { Spec } from './chart.ts';

/** Opacity of marks that are not picked. */
const faint = 0.12;

/** Name of the parameter for values picked in the legend, or on marks if a chart has no legend. */
const picked = 'picked';

/** Condition: true for picked values, and for all if none is picked. */
export const isPicked = { param: picked };

/** Parameter of every chart with the names of the shown runtimes; the page changes it to hide and show runtimes. */
export function shownRuntimes(names: readonly string[]): Spec {
  return { name: 'shown', value: names };
}

/** The shown runtimes, as the domain of a scale or the values of a legend. */
export const shownNames = { expr: 'shown' };

/**
 * Sorts rows, columns or pictures by the number that {@link placed} gives every value. Not a list of names, since Vega-Lite
 * would write it into an expression, whose parser mistakes names such as `constructor`, `toString` and `if` for variables.
 */
export const byPlace = { field: 'place', op: 'min', order: 'ascending' };

/** Adds the index of each value in the order of a field, for {@link byPlace}. */
export function placed(values: readonly Spec[], field: string, order: readonly string[]): readonly Spec[] {
  const places = new Map(order.map((name, at) => [name, at] as const).toReversed());
  return values.map((value) => ({ ...value, place: places.get(String(value[field])) ?? order.length }));
}

/** Data of a view without those of hidden runtimes. */
export function shownData(values: readonly unknown[]): {
  readonly data: Spec;
  readonly transform: readonly Spec[];
} {
  return { data: { values }, transform: [{ filter: 'indexof(shown, datum.runtime) >= 0' }] };
}

/** `opacity` encoding of marks: fades those that are not picked. */
export function fading(opacity: number): Spec {
  return { condition: { ...isPicked, value: opacity }, value: Math.min(opacity, faint) };
}

/**
 * Makes values of `field` selectable in the legend of a layer, or by a click on its marks. Must be the first of several layers
 * with the same legend: Vega-Lite takes the legend's behaviour from it.
 */
export function picking(marks: Spec, field: string, where: 'legend' | 'marks'): Spec {
  // No toggling: each of several small pictures handles a click, so a second handler would undo the first.
  const select = { type: 'point', fields: [field], toggle: false };
  return {
    ...marks,
    params: [{ name: picked, select, ...(where === 'legend' && { bind: 'legend' }) }],
  };
}
