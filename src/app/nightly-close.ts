import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { otherHandIn } from '../files/ownership.ts';
import type { History } from '../history/nights.ts';
import { hostIdentity } from '../host/host-identity.ts';
import { notices } from '../messages/define.ts';
import type { NightLine } from '../model/history.ts';
import { type RunRecord, runIdSchema } from '../model/run.ts';
import type { Workload } from '../model/workload.ts';
import type { AppContext } from './context.ts';
import { appendLines } from './history-file.ts';
import { writeConfirmation } from './nightly-confirm.ts';
import { nightLines } from './nightly-lines.ts';
import { type NightlySettings, nightlyLabel } from './nightly-settings.ts';

const text = notices('nightly', {
  closed: 'run {run} was cut off before its night was written down; what it measured is in the history now',
  notClosed: 'run {run} was cut off, and cannot be read: {why}',
});

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
 * Writes down the nights that were measured and never written down, because their process was killed. The caller holds the lock of
 * the host, so that none of them is being measured. `reason`: why the newest one failed, where that is known.
 */
export async function closeNights(
  app: AppContext,
  { history: directory, results }: Pick<NightlySettings, 'history' | 'results'>,
  { nights }: History,
  workloads: readonly Workload[],
  reason?: string,
): Promise<number> {
  const host = hostIdentity();
  const names = await readdir(results).catch(() => []);
  let closed = 0;
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
        if (stage === 'confirmation') await writeConfirmation(app, directory, stored, workloads, reason);
        else {
          const { headlines, night } = nightLines(stored, workloads, {
            ...{ stage, host },
            ...(reason === undefined ? {} : { reason }),
          });
          await appendLines(app, directory, [...headlines, night]);
        }
        app.reporter.warn(text.closed({ run: runId }));
        closed++;
      } catch (error) {
        app.reporter.warn(text.notClosed({ run: runId, why: (error as Error).message }));
      }
    }
  }
  return closed;
}
