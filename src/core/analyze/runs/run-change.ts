import { median } from 'simple-statistics';
import type { HeadlineChange } from '../../model/run/run-comparison.ts';
import type { VerdictEstimate } from '../claims/verdict.ts';
import { normalQuantile, studentQuantile, studentTwoSided } from '../stats/distributions.ts';
import { factorOf } from '../stats/factor.ts';
import { shift } from '../stats/hodges-lehmann.ts';
import { equivalenceConfidence, widened, widerP } from '../stats/paired-centre.ts';
import { rankSumTest } from '../stats/rank-sum.ts';
import type { SessionVariance } from './session-variance.ts';

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
 *
 * `session`: the variance of one session, of which a change holds two. The interval is then that of t with the error of the
 * blocks and of both sessions, and the change must pass that t test as well.
 */
export function runChange(
  was: readonly number[],
  is: readonly number[],
  { confidence, widening }: IntervalSettings,
  session: SessionVariance | null,
): RunChange {
  const ofBlocks = widened({ ...shiftBounds(was, is, confidence), test: null }, widening);
  const error =
    session === null ? null : totalError(ofBlocks, session, was.length + is.length - 2, confidence);
  const logs = error === null ? ofBlocks : withSessions(ofBlocks, error, confidence);
  const { estimate, low, high } = logs;
  const bounded = low !== null && high !== null;
  const p = bounded ? widerP(rankSumTest(is, was).p, widening) : null;
  return {
    logs,
    p: p === null || error === null ? p : Math.max(p, error.p),
    figures: {
      nBefore: was.length,
      nAfter: is.length,
      before: Math.exp(median([...was])),
      after: Math.exp(median([...is])),
      ratio: Math.exp(estimate),
      low: bounded ? factorOf(low) : null,
      high: bounded ? factorOf(high) : null,
    },
  };
}

function shiftBounds(was: readonly number[], is: readonly number[], confidence: number): VerdictEstimate {
  const { estimate, low, high } = shift(was, is, confidence);
  const narrow = shift(was, is, equivalenceConfidence(confidence));
  return { estimate, low, high, low90: narrow.low, high90: narrow.high };
}

/** The standard error of a change, with that of its sessions. */
interface TotalError {
  readonly sessions: number;
  readonly df: number;
  /** Of the t test of "no change". */
  readonly p: number;
}

/** Null without an interval. Degrees of freedom: Satterthwaite's, rounded down. */
function totalError(
  { estimate, low, high }: VerdictEstimate,
  session: SessionVariance,
  blocksDf: number,
  confidence: number,
): TotalError | null {
  if (low === null || high === null) return null;
  const blocks = ((high - low) / 2 / normalBound(confidence)) ** 2;
  const sessions = 2 * session.variance;
  const total = blocks + sessions;
  const df = total ** 2 / (blocks ** 2 / blocksDf + sessions ** 2 / session.df);
  const whole = total === 0 ? blocksDf : Math.max(1, Math.floor(df));
  const t = total === 0 ? (estimate === 0 ? 0 : Number.POSITIVE_INFINITY) : estimate / Math.sqrt(total);
  return { sessions, df: whole, p: studentTwoSided(t, whole) };
}

/** The bounds with the variance of the sessions; below and above the estimate, the blocks' errors are those of its interval. */
function withSessions(
  { estimate, low, high }: VerdictEstimate,
  { sessions, df }: TotalError,
  confidence: number,
): VerdictEstimate {
  const half = (bound: number | null, level: number) => {
    const ofBlocks = ((bound ?? estimate) - estimate) / normalBound(confidence);
    return -studentQuantile((1 - level) / 2, df) * Math.hypot(ofBlocks, Math.sqrt(sessions));
  };
  const narrow = equivalenceConfidence(confidence);
  return {
    estimate,
    low: estimate - half(low, confidence),
    high: estimate + half(high, confidence),
    low90: estimate - half(low, narrow),
    high90: estimate + half(high, narrow),
  };
}

/** The normal score that the interval of a confidence reaches to on each side. */
function normalBound(confidence: number): number {
  return -normalQuantile((1 - confidence) / 2);
}
