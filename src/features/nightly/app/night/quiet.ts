import type { AppContext } from '../../../../app/context.ts';
import { quantity } from '../../../../core/messages/compose.ts';
import { notices } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import { exitCodes, OcibenchError } from '../../../../core/model/error.ts';

const text = notices('quiet', {
  waiting: 'others use {share} of the CPUs (limit {limit}): waiting until the host is quiet',
  gaveUp: 'interrupted before the night began',
  busy: 'others use {share} of the CPUs, more than the limit of {limit}',
});

/** How long the CPUs are watched, ms. */
const lookMs = 5_000;
/** Looks until a host counts as busy; with `--wait`, half an hour of them. */
const looks = { refusing: 3, waiting: 360 } as const;

/** Why the host is not quiet; null where it is, or where its counters cannot be read. An interrupt ends the wait (exit 130). */
export async function whyNotQuiet(
  { host, clock, reporter }: Pick<AppContext, 'host' | 'clock' | 'reporter'>,
  options: { readonly limit: number; readonly wait: boolean; readonly interrupt: AbortSignal },
): Promise<Message | null> {
  const { limit, wait, interrupt } = options;
  // What is stolen comes on top of what is used: a share can be above 1, and no host would ever be quiet enough.
  if (limit >= 1) return null;
  let busy: Message | null = null;
  for (let look = 0; look < looks[wait ? 'waiting' : 'refusing']; look++) {
    const before = host.counters();
    await clock.sleep(lookMs, interrupt).catch(() => {
      throw new OcibenchError(text.gaveUp, { exitCode: exitCodes.interrupted });
    });
    const share = busyShare(before, host.counters());
    if (share === null || share <= limit) return null;
    const values = { share: percent(share), limit: percent(limit) };
    if (busy === null && wait) reporter.log(text.waiting(values));
    busy = text.busy(values);
  }
  return busy;
}

type Counters = ReturnType<AppContext['host']['counters']>;

/** Share of the CPUs' time that was used, steal included; null where it is not known. */
function busyShare(before: Counters, after: Counters): number | null {
  if (before.busyNs === null || after.busyNs === null || after.cpus === null) return null;
  const stolen = (after.stealNs ?? 0) - (before.stealNs ?? 0);
  return (after.busyNs - before.busyNs + stolen) / ((after.atNs - before.atNs) * after.cpus);
}

const percent = (share: number) => quantity(share * 100, ' %');
