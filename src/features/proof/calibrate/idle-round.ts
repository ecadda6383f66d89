import { setTimeout as sleep } from 'node:timers/promises';
import { maxLagMs } from '../../../core/collect/cgroup/memory-lag.ts';
import {
  processesMemory,
  steadyAvailable,
  unreclaimable,
} from '../../../core/collect/process/host-memory.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import { MessageError, saidBy } from '../../../core/model/said.ts';
import type { IdleMemoryRecord } from './calibration.ts';
import { type IdlePlace, IdleSandboxes } from './idle-sandboxes.ts';
import { type CheckState, judgeErrors } from './judge.ts';

const idleBillText = notices('calibrationBill', { bill: 'one of {n} idle, by MemAvailable' });

/** Memory of one idle sandbox, measured in several ways; bytes per sandbox. */
type IdleMemory = Omit<IdleMemoryRecord, 'runtime' | 'round'>;

/** Memory at one moment, measured in several ways, bytes; NaN if it could not be read. */
export interface MemoryView {
  /** ms, monotonic. */
  readonly atMs: number;
  /** MemAvailable of the host, and the free pages that its CPUs keep for themselves. */
  readonly available: number;
  /** Charged to the running idle sandboxes. */
  readonly sandboxes: number;
  /** Charged to the engine's cgroups. */
  readonly engine: number;
  /** Anonymous and shared memory of the engine's processes. */
  readonly processes: number;
}

/**
 * Memory that each step of a round added, per sandbox. `views`: before the first step, after each step, and after the removal
 * of all. Subtracting the line from the first view to the last removes a steady drift of the host's memory.
 */
export function billsOf(views: readonly MemoryView[], count: number): readonly IdleMemory[] {
  const [first, last] = [views[0], views.at(-1)];
  if (first === undefined || last === undefined) return [];
  const added = (of: (view: MemoryView) => number, from: MemoryView, to: MemoryView) => {
    const drift = (of(last) - of(first)) / (last.atMs - first.atMs);
    return (of(to) - of(from) - drift * (to.atMs - from.atMs)) / count;
  };
  return views.slice(1, -1).flatMap((to, index) => {
    const from = views[index];
    if (from === undefined) return [];
    return [
      {
        available: -added((view) => view.available, from, to),
        sandboxes: added((view) => view.sandboxes, from, to),
        engine: added((view) => view.engine, from, to),
        engineProcesses: added((view) => view.processes, from, to),
      },
    ];
  });
}

const mebibyte = 2 ** 20;

/**
 * Judges the rounds of one runtime: compares the memory charged to the sandboxes and the engine with the decrease of the host's
 * available memory. `absent`: why what the engine is charged cannot be told here.
 */
export function judgeIdleMemory(
  runtime: string,
  sandboxes: number,
  bills: readonly IdleMemory[],
  { failures, absent }: { readonly failures: readonly Message[]; readonly absent: Message | null },
): CheckState {
  return judgeErrors(
    {
      id: 'bill',
      runtime,
      metric: 'memory.bill',
      title: idleBillText.bill({ n: sandboxes }),
      scale: 'difference',
      relation: 'equal',
      unit: 'bytes',
    },
    {
      pairs: bills.length + failures.length,
      truths: bills.map(({ available }) => available),
      errors: bills.map((bill) => bill.sandboxes + bill.engine - bill.available),
      failures,
      absent,
    },
    (truth) => 1.5 * mebibyte + 0.1 * Math.abs(truth),
  );
}

const text = notices('calibrationBill', {
  unreadable: 'a memory figure could not be read, or came too late',
});

/** A round, and where its sandboxes run. */
export interface IdleRound extends IdlePlace {
  /** In the order in which their sandboxes start. */
  readonly runtimes: readonly string[];
  /** A unique name of this round. */
  readonly name: string;
  /** Sandboxes of each runtime. */
  readonly count: number;
}

/** A runtime's memory in one round, or why it has none. */
export type IdleOutcome = { readonly runtime: string } & (
  | { readonly memory: IdleMemory }
  | { readonly failure: Message }
);

/**
 * Starts and removes the sandboxes of every runtime once, without measuring, so that the engine has already grown when the
 * first round begins.
 */
export async function warmUpIdle(round: IdleRound): Promise<readonly IdleOutcome[]> {
  const sandboxes = new IdleSandboxes(round);
  try {
    // An error here is ignored: it recurs in every round, which reports it.
    for (const runtime of round.runtimes)
      await sandboxes.start(runtime, nameOf(round, runtime), round.count).catch(() => undefined);
    return [];
  } finally {
    await sandboxes.removeAll();
  }
}

/**
 * Starts idle sandboxes of one runtime after another, lets each group settle, and measures its charged memory and the decrease
 * of the host's available memory. Earlier groups keep running, so that a round waits only once for their removal. Removes all
 * sandboxes, also on failure.
 */
export async function measureIdleRound(round: IdleRound): Promise<readonly IdleOutcome[]> {
  const sandboxes = new IdleSandboxes(round);
  const outcomes: IdleOutcome[] = [];
  const started: string[] = [];
  try {
    const views = [await memoryView(round, sandboxes)];
    for (const runtime of round.runtimes) {
      try {
        await sandboxes.start(runtime, nameOf(round, runtime), round.count);
      } catch (error) {
        outcomes.push({ runtime, failure: saidBy(error) });
        continue;
      }
      started.push(runtime);
      views.push(await settledView(round, sandboxes));
    }
    await sandboxes.removeAll();
    views.push(await settledView(round, sandboxes));
    const bills = billsOf(views, round.count);
    for (const [index, runtime] of started.entries()) {
      const memory = bills[index];
      const isRead = memory !== undefined && !Object.values(memory).some(Number.isNaN);
      outcomes.push(isRead ? { runtime, memory } : { runtime, failure: text.unreadable });
    }
    return outcomes;
  } finally {
    await sandboxes.removeAll();
  }
}

const nameOf = ({ name, runtimes }: IdleRound, runtime: string) => `${name}r${runtimes.indexOf(runtime)}`;

/** Wait of a view for memory.stat, ms; a round has one for each runtime, and one after the removal. */
export const settleMs = maxLagMs;

/** The view after memory.stat has caught up. The host's memory needs no wait: it is read during the last fifth of the wait. */
async function settledView(round: IdleRound, sandboxes: IdleSandboxes): Promise<MemoryView> {
  const caughtUp = sleep(settleMs);
  await sleep(0.8 * settleMs);
  return await memoryView(round, sandboxes, caughtUp);
}

async function memoryView(
  { place }: IdleRound,
  sandboxes: IdleSandboxes,
  caughtUp: Promise<void> = Promise.resolve(),
): Promise<MemoryView> {
  const { engineCgroups, layout } = place;
  if ('absent' in engineCgroups) throw new MessageError(recalled(engineCgroups, 'absent'));
  const { paths } = engineCgroups;
  const sum = (values: readonly (number | null)[]) =>
    values.reduce<number>((total, bytes) => total + (bytes ?? Number.NaN), 0);
  const available = (await steadyAvailable()) ?? Number.NaN;
  await caughtUp;
  return {
    atMs: performance.now(),
    available,
    sandboxes: sandboxes.charged(),
    engine: sum(paths.map((path) => unreclaimable(layout, path))),
    processes: sum(paths.map((path) => processesMemory(layout, path))),
  };
}
