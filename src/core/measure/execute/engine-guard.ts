import type { ContainerEngine } from '../../engine/engine.ts';
import { notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { recalled } from '../../messages/record.ts';
import { exitCodes, OcibenchError } from '../../model/failure/error.ts';
import { type DiskFull, diskFullIn } from '../../model/machine/disk-error.ts';
import { engineTraits } from '../../model/runtime/engine-kind.ts';
import type { TrialOutcome } from '../../model/trial/trial.ts';
import { diskShortage } from './disk-room.ts';
import { interruptedBy, type TrialResult } from './trial.ts';

const text = notices('engineGuard', {
  lost: "the engine was lost: {how}; what would help:\n  read the daemon''s log (journalctl -u docker), and run the command again once the daemon is back",
  ended: 'it ended, or was restarted',
  quota: 'the disk quota is used up in {place}',
  full: 'no space is left in {place}',
  dataDirectory: 'its data directory',
  otherVersion: 'it is now Docker {version}, and was {before}',
  silent: 'it does not answer within {seconds} s',
});

/** Distinguishes failures of a runtime from those of the engine during a run. */
export interface EngineGuard {
  /**
   * Runs a trial with a signal that is aborted when the engine is lost. A trial in which the engine was lost is
   * `interrupted` with the reason, whatever its outcome: it is not about the runtime.
   */
  during(trial: (gone: AbortSignal) => Promise<TrialResult>): Promise<TrialResult>;
  /** How the engine was lost; null while it works. A lost engine stays lost: a new session opens it again. */
  lost(): Message | null;
  close(): void;
}

/** The part of an engine that the guard checks. */
export type GuardedEngine = Pick<ContainerEngine, 'facts' | 'dataRoot' | 'versionNow' | 'watch'>;

/** Timeout of the engine's version, ms: a slower engine cannot measure starts. */
const answerMs = 5_000;

/**
 * Why the engine's disk is full, if its error says so; null otherwise. Only the creation of a container is judged,
 * where the engine writes. At a start the same words may come from the kernel about a cgroup (cpuset), and during the
 * run from the program about its own file.
 */
function saysDiskFull(outcome: TrialOutcome, dataRoot: string | null): DiskFull | null {
  if (outcome.status !== 'failed') return null;
  const words = `${outcome.error.detail ?? ''} ${outcome.error.message}`;
  const itsOwn = outcome.step === 'create' || (dataRoot !== null && words.includes(dataRoot));
  return itsOwn ? diskFullIn(words) : null;
}

/** OcibenchError (exit 3) for a command that needs an engine and has nothing to resume. */
export function engineLost(how: Message): OcibenchError {
  return new OcibenchError(text.lost({ how }), { exitCode: exitCodes.noEngine });
}

/** Starts to watch the engine; `shortageIn` is replaced in tests. Rejects with EngineError where it does not answer. */
export async function guardEngine(engine: GuardedEngine, shortageIn = diskShortage): Promise<EngineGuard> {
  const { gone, close } = await engine.watch();
  let lost: Message | null = null;

  /** The data directory of a private engine is the run's own, and may be written to. */
  const shortage = async (): Promise<DiskFull | null> => {
    if (!engine.facts.local || engine.dataRoot === null) return null;
    return shortageIn(engine.dataRoot, engineTraits(engine.facts).isPrivate);
  };

  /** Why the engine may have caused the outcome of a trial; null where the engine works. */
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
