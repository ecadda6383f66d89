import { type BusyProcess, busiestBetween } from '../core/collect/busy-processes.ts';
import { joined, quantity } from '../core/messages/compose.ts';
import { notices } from '../core/messages/define.ts';
import type { Message } from '../core/messages/message.ts';
import { exitCodes, OcibenchError } from '../core/model/failure/error.ts';
import { terminalText } from '../report/document/sanitize.ts';
import type { AppContext } from './context.ts';

const text = notices('quiet', {
  gaveUp: 'interrupted before the measurement began',
  process: '{name} (pid {pid}), {share} of a CPU',
  contained: '{name} (pid {pid}, in container {container}), {share} of a CPU',
  stolen: 'other guests of the hypervisor, {share}',
  unnamed: 'short-lived processes, or the kernel',
});

/** CPU use of a host on which ocibench measures nothing yet. */
export interface OtherUse {
  /** Share of the time of all CPUs, steal included. */
  readonly share: number;
  /** Share that the hypervisor gave to other guests. */
  readonly stolen: number;
  /** Who used most, largest share first. */
  readonly by: readonly BusyProcess[];
}

/** Largest share of the CPUs that others use on a quiet host. */
export const quietLimit = 0.1;

/** How long a host is looked at before it counts as busy. */
interface Looks {
  readonly limit: number;
  /** Duration of one look, ms. */
  readonly lookMs: number;
  /** Looks at which the host must be busy. */
  readonly looks: number;
  /** Quiet looks in a row that end a busy time (default 1). */
  readonly settled?: number;
}

/**
 * What others use of this host's CPUs, where it is more than the limit until the last look; null if it is quiet at the first
 * one, or later at `settled` in a row, or if its counters cannot be read. `onBusy` is told the first busy look. An interrupt ends
 * the looks (exit 130).
 */
export async function lastingUse(
  { host, clock }: Pick<AppContext, 'host' | 'clock'>,
  { limit, lookMs, looks, settled = 1 }: Looks,
  interrupt: AbortSignal,
  onBusy: (use: OtherUse) => void = () => undefined,
): Promise<OtherUse | null> {
  let busy: OtherUse | null = null;
  let quiet = 0;
  for (let look = 0; look < looks; look++) {
    // What reads them is loaded at the first look: first what takes longer.
    const times = await host.processTimes();
    const before = { times, counters: await host.counters() };
    await clock.sleep(lookMs, interrupt).catch(() => {
      throw new OcibenchError(text.gaveUp, { exitCode: exitCodes.interrupted });
    });
    const after = await host.counters();
    const used = useBetween(before.counters, after);
    if (used === null) return null;
    quiet = used.share <= limit ? quiet + 1 : 0;
    if (quiet > 0) {
      if (busy === null || quiet >= settled) return null;
      continue;
    }
    const by = busiestBetween(before.times, await host.processTimes(), after.atNs - before.counters.atNs);
    const isFirst = busy === null;
    busy = { ...used, by };
    if (isFirst) onBusy(busy);
  }
  return busy;
}

type Counters = Awaited<ReturnType<AppContext['host']['counters']>>;

/** Shares of the CPUs' time that were used, and of it stolen; null if unknown. */
function useBetween(before: Counters, after: Counters): Pick<OtherUse, 'share' | 'stolen'> | null {
  if (before.busyNs === null || after.busyNs === null || after.cpus === null) return null;
  const all = (after.atNs - before.atNs) * after.cpus;
  const stolen = ((after.stealNs ?? 0) - (before.stealNs ?? 0)) / all;
  return { share: (after.busyNs - before.busyNs) / all + stolen, stolen };
}

/** A share as a percentage. */
export const percent = (share: number) => quantity(share * 100, ' %');

/** Who uses the CPUs, by name, process id and share: what can be ended. */
export function whoUses({ by, share, stolen }: OtherUse): Message {
  const processes = by.map(({ name, pid, container, cpuShare }) => {
    const values = { name: terminalText(name, 40), pid: String(pid), share: percent(cpuShare) };
    return container === null ? text.process(values) : text.contained({ ...values, container });
  });
  const guests = stolen > share / 4 ? [text.stolen({ share: percent(stolen) })] : [];
  const all = [...processes, ...guests];
  return all.length === 0 ? text.unnamed : joined(all, 'semicolon');
}
