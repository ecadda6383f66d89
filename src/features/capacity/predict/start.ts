import { centreOf } from '../sandbox/block-lines.ts';
import type { OverheadEstimate } from '../sandbox/overhead-record.ts';
import type { Pair } from './costs.ts';
import { type MeasuredCell, valuesOf } from './measured.ts';

/** The workload that starts a container and does nothing in it. */
export const startWorkload = 'startup/echo';

/**
 * What a start under a runtime takes beyond a native one, in a metric of a container that prints a line; null where no
 * block has both.
 */
export function addedToStart(
  cells: readonly MeasuredCell[],
  metric: 'total.cpu' | 'startup.to_output',
  { runtime, native, confidence }: Pair,
): OverheadEstimate | null {
  const of = (name: string) =>
    valuesOf(cells, { runtime: name, workload: startWorkload, params: '' }, metric);
  const own = of(native);
  const added = [...of(runtime)].flatMap(([block, value]) => {
    const beside = own.get(block);
    return beside === undefined ? [] : [value - beside];
  });
  return centreOf(added, confidence);
}
