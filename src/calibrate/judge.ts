import { median } from 'simple-statistics';
import { hodgesLehmann } from '../analyze/stats/hodges-lehmann.ts';
import { external, joined } from '../messages/compose.ts';
import { messages, notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { recalled } from '../messages/record.ts';
import type { CalibrationCheck, CalibrationVerdict } from '../model/calibration.ts';
import { cellKey } from '../model/cell.ts';
import { saidAs } from '../model/said.ts';
import type { Reading, TrialRecord } from '../model/trial.ts';
import { type Comparison, cellOf } from './comparisons.ts';
import { parseProbe } from './probe.ts';

const text = notices('calibration', {
  someFailed: '{n} failed, first: {first}',
  nothingMeasured: 'nothing was measured',
  amountUnreadable: 'the known amount could not be read',
});

const words = messages('calibration', {
  failed: '{step}: {error}',
  noAnswer: '{step}: no answer within {ms} ms',
});

const confidence = 0.95;

/** Measured trials of a calibration by arm and block; failed ones stay in, so that they can be counted. */
export type TrialsByArm = ReadonlyMap<string, ReadonlyMap<number, TrialRecord>>;

/** Time series of trials by their ids. */
export type ReadingsByTrial = ReadonlyMap<string, readonly Reading[]>;

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

/** The errors of the figure against the known amounts, pair by pair (logarithms of quotients for a ratio). */
export interface Errors {
  readonly truths: readonly number[];
  readonly errors: readonly number[];
  /** Pairs that could not be measured, with the reasons. */
  readonly failures: readonly Message[];
  /** Why the figure does not exist here; null where it does. */
  readonly absent: Message | null;
}

/** measured − known, per block that has both arms. */
function errorsOf(comparison: Comparison, trials: TrialsByArm, readings: ReadingsByTrial): Errors {
  const treated = trials.get(cellKey(cellOf(comparison.treatment))) ?? new Map<number, TrialRecord>();
  const controls = trials.get(cellKey(cellOf(comparison.control))) ?? new Map<number, TrialRecord>();
  const truths: number[] = [];
  const errors: number[] = [];
  const failures: Message[] = [];
  let absent: Message | null = null;
  for (const [block, treatment] of treated) {
    const control = controls.get(block);
    if (control === undefined) continue;
    const failed = [treatment, control].find(({ outcome }) => outcome.status !== 'ok');
    if (failed !== undefined) {
      failures.push(describe(failed));
      continue;
    }
    const reports = [parseProbe(treatment.output.stdout), parseProbe(control.output.stdout)] as const;
    const figure = (trial: TrialRecord) => comparison.figure(trial, readings.get(trial.trialId) ?? []);
    const values = [figure(treatment), figure(control)] as const;
    for (const value of values) if (typeof value !== 'number') absent ??= recalled(value, 'absent');
    const [a, b] = values;
    if (reports[0] === null || reports[1] === null || typeof a !== 'number' || typeof b !== 'number')
      continue;
    const truth = comparison.truth(
      { trial: treatment, report: reports[0] },
      { trial: control, report: reports[1] },
    );
    if (!Number.isFinite(truth)) {
      absent ??= text.amountUnreadable;
      continue;
    }
    truths.push(truth);
    errors.push(comparison.scale === 'ratio' ? Math.log(a / b / truth) : a - b - truth);
  }
  return { truths, errors, failures, absent };
}

function describe({ outcome }: TrialRecord): Message {
  if (outcome.status === 'failed')
    return words.failed({ step: outcome.step, error: recalled(outcome.error, 'message') });
  return outcome.status === 'timed-out'
    ? words.noAnswer({ step: outcome.step, ms: outcome.limitMs })
    : external(outcome.status);
}

function verdictOf(
  low: number,
  high: number,
  tolerance: number,
  relation: CalibrationCheck['relation'],
): CalibrationVerdict {
  if (relation === 'at-least')
    return low >= -tolerance ? 'pass' : high < -tolerance ? 'fail' : 'inconclusive';
  if (low >= -tolerance && high <= tolerance) return 'pass';
  return high < -tolerance || low > tolerance ? 'fail' : 'inconclusive';
}

/** Subject of a check, without its result. */
export type CheckSubject = Pick<
  CalibrationCheck,
  'id' | 'runtime' | 'metric' | 'scale' | 'relation' | 'unit'
> & { readonly title: Message };

/**
 * Judge how well the collector measured a known amount: the Hodges–Lehmann estimate of the errors, with its interval.
 * The check passes when the *whole* interval is within the tolerance (two one-sided tests), so that a wide interval can
 * never pass. It fails when no part of the interval is.
 */
export function judgeErrors(
  subject: CheckSubject,
  { truths, errors, failures, absent }: Errors,
  tolerance: (truth: number) => number,
): CalibrationCheck {
  const { scale, relation } = subject;
  const notes: Message[] = absent === null ? [] : [absent];
  const [first] = failures;
  if (first !== undefined) notes.unshift(text.someFailed({ n: failures.length, first }));
  if (errors.length === 0)
    return {
      ...titled(subject),
      n: 0,
      injected: null,
      measured: null,
      low: null,
      high: null,
      tolerance: tolerance(0),
      verdict: absent === null ? 'inconclusive' : 'absent',
      ...noted(subject, notes.length === 0 ? [text.nothingMeasured] : notes),
    };
  const truth = median(truths);
  const allowed = tolerance(truth);
  const { estimate, low, high } = hodgesLehmann(errors, confidence);
  const shown = (error: number) => (scale === 'ratio' ? truth * Math.exp(error) : truth + error);
  // A fraction of a ratio reaches as far down as up only as a logarithm.
  const limit = scale === 'ratio' ? Math.log1p(allowed) : allowed;
  const enough = low !== null && high !== null;
  return {
    ...titled(subject),
    n: errors.length,
    injected: truth,
    measured: shown(estimate),
    low: enough ? shown(low) : null,
    high: enough ? shown(high) : null,
    tolerance: allowed,
    verdict: enough ? verdictOf(low, high, limit, relation) : 'inconclusive',
    ...noted(subject, notes),
  };
}

function titled(subject: CheckSubject) {
  return { ...subject, title: subject.title.text };
}

/** The note, with the messages of the note and the title. */
function noted({ title }: CheckSubject, notes: readonly Message[]) {
  const [only] = notes;
  const note = notes.length > 1 ? joined(notes, 'semicolon') : (only ?? external(''));
  const texts = { ...saidAs('title', title).messages, ...saidAs('note', note).messages };
  return {
    note: note.text,
    ...(Object.keys(texts).length === 0 ? {} : { messages: texts }),
  };
}

/** Judge a comparison by the blocks in which both of its arms ran. */
export function judgeComparison(
  comparison: Comparison,
  trials: TrialsByArm,
  readings: ReadingsByTrial = new Map(),
): CalibrationCheck {
  const { id, runtime, metric, title, scale, relation, unit } = comparison;
  const subject = { id, runtime, metric, title, scale, relation, unit };
  return judgeErrors(subject, errorsOf(comparison, trials, readings), comparison.tolerance);
}

/**
 * True if the interval is narrow enough for a verdict, wherever it lies: its half-width is within half of the
 * tolerance. Using the width and not the verdict keeps the end of sampling independent of the result.
 */
export function isPrecise(check: CalibrationCheck): boolean {
  const { injected, low, high, tolerance, scale, relation, verdict } = check;
  if (verdict === 'absent') return true;
  if (low === null || high === null || injected === null) return false;
  const halfWidth = scale === 'ratio' ? Math.log(high / low) / 2 : (high - low) / 2;
  // How far a figure exceeds the injected amount need not be known precisely.
  const wanted = relation === 'at-least' ? Math.max(tolerance / 2, injected / 10) : tolerance / 2;
  return halfWidth <= wanted;
}
