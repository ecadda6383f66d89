import { listed } from '../../messages/compose.ts';
import { notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { saidAs, saidBy } from '../../model/failure/said.ts';
import type { Params } from '../../model/trial/cell.ts';
import type { Evidence } from '../../model/trial/evidence.ts';
import { ParseError } from '../../model/trial/parser-output.ts';
import type { TrialOutcome, TrialRecord } from '../../model/trial/trial.ts';
import { endsContainer } from '../../model/workload/scenario.ts';
import type { Workload } from '../../model/workload/workload.ts';
import { lastLine } from './output-matcher.ts';

const text = notices('trial', {
  exitCode: 'exit code {code}: {line}',
  killed: 'exit code {code} (SIGKILL: often the memory limit): {line}',
  noStamps: 'the container did not stamp the beginning and the end of its work',
  leftProcesses:
    '{n, plural, one {{n} of its processes was} other {{n} of its processes were}} left after the removal ({names}) and had to be killed',
});

/** Error code of an outcome whose only fault is processes that the runtime left behind. */
export const leakedCode = 'leaked';

/**
 * Determines the outcome of a trial whose containers are removed. `problem`: the failure of a container; without one,
 * the program's exit code and output decide. A refusal that the workload recognises takes precedence over both:
 * `unsupported` is not a failure.
 */
export function outcomeOfEvidence(
  context: { readonly workload: Workload; readonly params: Params },
  evidence: Evidence,
  problem: TrialOutcome | null,
): TrialOutcome {
  const { workload, params } = context;
  if (problem?.status === 'interrupted') return problem;
  const reason = workload.refused?.(evidence, params) ?? null;
  if (reason !== null) return { status: 'unsupported', ...saidAs('reason', reason) };
  if (problem !== null) return problem;
  const failed = (step: 'run' | 'parse', code: string, message: Message): TrialOutcome => ({
    status: 'failed',
    step,
    error: { code, ...saidAs('message', message) },
  });
  const { exitCode } = evidence;
  if (!harnessEnds(workload, params) && !(workload.exitCodes ?? [0]).includes(exitCode ?? -1)) {
    const values = { code: String(exitCode), line: lastLine(evidence) };
    return failed('run', 'exit-code', exitCode === 137 ? text.killed(values) : text.exitCode(values));
  }
  if (workload.container(params).stamped && evidence.window === null)
    return failed('parse', 'no-stamps', text.noStamps);
  try {
    workload.parse(evidence, params);
    workload.facts?.(evidence, params);
    return { status: 'ok' };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return failed('parse', 'parse-failed', saidBy(error));
  }
}

/**
 * Fails a trial whose container left processes behind after its removal: its times are too short, and the processes
 * would have disturbed later trials. A trial that failed before keeps its own reason.
 */
export function outcomeWithLeftovers(outcome: TrialOutcome, leaked: TrialRecord['leaked']): TrialOutcome {
  if (outcome.status !== 'ok' || leaked.length === 0) return outcome;
  const names = listed([...new Set(leaked.map(({ comm }) => comm))]);
  const message = text.leftProcesses({ n: leaked.length, names });
  return { status: 'failed', step: 'remove', error: { code: leakedCode, ...saidAs('message', message) } };
}

/** True where the exit code means nothing: the harness ends the container, or there are several containers. */
function harnessEnds(workload: Workload, params: Params): boolean {
  if (workload.observe.kind === 'idle' || workload.group !== undefined) return true;
  return (workload.steps?.(params) ?? []).some(endsContainer);
}
