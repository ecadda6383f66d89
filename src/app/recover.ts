import { setTimeout as sleep } from 'node:timers/promises';
import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { recalled } from '../messages/record.ts';
import { exitCodes, OcibenchError } from '../model/error.ts';
import type { RunRecord } from '../model/run.ts';
import type { TrialRecord } from '../model/trial.ts';
import type { StoredRun } from '../store/run-directory.ts';
import type { AppContext } from './context.ts';
import type { Session } from './session.ts';

const text = notices('recovery', {
  lost: 'the engine was lost: {how}; a new one is opened, and the run goes on with the trial that was in flight',
  lostAgain: 'the engine was lost {n} times, the last time: {how}; what was measured is saved',
});

/** After so many losses of the engine a run ends: something here ends engines. */
const maxLosses = 4;
/** How long a daemon that is restarted may take to answer again, and how often it is asked, ms. */
const returnTimeoutMs = 60_000;
const retryMs = 1_000;

/** What one session left. */
export interface SessionEnd {
  /** null where it was over before anything could be measured. */
  readonly run: RunRecord | null;
  readonly trials: readonly TrialRecord[];
  /** How the engine was lost; null where it was not. */
  readonly lost: Message | null;
}

function isNoEngine(error: unknown): error is OcibenchError {
  return error instanceof OcibenchError && error.exitCode === exitCodes.noEngine;
}

/** Opens a session; with `patient`, a daemon that does not answer is asked again for a while. */
export async function openWithRetry(
  open: () => Promise<Session>,
  options: { readonly patient: boolean; readonly interrupt: AbortSignal; readonly now: () => number },
): Promise<Session> {
  const deadline = options.now() + returnTimeoutMs;
  for (;;)
    try {
      return await open();
    } catch (error) {
      if (!isNoEngine(error) || !options.patient || options.interrupt.aborted || options.now() > deadline)
        throw error;
      await sleep(retryMs);
    }
}

/**
 * One session after the other until the run ends: when its engine is lost, what was measured is read back from `path` and
 * gone on with, exactly as `--resume` does. Once it was lost too often, the run ends as interrupted.
 */
export async function runWithRecovery(
  app: Pick<AppContext, 'reporter' | 'store'>,
  options: {
    readonly path: string;
    readonly before: StoredRun | null;
    readonly interrupt: AbortSignal;
    readonly session: (before: StoredRun | null, losses: number) => Promise<SessionEnd>;
  },
): Promise<SessionEnd> {
  const { path, interrupt } = options;
  let { before } = options;
  let last: SessionEnd | null = null;
  for (let losses = 0; ; ) {
    let end: SessionEnd;
    try {
      end = await options.session(before, losses);
    } catch (error) {
      if (last === null || !isNoEngine(error)) throw error;
      // It did not come back: what was measured is there, and can be gone on with.
      app.reporter.warn(recalled(error, 'message'));
      return last;
    }
    last = end;
    if (end.lost === null || interrupt.aborted) return { ...end, lost: null };
    losses++;
    if (losses === maxLosses) {
      app.reporter.log(text.lostAgain({ n: losses, how: end.lost }));
      return end;
    }
    app.reporter.log(text.lost({ how: end.lost }));
    before = (await app.store.hasRun(path)) ? await app.store.loadRun(path) : null;
  }
}
