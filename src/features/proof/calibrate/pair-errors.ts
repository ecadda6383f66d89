import { external } from '../../../core/messages/compose.ts';
import { messages, notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import { cellKey } from '../../../core/model/cell.ts';
import type { Reading, TrialRecord } from '../../../core/model/trial.ts';
import { type Comparison, cellOf } from './comparisons.ts';
import { parseProbe } from './probe.ts';

const text = notices('calibration', { amountUnreadable: 'the known amount could not be read' });

const words = messages('calibration', {
  failed: '{step}: {error}',
  noAnswer: '{step}: no answer within {ms} ms',
});

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
  /** Pairs that were measured, well or not. */
  readonly pairs: number;
  readonly truths: readonly number[];
  readonly errors: readonly number[];
  /** Pairs that could not be measured, with the reasons. */
  readonly failures: readonly Message[];
  /** Why the figure does not exist here; null where it does. */
  readonly absent: Message | null;
}

/** measured − known, per block that has both arms. */
export function errorsOf(comparison: Comparison, trials: TrialsByArm, readings: ReadingsByTrial): Errors {
  const treated = trials.get(cellKey(cellOf(comparison.treatment))) ?? new Map<number, TrialRecord>();
  const controls = trials.get(cellKey(cellOf(comparison.control))) ?? new Map<number, TrialRecord>();
  const truths: number[] = [];
  const errors: number[] = [];
  const failures: Message[] = [];
  let absent: Message | null = null;
  let pairs = 0;
  for (const [block, treatment] of treated) {
    const control = controls.get(block);
    if (control === undefined) continue;
    pairs++;
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
  return { pairs, truths, errors, failures, absent };
}

function describe({ outcome }: TrialRecord): Message {
  if (outcome.status === 'failed')
    return words.failed({ step: outcome.step, error: recalled(outcome.error, 'message') });
  return outcome.status === 'timed-out'
    ? words.noAnswer({ step: outcome.step, ms: outcome.limitMs })
    : external(outcome.status);
}
