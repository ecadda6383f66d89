import { setTimeout as sleep } from 'node:timers/promises';
import { maxLagMs } from '../../../core/collect/cgroup/memory-lag.ts';
import { steadyAvailable } from '../../../core/collect/process/host-memory.ts';
import { processesMemory, unreclaimable } from '../../../core/collect/process/memory-view.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import { MessageError, saidBy } from '../../../core/model/said.ts';
import { billsOf, type IdleMemory, type MemoryView } from './idle-bill.ts';
import { type IdlePlace, IdleSandboxes } from './idle-sandboxes.ts';

const text = notices('calibrationBill', {
  unreadable: 'a figure of memory could not be read, or lagged',
});

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
 * Start and remove the sandboxes of every runtime once, so that the first round measures an engine that has grown. Nothing is
 * measured.
 */
export async function warmUpIdle(round: IdleRound): Promise<readonly IdleOutcome[]> {
  const sandboxes = new IdleSandboxes(round);
  try {
    // What fails here fails in every round, which counts and names it.
    for (const runtime of round.runtimes)
      await sandboxes.start(runtime, nameOf(round, runtime), round.count).catch(() => undefined);
    return [];
  } finally {
    await sandboxes.removeAll();
  }
}

/**
 * Start idle sandboxes of one runtime after the other, let each lot settle, and compare the memory that it is charged with
 * the memory that the host lost. Those that run already stay, so that their removal is waited for once a round. Removes
 * everything, also on failure.
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

/** The view once memory.stat has caught up. The host's memory, which needs no such wait, is read in its last fifth. */
async function settledView(round: IdleRound, sandboxes: IdleSandboxes): Promise<MemoryView> {
  const caughtUp = sleep(maxLagMs);
  await sleep(0.8 * maxLagMs);
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
