import { median } from 'simple-statistics';
import type { HeadlineChange } from '../model/run-comparison.ts';
import { shift } from './stats/hodges-lehmann.ts';
import { equivalenceConfidence, widened, widerP } from './stats/paired-centre.ts';
import { rankSumTest } from './stats/rank-sum.ts';
import type { VerdictEstimate } from './verdict.ts';

/** The figures of a change between two runs, and the values that decide its verdict. */
export interface RunChange {
  readonly figures: Pick<
    HeadlineChange,
    'nBefore' | 'nAfter' | 'before' | 'after' | 'ratio' | 'low' | 'high'
  >;
  /** The logarithm of the change. */
  readonly logs: VerdictEstimate;
  /** Unadjusted; null where there are too few values for an interval. */
  readonly p: number | null;
}

/** Confidence of an interval, and the factor by which it is wider than its own values require. */
export interface IntervalSettings {
  readonly confidence: number;
  readonly widening: number;
}

/**
 * The change between two independent samples of logarithms, neither of them empty: Hodges–Lehmann's estimate for two samples
 * with its interval, and the rank-sum test.
 */
export function runChange(
  was: readonly number[],
  is: readonly number[],
  { confidence, widening }: IntervalSettings,
): RunChange {
  const logs = widened({ ...shiftBounds(was, is, confidence), test: null }, widening);
  const { estimate, low, high } = logs;
  const bounded = low !== null && high !== null;
  return {
    logs,
    p: bounded ? widerP(rankSumTest(is, was).p, widening) : null,
    figures: {
      ...{ nBefore: was.length, nAfter: is.length },
      ...{ before: Math.exp(median([...was])), after: Math.exp(median([...is])) },
      ratio: Math.exp(estimate),
      low: bounded ? Math.exp(low) : null,
      high: bounded ? Math.exp(high) : null,
    },
  };
}

function shiftBounds(was: readonly number[], is: readonly number[], confidence: number): VerdictEstimate {
  const { estimate, low, high } = shift(was, is, confidence);
  const narrow = shift(was, is, equivalenceConfidence(confidence));
  return { estimate, low, high, low90: narrow.low, high90: narrow.high };
}
