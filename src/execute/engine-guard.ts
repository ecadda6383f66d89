import type { ContainerEngine } from '../engine/engine.ts';
import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { recalled } from '../messages/record.ts';
import { type DiskFull, diskFullIn } from '../model/disk-error.ts';
import { engineTraits } from '../model/engine-kind.ts';
import { exitCodes, OcibenchError } from '../model/error.ts';
import type { TrialOutcome } from '../model/trial.ts';
import { diskShortage } from './disk-room.ts';
import { interruptedBy, type TrialResult } from './trial.ts';

const text = notices('engineGuard', {
  lost: "the engine was lost: {how}; what would help:\n  look into the daemon''s log (journalctl -u docker), and start the command again once it is back",
  ended: 'it ended, or was restarted',
  quota: 'the disk quota is used up in {place}',
  full: 'no space is left in {place}',
  dataDirectory: 'its data directory',
  otherVersion: 'it is Docker {version} now and was {before}',
  silent: 'it does not answer within {seconds} s',
});

/** Tells a runtime's failures from the engine's, over a run. */
export interface EngineGuard {
  /**
   * Runs a trial, which gets a signal that is aborted when the engine goes. A trial in which the engine was lost is
   * `interrupted` with the reason, whatever it looked like: it says nothing of the runtime.
   */
  during(trial: (gone: AbortSignal) => Promise<TrialResult>): Promise<TrialResult>;
  /** How the engine was lost; null while it is well. One that was lost stays so: a new session opens it anew. */
  lost(): Message | null;
  close(): void;
}

/** What the guard looks at. */
export type GuardedEngine = Pick<ContainerEngine, 'facts' | 'dataRoot' | 'versionNow' | 'watch'>;

/** An engine that takes longer for its version is of no use for measuring starts. */
const answerMs = 5_000;

/**
 * Do the engine's words tell of a full disk of its own? It writes where containers are created; in a start the words may also
 * be the kernel's about a cgroup (cpuset), and in the run the program's about a file of its own.
 */
function saysDiskFull(outcome: TrialOutcome, dataRoot: string | null): DiskFull | null {
  if (outcome.status !== 'failed') return null;
  const words = `${outcome.error.detail ?? ''} ${outcome.error.message}`;
  const itsOwn = outcome.step === 'create' || (dataRoot !== null && words.includes(dataRoot));
  return itsOwn ? diskFullIn(words) : null;
}

/** OcibenchError (exit 3) where a command cannot go on without an engine, and has nothing that could be resumed. */
export function engineLost(how: Message): OcibenchError {
  return new OcibenchError(text.lost({ how }), { exitCode: exitCodes.noEngine });
}

/** Starts to watch the engine; `shortageIn` is for tests. Rejects with EngineError where it does not answer. */
export async function guardEngine(engine: GuardedEngine, shortageIn = diskShortage): Promise<EngineGuard> {
  const { gone, close } = await engine.watch();
  let lost: Message | null = null;

  /** What a private engine keeps its data in is the run’s own, and may be written to. */
  const shortage = async (): Promise<DiskFull | null> => {
    if (!engine.facts.local || engine.dataRoot === null) return null;
    return shortageIn(engine.dataRoot, engineTraits(engine.facts).isPrivate);
  };

  /** Why a trial may have ended as it did for the engine's sake; null where the engine is well. */
  const trouble = async (outcome: TrialOutcome): Promise<Message | null> => {
    if (gone.aborted) return text.ended;
    if (outcome.status === 'interrupted')
      return outcome.reason === undefined ? null : recalled(outcome, 'reason');
    if (outcome.status !== 'failed' && outcome.status !== 'timed-out') return null;
    const full = saysDiskFull(outcome, engine.dataRoot) ?? (await shortage());
    const place = engine.dataRoot ?? text.dataDirectory;
    if (full === 'EDQUOT') return text.quota({ place });
    if (full === 'ENOSPC') return text.full({ place });
    return engine.versionNow(answerMs).then(
      (version) =>
        version === engine.facts.version
          ? null
          : text.otherVersion({ version, before: engine.facts.version }),
      () => text.silent({ seconds: answerMs / 1000 }),
    );
  };

  return {
    async during(trial) {
      const result = await trial(gone);
      const reason = await trouble(result.record.outcome);
      if (reason === null) return result;
      lost = reason;
      return interruptedBy(reason, result);
    },
    lost: () => lost ?? (gone.aborted ? text.ended : null),
    close,
  };
}
