import type { Params } from '../model/cell.ts';
import type { Evidence } from '../model/evidence.ts';
import { endsContainer } from '../model/scenario.ts';
import type { TrialOutcome, TrialRecord } from '../model/trial.ts';
import { ParseError, type Workload } from '../model/workload.ts';
import { lastLine } from './output-buffer.ts';

/** Of an outcome whose only fault is what the runtime left behind. */
export const leakedCode = 'leaked';

/**
 * The outcome of a trial whose containers are gone: what went wrong with them (`problem`), or else what the program's exit
 * code and output say. A workload that recognises a refusal goes before either: `unsupported` is no failure.
 */
export function judgeEvidence(
  context: { readonly workload: Workload; readonly params: Params },
  evidence: Evidence,
  problem: TrialOutcome | null,
): TrialOutcome {
  const { workload, params } = context;
  if (problem?.status === 'interrupted') return problem;
  const reason = workload.refused?.(evidence, params) ?? null;
  if (reason !== null) return { status: 'unsupported', reason };
  if (problem !== null) return problem;
  const failed = (step: 'run' | 'parse', code: string, message: string): TrialOutcome => ({
    status: 'failed',
    step,
    error: { code, message },
  });
  const { exitCode } = evidence;
  if (!harnessEnds(workload, params) && !(workload.exitCodes ?? [0]).includes(exitCode ?? -1)) {
    const hint = exitCode === 137 ? ' (SIGKILL: often the memory limit)' : '';
    return failed('run', 'exit-code', `exit code ${exitCode}${hint}: ${lastLine(evidence)}`);
  }
  if (workload.container(params).stamped && evidence.window === null)
    return failed('parse', 'no-stamps', 'the container did not stamp the begin and the end of its work');
  try {
    workload.parse(evidence, params);
    workload.facts?.(evidence, params);
    return { status: 'ok' };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return failed('parse', 'parse-failed', error.message);
  }
}

/**
 * A container whose processes outlived its removal was not removed: its times are too short, and what it left would have
 * disturbed the trials after it. A trial that failed before keeps its own reason.
 */
export function judgeLeft(outcome: TrialOutcome, leaked: TrialRecord['leaked']): TrialOutcome {
  if (outcome.status !== 'ok' || leaked.length === 0) return outcome;
  const names = [...new Set(leaked.map(({ comm }) => comm))].join(', ');
  const message = `${leaked.length} of its processes were left after the removal (${names}), and were ended`;
  return { status: 'failed', step: 'remove', error: { code: leakedCode, message } };
}

/** Does the harness end the container itself, or is there more than one? Then its exit code says nothing. */
function harnessEnds(workload: Workload, params: Params): boolean {
  if (workload.observe.kind === 'idle' || workload.group !== undefined) return true;
  return (workload.steps?.(params) ?? []).some(endsContainer);
}
