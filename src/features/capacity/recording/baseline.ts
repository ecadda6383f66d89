import type { hostOf } from '../../../app/host-checks.ts';
import { pinnedIn, withPins } from '../../../app/measure/pin-entries.ts';
import { recordedEntries } from '../../../app/measure/prepare.ts';
import type { Registered } from '../../../app/measure/registered.ts';
import { entriesAgain } from '../../../app/measure/resume.ts';
import type { Session } from '../../../app/measure/session.ts';
import { entriesOf, type TriedRuntimes, tryRuntimes } from '../../../app/measure/try-runtimes.ts';
import { imagesOf } from '../../../core/measure/schedule/subjects.ts';
import { notices } from '../../../core/messages/define.ts';
import { recalled } from '../../../core/messages/record.ts';
import { engineTraits } from '../../../core/model/engine-kind.ts';
import { exitCodes, OcibenchError } from '../../../core/model/error.ts';
import type { RunRecord } from '../../../core/model/run.ts';
import type { RecordableWork } from './recordable-works.ts';

const text = notices('recordRun', {
  baselineFails: 'the baseline {runtime} does not start here: {reason}',
});

/** The run as far as its baseline alone is concerned, and the runtimes that are registered now. */
export interface Source {
  readonly run: RunRecord;
  readonly registered: Registered;
}

/** OcibenchError (exit 2) where the baseline is no longer registered as it was. */
export async function sourceOf(run: RunRecord, found: Registered): Promise<Source> {
  const { baseline } = run.config;
  const alone = {
    ...run,
    config: { ...run.config, runtimes: [baseline], engine: run.engine.kind },
    runtimes: run.runtimes.filter(({ entry }) => entry.name === baseline),
  };
  const registered = await withPins(found, pinnedIn(alone));
  if (!engineTraits(run.engine).takesRuntimes) return { run: alone, registered };
  const entries = await entriesAgain(alone, registered, { local: true });
  return { run: alone, registered: { ...registered, entries } };
}

/** Starts the baseline once, and provides the images. OcibenchError (exit 3) where it does not start. */
export async function tryBaseline(
  session: Session,
  { run, registered }: Source,
  {
    host,
    works,
    interrupt,
  }: {
    readonly host: Awaited<ReturnType<typeof hostOf>>;
    readonly works: readonly RecordableWork[];
    readonly interrupt: AbortSignal;
  },
): Promise<TriedRuntimes> {
  const { config } = run;
  const found = await entriesOf(session, registered, config);
  const tried = await tryRuntimes({
    ...{ session, registered, config, host, interrupt },
    entries: await recordedEntries(session, found, { recorded: run, registered }),
    images: works.flatMap(({ subject }) => imagesOf(subject)),
  });
  const preflight = tried.runtimes[0]?.preflight;
  if (preflight?.status === 'unavailable')
    throw new OcibenchError(
      text.baselineFails({ runtime: config.baseline, reason: recalled(preflight, 'reason') }),
      { exitCode: exitCodes.noEngine },
    );
  return tried;
}
