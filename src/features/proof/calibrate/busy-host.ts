import type { AppContext } from '../../../app/context.ts';
import { lastingUse, type OtherUse, percent, quietLimit, whoUses } from '../../../app/other-use.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';

const text = notices('calibration', {
  busy: 'this host is busy: other processes use {share} of its CPUs, more than {limit}: {who}',
  wasBusy:
    'this host was busy: other processes used {share} of its CPUs, more than {limit}: {who}; before you trust a failure, calibrate again on a quiet host',
  busyFix:
    'fix: end these processes, or wait until they are done, and calibrate again (Ctrl-C ends this one). Otherwise times may stay inconclusive (exit 5); cgroup counters do not',
});

/** A host is looked at for 3 s if it is quiet, else for 9 s: with the start of the engine that is well below 30 s. */
const looks = { limit: quietLimit, lookMs: 3_000, looks: 3 } as const;

/**
 * What others use of this host's CPUs before anything is measured; null if it is quiet. Warns of it with who it is: the checks
 * that a busy host leaves undecided take the whole time limit, so this is the time to end what disturbs them.
 */
export async function warnIfBusy(
  app: Pick<AppContext, 'host' | 'clock' | 'reporter'>,
  interrupt: AbortSignal,
): Promise<OtherUse | null> {
  const use = await lastingUse(app, looks, interrupt);
  if (use === null) return null;
  app.reporter.warn(text.busy(valuesOf(use)));
  app.reporter.warn(text.busyFix);
  return use;
}

const valuesOf = (use: OtherUse) => ({
  share: percent(use.share),
  limit: percent(quietLimit),
  who: whoUses(use),
});

/** How busy the host was, and by whom. */
export function wasBusyMessage(use: OtherUse): Message {
  return text.wasBusy(valuesOf(use));
}
