import { quantity } from '../../messages/compose.ts';
import { messages, notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { recalled } from '../../messages/record.ts';
import { type RunRecord, unsupportedReason } from '../../model/run/run.ts';
import { cellKey } from '../../model/trial/cell.ts';
import type { RowDraft } from '../claims/claims.ts';
import { identity, noRatio, type RowContext } from '../values/groups.ts';
import { isOfCgroup } from '../values/uncounted.ts';
import { failureNote } from '../warnings/failure-notes.ts';
import { runtimesByName, type Subject } from './subjects.ts';

/** Words for a run's status in notes and warnings. */
export const runStatus: Readonly<Record<RunRecord['status'], Message>> = messages('runStatus', {
  running: 'running',
  complete: 'complete',
  interrupted: 'interrupted',
  failed: 'failed',
});

const text = notices('row', {
  unavailable: '{reason}; fix: {fix}',
  noTrial: 'no trial was measured (the run is {status})',
  noTime: 'no trial was measured (the run stopped at its time limit of {limit} s, --max-time)',
  warmUpFailed: 'no trial was measured, since the warm-up failed: {reason}',
  leftOut: '{metric} is left out: {reason}',
  noValue: 'its trials succeeded, but none gave this value',
});

/** The row of a runtime without a value: of the whole subject, or only of `metric` where it is given. */
export function emptyRow(
  subject: Subject,
  runtime: string,
  metric: string | null,
  context: RowContext,
): RowDraft {
  const cell = subject.cells.get(runtime);
  const definition = metric === null ? undefined : context.definition(subject.identity.workload, metric);
  const row = {
    ...identity(subject, runtime),
    metric,
    unit: definition?.unit ?? null,
    better: definition?.better ?? null,
    headline: true,
    n: 0,
    failures: cell?.failed.size ?? 0,
    median: null,
    ciLow: null,
    ciHigh: null,
    p95: null,
    min: null,
    max: null,
    mad: null,
    baseline: context.run.config.baseline,
    pairs: 0,
    ...noRatio,
  };
  return { row, notes: [whyEmpty(subject, runtime, metric, context)], comparison: null };
}

function whyEmpty(subject: Subject, runtime: string, metric: string | null, context: RowContext): Message {
  const preflight = runtimesByName(context.run).get(runtime)?.preflight;
  const cell = subject.cells.get(runtime);
  if (cell === undefined) {
    if (preflight?.status === 'unavailable')
      return text.unavailable({ reason: recalled(preflight, 'reason'), fix: recalled(preflight, 'fix') });
    const unsupported = unsupportedReason(subject, runtime);
    if (unsupported !== undefined) return unsupported;
    const warmUp = context.reasons.get(cellKey({ runtime, ...subject.identity }));
    if (warmUp?.refused) return warmUp.reason;
    if (warmUp !== undefined) return text.warmUpFailed({ reason: warmUp.reason });
    const { status, stopReason, config } = context.run;
    const limit = quantity(config.maxTimeMs / 1000, '');
    return stopReason === 'max-time' ? text.noTime({ limit }) : text.noTrial({ status: runStatus[status] });
  }
  const reason = context.reasons.get(cellKey(cell.cell));
  const leftOut = metric !== null && isOfCgroup(metric) ? context.uncounted.get(runtime) : undefined;
  if (leftOut !== undefined) return text.leftOut({ metric: metric ?? '', reason: leftOut.reason });
  const failures = failureNote(cell, reason);
  if (failures !== null) return failures;
  if (reason !== undefined && reason.reason.text !== 'ok') return reason.reason;
  return text.noValue;
}
