import { notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { recalled } from '../../messages/record.ts';
import type { TrialSpec } from '../../model/run/schedule.ts';
import type { TrialPhase } from '../../model/trial/trial.ts';
import { whyOutputLost } from '../../model/trial/trial-outcome.ts';
import type { RunWriter } from '../../store/run-directory.ts';
import { rendezvous } from './rendezvous.ts';
import type { TrialRunner } from './runner.ts';
import { interruptedBy, type TrialResult } from './trial.ts';

const text = notices('duet', { partnerInterrupted: 'the other trial of its duet was interrupted: {reason}' });

/**
 * Maximum attempts of one trial in a session. A trial that was interrupted every time has no value, and the report says
 * so (`unmeasured` in analyze/warnings.ts): a run ends even on a host that is paused again and again.
 */
export const maxAttempts = 5;

/** Input of every trial of a run, a calibration or a preflight. */
export interface TrialAttempts {
  readonly runTrial: TrialRunner;
  /** Called after every attempt. Returns the reason why the engine is no longer the one that was opened, or null. */
  readonly engineLost: () => Promise<Message | null> | Message | null;
  readonly interrupt: AbortSignal;
  /** Absent where nothing is stored. */
  readonly writer?: Pick<RunWriter, 'appendTrial' | 'appendReadings'>;
  readonly onBegin?: (spec: TrialSpec) => void;
  /** Called when an attempt has ended and is recorded. */
  readonly onEnd?: (result: TrialResult) => void;
}

interface AttemptPosition {
  readonly block: number;
  readonly phase: TrialPhase;
  /** The number of the first attempt. */
  readonly attempt: number;
}

/** Runs one trial as {@link attemptAtOnce} does. Resolves with the last attempt, and with the reason if the engine was lost. */
export async function attemptTrial(
  trials: TrialAttempts,
  spec: TrialSpec,
  place: AttemptPosition,
): Promise<{ readonly result: TrialResult; readonly lost: Message | null }> {
  const { results, lost } = await attemptAtOnce(trials, [spec], place);
  return { result: results[0], lost };
}

/**
 * Runs trials concurrently, and repeats them while one was interrupted and neither the user nor {@link maxAttempts}
 * ends it. An attempt during which the engine was lost is recorded as interrupted, however it ended: a failing engine
 * may have influenced it. Where one trial was interrupted, so are the others, since they ran partly without it. A trial
 * whose output the engine may have lost is interrupted the first time, and failed the second.
 */
export async function attemptAtOnce<const Specs extends readonly TrialSpec[]>(
  trials: TrialAttempts,
  specs: Specs,
  place: AttemptPosition,
): Promise<{ readonly results: { [K in keyof Specs]: TrialResult }; readonly lost: Message | null }> {
  let outputMayBeLost = true;
  for (let tries = 0; ; tries++) {
    for (const spec of specs) trials.onBegin?.(spec);
    const ran = await runAtOnce(trials.runTrial, specs, { ...place, attempt: place.attempt + tries });
    const ended: readonly TrialResult[] = outputMayBeLost ? ran.map(unlessOutputLost) : ran;
    outputMayBeLost &&= ended.every((each, at) => each === ran[at]);
    const lost = await trials.engineLost();
    const results = asOne(lost === null ? ended : ended.map((each) => interruptedBy(lost, each)));
    const isInterrupted = results.some(wasInterrupted);
    for (const result of results) {
      if (!isInterrupted) trials.writer?.appendReadings(result.readings);
      trials.writer?.appendTrial(result.record);
      trials.onEnd?.(result);
    }
    const again = isInterrupted && lost === null && !trials.interrupt.aborted && tries + 1 < maxAttempts;
    if (!again) return { results: results as { [K in keyof Specs]: TrialResult }, lost };
  }
}

/** Resolves when all have ended, so that none continues unobserved after another threw. */
async function runAtOnce(
  runTrial: TrialRunner,
  specs: readonly TrialSpec[],
  place: AttemptPosition,
): Promise<readonly TrialResult[]> {
  if (specs.length === 1) return Promise.all(specs.map((spec) => runTrial(spec, place)));
  const parties = rendezvous(specs.length);
  const running = specs.map((spec, at) => runTrial(spec, { ...place, party: parties[at] }));
  await Promise.allSettled(running);
  return Promise.all(running);
}

const wasInterrupted = ({ record }: TrialResult) => record.outcome.status === 'interrupted';

/** The result, marked as interrupted where its output may have been lost. */
function unlessOutputLost(result: TrialResult): TrialResult {
  const why = whyOutputLost(result.record);
  return why === null ? result : interruptedBy(why, result);
}

/** The results; all of them marked as interrupted where one was. */
function asOne(results: readonly TrialResult[]): readonly TrialResult[] {
  const cause = results.find(wasInterrupted)?.record.outcome;
  if (cause?.status !== 'interrupted') return results;
  return results.map((result) => {
    if (wasInterrupted(result)) return result;
    if (cause.reason === undefined) return { ...result, record: { ...result.record, outcome: cause } };
    return interruptedBy(text.partnerInterrupted({ reason: recalled(cause, 'reason') }), result);
  });
}
