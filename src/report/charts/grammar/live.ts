import type { Spec } from './define.ts';

/** Opacity of what is not picked. */
const faint = 0.12;

/** The name of what is picked in a legend, or by a click on a mark where a chart has none. */
const picked = 'picked';

/** Holds for what is picked, and for everything where nothing is. */
export const isPicked = { param: picked };

/** The runtimes that are shown: a variable of every chart. Whoever changes it takes runtimes out, or back in. */
export function shownRuntimes(names: readonly string[]): Spec {
  return { name: 'shown', value: names };
}

/** The runtimes that are shown, as the domain of a scale or the values of a legend. */
export const shownNames = { expr: 'shown' };

/**
 * Sorts rows, columns or pictures by the number that {@link placed} gives every value. A list of names would do, but Vega-Lite
 * would write them into an expression, whose parser takes the texts `constructor`, `toString` and `if` for variables.
 */
export const byPlace = { field: 'place', op: 'min', order: 'ascending' };

/** The values with their place in the order of a field, for {@link byPlace}. */
export function placed(values: readonly Spec[], field: string, order: readonly string[]): readonly Spec[] {
  const places = new Map(order.map((name, at) => [name, at] as const).toReversed());
  return values.map((value) => ({ ...value, place: places.get(String(value[field])) ?? order.length }));
}

/** Data of a view, less those of runtimes that are not shown. */
export function shownData(values: readonly unknown[]): {
  readonly data: Spec;
  readonly transform: readonly Spec[];
} {
  return { data: { values }, transform: [{ filter: 'indexof(shown, datum.runtime) >= 0' }] };
}

/** `opacity` of marks: what is not picked fades. */
export function fading(opacity: number): Spec {
  return { condition: { ...isPicked, value: opacity }, value: Math.min(opacity, faint) };
}

/**
 * A layer whose values of `field` can be picked: in its legend, or by a click on its marks. Of several layers with the same
 * legend, it has to be the first: Vega-Lite takes how a legend answers from there.
 */
export function picking(marks: Spec, field: string, where: 'legend' | 'marks'): Spec {
  // Each of several small pictures answers a click: to add to what is picked would also take it away again.
  const select = { type: 'point', fields: [field], toggle: false };
  return {
    ...marks,
    params: [{ name: picked, select, ...(where === 'legend' && { bind: 'legend' }) }],
  };
}
