import type { CategoryEstimate, SummaryRow } from '../core/model/analysis.ts';
import { cellKey, identityOf } from '../core/model/cell.ts';
import type { RatioEstimate } from './comparison.ts';
import { type HeadlineCost, type Standing, standingOf } from './headline-cost.ts';

/** The cost of a category under one runtime: an estimate over several subjects, or the ratio of the only one. */
export interface CategoryCost {
  readonly cost: RatioEstimate;
  readonly standing: Standing;
  /** Subjects behind `cost`. */
  readonly subjects: number;
  /** The only subject; null where there are several. */
  readonly only: SummaryRow | null;
  /** The estimate over several subjects. */
  readonly pooled: CategoryEstimate | null;
}

/**
 * The costs of one runtime in one category, one for every layer and engine. The ratio of a single subject is its row's,
 * so that no second number for it exists. Empty where several subjects have no estimate. `costs` and `estimates` are of
 * this runtime and category.
 */
export function categoryCosts(
  costs: readonly HeadlineCost[],
  estimates: readonly CategoryEstimate[],
): readonly CategoryCost[] {
  const [first, ...others] = costs;
  if (estimates.length === 0) return first === undefined || others.length > 0 ? [] : [ofSubject(first)];
  return estimates.map((estimate) => {
    const { subjects, cost: ratio, low, high } = estimate;
    const only = subjects === 1 ? costs.find((item) => isMember(item, estimate)) : undefined;
    if (only !== undefined) return ofSubject(only);
    const standing = standingOf({ verdict: estimate.verdict, better: 'lower' }) ?? 'inconclusive';
    return { cost: { ratio, low, high }, standing, subjects, only: null, pooled: estimate };
  });
}

/** Where the cost was measured. */
export function placeOf({ only, pooled }: CategoryCost): Pick<CategoryEstimate, 'layer' | 'engine'> {
  const { layer, engine } = only ?? pooled ?? { layer: 'docker' };
  return { layer, ...(engine === undefined ? {} : { engine }) };
}

/** The engine's name where the run has several, else the layer's. */
export function placeName(cost: CategoryCost): string {
  const { layer, engine } = placeOf(cost);
  return engine ?? layer;
}

function ofSubject({ row, cost }: HeadlineCost): CategoryCost {
  return { cost, standing: standingOf(row) ?? 'inconclusive', subjects: 1, only: row, pooled: null };
}

/** True if an item is the only subject of an estimate. */
function isMember({ row }: HeadlineCost, { smallest, runtime, layer, engine }: CategoryEstimate): boolean {
  const { workload, params } = smallest;
  const { profile } = row;
  const member = {
    runtime,
    profile,
    layer,
    workload,
    params,
    ...(engine === undefined ? {} : { engine }),
  };
  return cellKey(identityOf(row)) === cellKey(member);
}
