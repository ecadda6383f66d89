import { notices } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { recalled } from '../../core/messages/record.ts';
import { exitCodes, OcibenchError } from '../../core/model/failure/error.ts';
import type { RunRecord } from '../../core/model/run/run.ts';
import type { TrialRecord } from '../../core/model/trial/trial.ts';
import type { StoredRun } from '../../core/store/run-directory.ts';
import type { AppContext } from '../context.ts';
import type { Clock } from '../reporter.ts';
import type { Session } from './engine-session.ts';

const text = notices('recovery', {
  lost: 'the engine was lost: {how}; opening a new one, and continuing with the interrupted trial',
  lostAgain: 'the engine was lost {n} times, the last time: {how}; what was measured is saved',
});

/** A run ends after this many losses of the engine: the cause is then on this host. */
const maxLosses = 4;
/** Timeout for a restarted daemon to answer again, and interval of the attempts, ms. */
const returnTimeoutMs = 60_000;
const retryMs = 1_000;

/** Result of one session. */
export interface SessionEnd {
  /** null where the session ended before anything could be measured. */
  readonly run: RunRecord | null;
  readonly trials: readonly TrialRecord[];
  /** How the engine was lost; null where it was not. */
  readonly lost: Message | null;
}

function isNoEngine(error: unknown): error is OcibenchError {
  return error instanceof OcibenchError && error.exitCode === exitCodes.noEngine;
}

/** Opens a session; with `patient`, retries for a while where the daemon does not answer. */
export async function openWithRetry(
  open: () => Promise<Session>,
  options: { readonly patient: boolean; readonly interrupt: AbortSignal; readonly clock: Clock },
): Promise<Session> {
  const { patient, interrupt, clock } = options;
  const deadline = clock.now() + returnTimeoutMs;
  for (;;)
    try {
      return await open();
    } catch (error) {
      if (!isNoEngine(error) || !patient || interrupt.aborted || clock.now() > deadline) throw error;
      await clock.sleep(retryMs, interrupt).catch(() => {
        throw error;
      });
    }
}

/**
 * Runs sessions until the run ends. After a loss of the engine it reads the records back from `path` and continues
 * exactly as `--resume` does. After {@link maxLosses} losses the run ends as interrupted.
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
      if (interrupt.aborted) return { ...last, lost: null };
      // The engine did not come back. The records are kept, and the run can be resumed.
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
