import { mean, median } from 'simple-statistics';
import type { SettledReason } from '../../../core/analyze/claims/settled.ts';
import { hodgesLehmann } from '../../../core/analyze/stats/hodges-lehmann.ts';
import { external } from '../../../core/messages/compose.ts';
import { messages, notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import { cellKey } from '../../../core/model/trial/cell.ts';
import type { Reading, TrialRecord } from '../../../core/model/trial/trial.ts';
import {
  type Allowance,
  confidence,
  intervalOf,
  pairsToSettle,
  settledBy,
  titledAndNoted,
  verdictOf,
} from './allowance.ts';
import type { CalibrationCheck } from './calibration.ts';
import { type Arm, cellOf, type ProbeComparison } from './comparisons.ts';
import { type ProbeReport, parseProbe } from './probe.ts';
import type { TrialFigure } from './trial-figure.ts';

const pairErrorsText = notices('calibration', { amountUnreadable: 'the known amount could not be read' });

const words = messages('calibration', {
  failed: '{step}: {error}',
  noAnswer: '{step}: no answer within {ms} ms',
});

/** Arm → block → measured trial of a calibration, including failed ones. */
type TrialsByArm = ReadonlyMap<string, ReadonlyMap<number, TrialRecord>>;

/** Trial id → time series. */
type ReadingsByTrial = ReadonlyMap<string, readonly Reading[]>;

export function trialsByArm(trials: readonly TrialRecord[]): TrialsByArm {
  const byArm = new Map<string, Map<number, TrialRecord>>();
  for (const trial of trials) {
    if (trial.phase !== 'measure') continue;
    const key = cellKey(trial.cell);
    const blocks = byArm.get(key) ?? new Map<number, TrialRecord>();
    blocks.set(trial.block, trial);
    byArm.set(key, blocks);
  }
  return byArm;
}

/** Errors of the figure against the known amounts, per pair (logarithms of quotients for a ratio). */
interface Errors {
  /** Number of pairs, including failed ones. */
  readonly pairs: number;
  readonly truths: readonly number[];
  readonly errors: readonly number[];
  /** Reasons of the failed pairs. */
  readonly failures: readonly Message[];
  /** Why the figure does not exist here; null if it does. */
  readonly absent: Message | null;
}

/** A trial with the figure and the report that it has. */
interface Measured {
  readonly trial: TrialRecord;
  readonly report: ProbeReport | null;
  readonly value: ReturnType<TrialFigure>;
}

const isWhole = (one: Measured): one is Measured & { readonly report: ProbeReport; readonly value: number } =>
  one.report !== null && typeof one.value === 'number';

/** measured − known, per block that has both arms: the mean over its treatments and controls, `also` those of other checks. */
function errorsOf(comparison: ProbeComparison, trials: TrialsByArm, readings: ReadingsByTrial): Errors {
  const { treatment, control, also, scale } = comparison;
  const blocksOf = (arm: Arm) => trials.get(cellKey(cellOf(arm))) ?? new Map<number, TrialRecord>();
  const [treated, controls] = [blocksOf(treatment), blocksOf(control)];
  const others = {
    treatments: (also?.treatments ?? []).map(blocksOf),
    controls: (also?.controls ?? []).map(blocksOf),
  };
  const measure = (trial: TrialRecord): Measured => ({
    trial,
    report: parseProbe(trial.output.stdout),
    value: comparison.figure(trial, readings.get(trial.trialId) ?? []),
  });
  const truths: number[] = [];
  const errors: number[] = [];
  const failures: Message[] = [];
  let absent: Message | null = null;
  let pairs = 0;
  for (const [block, first] of treated) {
    const second = controls.get(block);
    if (second === undefined) continue;
    pairs++;
    const failed = [first, second].find(({ outcome }) => outcome.status !== 'ok');
    if (failed !== undefined) {
      failures.push(describe(failed));
      continue;
    }
    const own = [measure(first), measure(second)];
    for (const { value } of own) if (typeof value !== 'number') absent ??= recalled(value, 'absent');
    const [a, b] = own;
    if (a === undefined || b === undefined || !isWhole(a) || !isWhole(b)) continue;
    const truth = comparison.truth(a, b);
    if (!Number.isFinite(truth)) {
      absent ??= pairErrorsText.amountUnreadable;
      continue;
    }
    const rest = (arms: readonly ReadonlyMap<number, TrialRecord>[]) =>
      arms
        .flatMap((blocks) => blocks.get(block) ?? [])
        .filter(({ outcome }) => outcome.status === 'ok')
        .map(measure)
        .filter(isWhole);
    const differences = [a, ...rest(others.treatments)].flatMap((one) =>
      [b, ...rest(others.controls)].map((other) => {
        const known = comparison.truth(one, other);
        return scale === 'ratio'
          ? Math.log(one.value / other.value / known)
          : one.value - other.value - known;
      }),
    );
    truths.push(truth);
    errors.push(mean(differences.filter(Number.isFinite)));
  }
  return { pairs, truths, errors, failures, absent };
}

function describe({ outcome }: TrialRecord): Message {
  if (outcome.status === 'failed')
    return words.failed({ step: outcome.step, error: recalled(outcome.error, 'message') });
  return outcome.status === 'timed-out'
    ? words.noAnswer({ step: outcome.step, ms: outcome.limitMs })
    : external(outcome.status);
}

const text = notices('calibration', {
  someFailed: '{n} failed, the first with: {first}',
  nothingMeasured: 'nothing was measured',
});

/** Number of pairs without the figure after which it counts as absent. A single one may lack it because memory.stat lags. */
const pairsWithoutFigure = 3;

/** Subject of a check, without its result. */
export type CheckSubject = Pick<
  CalibrationCheck,
  'id' | 'runtime' | 'metric' | 'scale' | 'relation' | 'unit'
> & { readonly title: Message };

/** State of a check after the pairs so far. */
export interface CheckState {
  readonly check: CalibrationCheck;
  /** Number of pairs, including failed ones. */
  readonly pairs: number;
  /** Why it needs no more pairs beyond the minimum; null if it needs more. */
  readonly settled: SettledReason | 'absent' | null;
  /** Number of pairs at which it settles at this scatter; null if unknown. */
  readonly pairsToSettle: number | null;
}

/**
 * Judges how well the collector measured a known amount, by the Hodges–Lehmann estimate of the errors and its interval. The
 * check passes if the *whole* interval is within the tolerance (two one-sided tests), so a wide interval can never pass. It
 * fails if no part of the interval is.
 */
export function judgeErrors(
  subject: CheckSubject,
  measured: Errors,
  tolerance: (truth: number) => number,
): CheckState {
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

/** The allowance on the scale of the errors. For ratios the scale is logarithmic, which makes the tolerance symmetric. */
function allowanceOf({ scale, relation }: CheckSubject, truth: number, allowed: number): Allowance {
  const limit = scale === 'ratio' ? Math.log1p(allowed) : allowed;
  // The excess of a figure over the injected amount need not be known precisely.
  return { relation, limit, precise: relation === 'at-least' ? Math.max(limit / 2, truth / 10) : limit / 2 };
}

/** Judges a comparison by the blocks in which both of its arms ran. */
export function judgeComparison(
  comparison: ProbeComparison,
  trials: TrialsByArm,
  readings: ReadingsByTrial = new Map(),
): CheckState {
  const { id, runtime, metric, title, scale, relation, unit } = comparison;
  const subject = { id, runtime, metric, title, scale, relation, unit };
  return judgeErrors(subject, errorsOf(comparison, trials, readings), comparison.tolerance);
}
