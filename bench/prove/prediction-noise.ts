import { hodgesLehmann } from '../../src/analyze/stats/hodges-lehmann.ts';
import { type MeasuredCell, valuesOf } from '../../src/predict/measured.ts';

/** An application under a runtime, and the native one beside it. */
interface Beside {
  readonly native: string;
  readonly runtime: string;
  readonly workload: string;
  readonly params: string;
}

/**
 * Half the width of the interval of a measured slow-down, on a logarithmic scale: what one recording knows of it. No prediction
 * can be judged more closely than that. Null where there are too few blocks for an interval.
 */
export function measuredHalfWidth(
  cells: readonly MeasuredCell[],
  { native, runtime, workload, params }: Beside,
  confidence: number,
): number | null {
  const costs = (under: string) => valuesOf(cells, { runtime: under, workload, params }, 'work.cpu');
  const [before, after] = [costs(native), costs(runtime)];
  const ratios = [...before].flatMap(([block, ns]) => {
    const other = after.get(block);
    return other === undefined ? [] : [Math.log(other / ns)];
  });
  if (ratios.length === 0) return null;
  const { low, high } = hodgesLehmann(ratios, confidence);
  return low === null || high === null ? null : (high - low) / 2;
}
