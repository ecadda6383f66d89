import { median } from 'simple-statistics';
import type { Settled } from '../../../core/analyze/settled.ts';
import { hodgesLehmann } from '../../../core/analyze/stats/hodges-lehmann.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { type Allowance, confidence, intervalOf, pairsToSettle, settledBy, verdictOf } from './allowance.ts';
import type { CalibrationCheck } from './calibration.ts';
import { titledAndNoted } from './check-note.ts';
import type { Comparison } from './comparisons.ts';
import { type Errors, errorsOf, type ReadingsByTrial, type TrialsByArm } from './pair-errors.ts';

const text = notices('calibration', {
  someFailed: '{n} failed, first: {first}',
  nothingMeasured: 'nothing was measured',
});

/** Pairs without the figure after which it does not exist here. One alone may lack it by chance: memory.stat lags. */
const pairsWithoutFigure = 3;

/** Subject of a check, without its result. */
export type CheckSubject = Pick<
  CalibrationCheck,
  'id' | 'runtime' | 'metric' | 'scale' | 'relation' | 'unit'
> & { readonly title: Message };

/** A check by the pairs so far. */
export interface Standing {
  readonly check: CalibrationCheck;
  /** Number of pairs that were measured, well or not. */
  readonly pairs: number;
  /** Why it needs no more pairs once it has the minimum; null while it does. */
  readonly settled: Settled | 'absent' | null;
  /** Number of pairs at which it settles at this scatter; null where that is not known. */
  readonly pairsToSettle: number | null;
}

/**
 * Judge how well the collector measured a known amount: the Hodges–Lehmann estimate of the errors, with its interval.
 * The check passes when the *whole* interval is within the tolerance (two one-sided tests), so that a wide interval can
 * never pass. It fails when no part of the interval is.
 */
export function judgeErrors(
  subject: CheckSubject,
  measured: Errors,
  tolerance: (truth: number) => number,
): Standing {
  const { pairs, truths, errors, failures, absent } = measured;
  const notes: Message[] = absent === null ? [] : [absent];
  const [first] = failures;
  if (first !== undefined) notes.unshift(text.someFailed({ n: failures.length, first }));
  if (errors.length === 0) {
    const isAbsent = absent !== null;
    return {
      check: {
        ...subject,
        n: 0,
        injected: null,
        measured: null,
        low: null,
        high: null,
        tolerance: tolerance(0),
        verdict: isAbsent ? 'absent' : 'inconclusive',
        ...titledAndNoted(subject.title, notes.length === 0 ? [text.nothingMeasured] : notes),
      },
      pairs,
      settled: isAbsent && pairs >= pairsWithoutFigure ? 'absent' : null,
      pairsToSettle: null,
    };
  }
  const { scale } = subject;
  const truth = median([...truths]);
  const allowed = tolerance(truth);
  const allowance = allowanceOf(subject, truth, allowed);
  const interval = intervalOf(errors);
  const shown = (error: number) => (scale === 'ratio' ? truth * Math.exp(error) : truth + error);
  return {
    check: {
      ...subject,
      n: errors.length,
      injected: truth,
      measured: shown(hodgesLehmann(errors, confidence).estimate),
      low: interval === null ? null : shown(interval.low),
      high: interval === null ? null : shown(interval.high),
      tolerance: allowed,
      verdict: interval === null ? 'inconclusive' : verdictOf(interval, allowance),
      ...titledAndNoted(subject.title, notes),
    },
    pairs,
    settled: settledBy(errors, allowance),
    pairsToSettle: pairsToSettle(errors, allowance),
  };
}

/** The allowance on the scale of the errors: a fraction of a ratio reaches as far down as up only as a logarithm. */
function allowanceOf({ scale, relation }: CheckSubject, truth: number, allowed: number): Allowance {
  const limit = scale === 'ratio' ? Math.log1p(allowed) : allowed;
  // How far a figure exceeds the injected amount need not be known precisely.
  return { relation, limit, precise: relation === 'at-least' ? Math.max(limit / 2, truth / 10) : limit / 2 };
}

/** Judge a comparison by the blocks in which both of its arms ran. */
export function judgeComparison(
  comparison: Comparison,
  trials: TrialsByArm,
  readings: ReadingsByTrial = new Map(),
): Standing {
  const { id, runtime, metric, title, scale, relation, unit } = comparison;
  const subject = { id, runtime, metric, title, scale, relation, unit };
  return judgeErrors(subject, errorsOf(comparison, trials, readings), comparison.tolerance);
}
