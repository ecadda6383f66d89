import { statfs } from 'node:fs/promises';
import type { DockerEngine } from '../engine/docker-engine.ts';
import { exitCodes, OcibenchError } from '../model/error.ts';
import type { TrialOutcome } from '../model/trial.ts';
import type { TrialResult } from './trial.ts';

/** Tells a runtime's failures from the engine's, over a run. */
export interface EngineGuard {
  /**
   * Runs a trial, which gets a signal that is aborted when the engine goes. A trial in which the engine was lost is
   * `interrupted` with the reason, whatever it looked like: it says nothing of the runtime.
   */
  during(trial: (gone: AbortSignal) => Promise<TrialResult>): Promise<TrialResult>;
  /** How the engine was lost; null while it is well. One that was lost stays so: a new session opens it anew. */
  lost(): string | null;
  close(): void;
}

/** What the guard looks at. */
export type GuardedEngine = Pick<DockerEngine, 'facts' | 'dataRoot' | 'versionNow' | 'watch'>;

/** An engine that takes longer for its version is of no use for measuring starts. */
const answerMs = 5_000;
/** With less than this where it keeps its data, dockerd fails in ways that look like the runtime's. */
const leastFreeBytes = 32 * 2 ** 20;

/** What Linux says where a disk or a quota is used up (ENOSPC, EDQUOT), as Go and C print it. */
const diskFull = /no space left on device|disk quota exceeded/i;

/**
 * Do the engine's words tell of a full disk of its own? It writes where containers are created; in a start the words may also
 * be the kernel's about a cgroup (cpuset), and in the run the program's about a file of its own.
 */
function saysDiskFull(outcome: TrialOutcome, dataRoot: string | null): boolean {
  if (outcome.status !== 'failed') return false;
  const words = `${outcome.error.detail ?? ''} ${outcome.error.message}`;
  if (!diskFull.test(words)) return false;
  return outcome.step === 'create' || (dataRoot !== null && words.includes(dataRoot));
}

async function freeBytesOf(path: string): Promise<number | null> {
  return statfs(path).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  );
}

/** OcibenchError (exit 3) where a command cannot go on without an engine, and has nothing that could be resumed. */
export function engineLost(reason: string): OcibenchError {
  return new OcibenchError(
    `the engine was lost: ${reason}; what would help:\n  look into the daemon's log (journalctl -u docker), and start the command again once it is back`,
    { exitCode: exitCodes.noEngine },
  );
}

/** Starts to watch the engine; `freeBytes` is for tests. Rejects with EngineError where it does not answer. */
export async function guardEngine(engine: GuardedEngine, freeBytes = freeBytesOf): Promise<EngineGuard> {
  const { gone, close } = await engine.watch();
  let lost: string | null = null;

  const isFull = async () => {
    if (!engine.facts.local || engine.dataRoot === null) return false;
    const free = await freeBytes(engine.dataRoot);
    return free !== null && free < leastFreeBytes;
  };

  /** Why a trial may have ended as it did for the engine's sake; null where the engine is well. */
  const trouble = async (outcome: TrialOutcome): Promise<string | null> => {
    if (gone.aborted) return 'it ended, or was restarted';
    if (outcome.status === 'interrupted') return outcome.reason ?? null;
    if (outcome.status !== 'failed' && outcome.status !== 'timed-out') return null;
    if (saysDiskFull(outcome, engine.dataRoot) || (await isFull()))
      return `no space is left in ${engine.dataRoot ?? 'its data directory'}`;
    return engine.versionNow(answerMs).then(
      (version) =>
        version === engine.facts.version
          ? null
          : `it is Docker ${version} now and was ${engine.facts.version}`,
      () => `it does not answer within ${answerMs / 1000} s`,
    );
  };

  return {
    async during(trial) {
      const result = await trial(gone);
      const reason = await trouble(result.record.outcome);
      if (reason === null) return result;
      lost = reason;
      return { ...result, record: { ...result.record, outcome: { status: 'interrupted', reason } } };
    },
    lost: () => lost ?? (gone.aborted ? 'it ended, or was restarted' : null),
    close,
  };
}
