import { addedTo, type Pair } from '../../src/features/capacity/predict/costs.ts';
import type { MeasuredCell } from '../../src/features/capacity/predict/measured.ts';

/**
 * Half the width of the interval of a measured slow-down, on a logarithmic scale: what one run knows of it. No prediction
 * can be judged more closely than that. Null where there are too few blocks for an interval.
 */
export function measuredHalfWidth(
  cells: readonly MeasuredCell[],
  application: Pick<MeasuredCell, 'workload' | 'params'>,
  pair: Pair,
): number | null {
  const slowdown = addedTo(cells, application, 'work.cpu', pair, (subject, own) => Math.log(subject / own));
  if (slowdown === null || slowdown.low === null || slowdown.high === null) return null;
  return (slowdown.high - slowdown.low) / 2;
}
