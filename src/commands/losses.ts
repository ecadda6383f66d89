import { setTimeout as sleep } from 'node:timers/promises';
import { exitCodes, OcibenchError } from '../model/error.ts';
import type { RunRecord } from '../model/run.ts';
import type { TrialRecord } from '../model/trial.ts';
import type { Messages } from '../report/messages/index.ts';
import { hasRun, loadRun, type StoredRun } from '../store/run-directory.ts';
import type { Session } from './session.ts';
import { terminal } from './terminal.ts';

/** After so many losses of the engine a run ends: something here ends engines. */
const mostLosses = 4;
/** How long a daemon that is restarted may take to answer again, and how often it is asked, ms. */
const comeBackLimitMs = 60_000;
const askAgainMs = 1_000;

/** What one session left. */
export interface SessionEnd {
  /** null where it was over before anything could be measured. */
  readonly run: RunRecord | null;
  readonly trials: readonly TrialRecord[];
  /** How the engine was lost; null where it was not. */
  readonly lost: string | null;
}

function isNoEngine(error: unknown): error is OcibenchError {
  return error instanceof OcibenchError && error.exitCode === exitCodes.noEngine;
}

/** Opens a session; with `patient`, a daemon that does not answer is asked again for a while. */
export async function openPatiently(
  open: () => Promise<Session>,
  options: { readonly patient: boolean; readonly interrupt: AbortSignal },
): Promise<Session> {
  const deadline = performance.now() + comeBackLimitMs;
  for (;;)
    try {
      return await open();
    } catch (error) {
      if (!isNoEngine(error) || !options.patient || options.interrupt.aborted || performance.now() > deadline)
        throw error;
      await sleep(askAgainMs);
    }
}

/**
 * One session after the other until the run ends: when its engine is lost, what was measured is read back from `path` and
 * gone on with, exactly as `--resume` does. Once it was lost too often, the run ends as interrupted.
 */
export async function throughLosses(options: {
  readonly path: string;
  readonly before: StoredRun | null;
  readonly interrupt: AbortSignal;
  readonly m: Messages;
  readonly session: (before: StoredRun | null, losses: number) => Promise<SessionEnd>;
}): Promise<SessionEnd> {
  const { path, interrupt, m } = options;
  let { before } = options;
  let last: SessionEnd | null = null;
  for (let losses = 0; ; ) {
    let end: SessionEnd;
    try {
      end = await options.session(before, losses);
    } catch (error) {
      if (last === null || !isNoEngine(error)) throw error;
      // It did not come back: what was measured is there, and can be gone on with.
      terminal.warn(error.message);
      return last;
    }
    last = end;
    if (end.lost === null || interrupt.aborted) return { ...end, lost: null };
    losses++;
    if (losses === mostLosses) {
      terminal.log(m.cutOff.engineLostAgain(losses, end.lost));
      return end;
    }
    terminal.log(m.cutOff.engineLost(end.lost));
    before = (await hasRun(path)) ? await loadRun(path) : null;
  }
}
