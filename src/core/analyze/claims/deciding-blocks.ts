import { median } from 'simple-statistics';
import type { SummaryRow, Verdict } from '../../model/analysis/analysis.ts';
import { hodgesLehmann } from '../stats/hodges-lehmann.ts';
import { type Centre, minimumPairs, pairedCentre, pairedTest } from '../stats/paired-centre.ts';

/** Of more blocks than these, no few of them decide in practice, and trying each would take long. */
const mostTried = 100;

/** A block lies far off at so many robust standard deviations from the median of all. */
const farFrom = 5;

/** Where more of the blocks are far off, they are a second group, not a few. */
const mostFar = 1 / 4;

/**
 * The verdict without one of the blocks, where it is another than that of all; else without all that lie far off. Null where
 * neither changes it. If several single blocks change it, one without which something is claimed counts first. `values`: one a block.
 */
export function otherVerdict(
  values: readonly number[],
  verdict: Verdict,
  verdictOf: (values: readonly number[]) => Verdict,
): SummaryRow['decidedBy'] | null {
  const n = values.length;
  if (n < minimumPairs || n > mostTried) return null;
  const changed = values
    .map((_, left) => verdictOf(values.toSpliced(left, 1)))
    .filter((other) => other !== verdict);
  const one = changed.find((other) => other !== 'inconclusive') ?? changed[0];
  if (one !== undefined) return { blocks: 1, without: one };
  const near = valuesNear(values);
  const far = n - near.length;
  if (far < 2 || far > mostFar * n) return null;
  const without = verdictOf(near);
  return without === verdict ? null : { blocks: far, without };
}

function valuesNear(values: readonly number[]): readonly number[] {
  const centre = median([...values]);
  const deviation = 1.4826 * median(values.map((value) => Math.abs(value - centre)));
  return values.filter((value) => Math.abs(value - centre) <= farFrom * deviation);
}

/** The centre of values; of those that are too few for an interval, the interval is their range. */
export function centreOf(values: readonly number[], confidence: number): Centre {
  const found = pairedCentre(values, confidence);
  if (found !== null && found.low !== null) return found;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const { estimate } = hodgesLehmann(values, confidence);
  return { estimate, low, high, low90: low, high90: high, test: pairedTest(values) };
}
