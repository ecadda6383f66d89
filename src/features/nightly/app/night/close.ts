import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { otherHandIn } from '../../../../core/files/walk.ts';
import { hostIdentity } from '../../../../core/host/host-identity.ts';
import { livenessOf, ownIdentity } from '../../../../core/host/process-identity.ts';
import { messages, notices } from '../../../../core/messages/define.ts';
import { OcibenchError } from '../../../../core/model/failure/error.ts';
import { type RunRecord, runIdSchema } from '../../../../core/model/run/run.ts';
import type { Workload } from '../../../../core/model/workload/workload.ts';
import { whenOf } from '../../history/headline-lines.ts';
import type { BegunLine, NightLine } from '../../history/record.ts';
import type { History } from '../../history/recorded-series.ts';
import { appendLines } from '../history/history-file.ts';
import { writeConfirmation } from './confirm.ts';
import { nightLines } from './lines.ts';
import { type NightlySettings, nightlyLabel } from './settings.ts';

const text = notices('nightly', {
  closed: 'run {run} was cut off before its night was recorded; what it measured is now in the history',
  notClosed: 'run {run} was cut off and cannot be read: {why}',
  killed: 'the night that began at {at} ended before it measured anything; it is now in the history',
});
const words = messages('nights.reason', {
  killed: 'it was killed before it measured anything, or the host went down',
});

/** The line that records the start of a night, with its process. */
export function begunLine(began: string): BegunLine {
  return { kind: 'begun', ...whenOf({ startedAt: began }, hostIdentity()), process: ownIdentity() };
}

/** The line of a night that measured nothing. */
export function nightWithout(began: string, status: NightLine['status'], reason: string): NightLine {
  return {
    kind: 'night',
    ...whenOf({ startedAt: began }, hostIdentity()),
    began,
    run: null,
    stage: 'night',
    status,
    reason,
    headlines: 0,
    minutes: 0,
    aa: null,
    disturbed: 0,
  };
}

/** The error of a failed night in one line, with its problems. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof OcibenchError)) return error instanceof Error ? error.message : String(error);
  const problems = error.problems.map(({ file, key, message }) =>
    [file, key, message].filter((part) => part !== '').join(': '),
  );
  return [error.message, ...problems].join('; ');
}

/** Is this run one of the nights of this history, measured on this host? */
function isNightOf({ config }: Pick<RunRecord, 'config'>, history: string): boolean {
  return config.labels[nightlyLabel] === history;
}

/** The directory of a run that belongs to this history, and that no other user can change; null otherwise. */
export async function ownRun(
  { store }: Pick<AppContext, 'store'>,
  path: string,
  runId: string,
  history: string,
): Promise<RunRecord | null> {
  const found = await lstat(path).catch(() => null);
  if (!found?.isDirectory()) return null;
  const file = join(path, 'run.json');
  if ((await lstat(file).catch(() => null)) === null || (await otherHandIn([path, file])) !== null)
    return null;
  const run = await store.readRun(path).catch(() => null);
  return run !== null && run.runId === runId && isNightOf(run, history) ? run : null;
}

/**
 * Records the nights whose process was killed: those that measured something, then the others. The caller holds the lock of the
 * host, so none of them is still measuring. `reason`: why the newest one failed, if known. Returns when each began.
 */
export async function closeNights(
  app: AppContext,
  { history: directory, results }: Pick<NightlySettings, 'history' | 'results'>,
  { nights, unended }: History,
  workloads: readonly Workload[],
  reason?: string,
): Promise<readonly string[]> {
  const host = hostIdentity();
  const names = await readdir(results).catch(() => []);
  const closed: string[] = [];
  for (const runId of names.filter((name) => runIdSchema.safeParse(name).success).toSorted()) {
    const path = join(results, runId);
    const run = await ownRun(app, path, runId, directory);
    if (run === null) continue;
    const written = nights.filter((night) => night.run === runId && night.host === host);
    const stages = (
      ['night', ...((run.extensions ?? []).length > 0 ? ['confirmation'] : [])] as const
    ).filter((stage) => !written.some((night) => night.stage === stage));
    for (const stage of stages as readonly NightLine['stage'][]) {
      try {
        const stored = await app.store.loadRun(path);
        let line: NightLine;
        if (stage === 'confirmation')
          ({ night: line } = await writeConfirmation(app, directory, stored, workloads, reason));
        else {
          const { headlines, night } = nightLines(stored, workloads, {
            stage,
            host,
            ...(reason === undefined ? {} : { reason }),
          });
          await appendLines(app, directory, [...headlines, night]);
          line = night;
        }
        app.reporter.warn(text.closed({ run: runId }));
        closed.push(line.began);
      } catch (error) {
        app.reporter.warn(text.notClosed({ run: runId, why: (error as Error).message }));
      }
    }
  }
  for (const { at } of unended.filter((line) => line.host === host && hasEnded(line, nights))) {
    if (closed.includes(at)) continue;
    await appendLines(app, directory, [nightWithout(at, 'failed', words.killed.text)]);
    app.reporter.warn(text.killed({ at }));
    closed.push(at);
  }
  return closed;
}

/**
 * Has the process of a night ended? A process that cannot be seen from here (one in a container) counts as ended once the
 * history has a night of a later day.
 */
function hasEnded({ night, host, process }: BegunLine, nights: History['nights']): boolean {
  const liveness = livenessOf(process);
  return liveness === 'unknown'
    ? nights.some((later) => later.host === host && later.night > night)
    : liveness === 'gone';
}
