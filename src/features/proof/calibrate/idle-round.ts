import { setTimeout as sleep } from 'node:timers/promises';
import { maxLagMs } from '../../../core/collect/cgroup/memory-lag.ts';
import {
  processesMemory,
  steadyAvailable,
  unreclaimable,
} from '../../../core/collect/process/host-memory.ts';
import { measureBlocks } from '../../../core/measure/execute/run-loop.ts';
import { shuffle } from '../../../core/measure/schedule/block.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import { failuresInARow } from '../../../core/model/given-up.ts';
import { seededRandom } from '../../../core/model/prng.ts';
import { MessageError, saidBy } from '../../../core/model/said.ts';
import type { CalibrationCheck, IdleMemoryRecord } from './calibration.ts';
import { type IdlePlace, IdleSandboxes } from './idle-sandboxes.ts';
import { type CheckState, judgeErrors } from './judge.ts';
import { withNeeds } from './loop.ts';

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
 * available memory.
 */
export function judgeIdleMemory(
  runtime: string,
  sandboxes: number,
  bills: readonly IdleMemory[],
  failures: readonly Message[],
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
      absent: null,
    },
    (truth) => 1.5 * mebibyte + 0.1 * Math.abs(truth),
  );
}

const text = notices('calibrationBill', {
  unreadable: 'a figure of memory could not be read, or lagged',
});

interface IdleRound extends IdlePlace {
  /** In the order in which their sandboxes start. */
  readonly runtimes: readonly string[];
  /** A unique name of this round. */
  readonly name: string;
  /** Sandboxes of each runtime. */
  readonly count: number;
}

/** A runtime's memory in one round, or why it has none. */
type IdleOutcome = { readonly runtime: string } & (
  | { readonly memory: IdleMemory }
  | { readonly failure: Message }
);

/**
 * Starts and removes the sandboxes of every runtime once, without measuring, so that the engine has already grown when the
 * first round begins.
 */
async function warmUpIdle(round: IdleRound): Promise<readonly IdleOutcome[]> {
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
async function measureIdleRound(round: IdleRound): Promise<readonly IdleOutcome[]> {
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

/** The view after memory.stat has caught up. The host's memory needs no wait: it is read during the last fifth of the wait. */
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

/** Input of all rounds. */
interface IdleMemoryLoop extends Pick<IdleRound, 'engine' | 'place' | 'image' | 'interrupt'> {
  readonly runtimes: readonly string[];
  /** Sandboxes of each runtime. */
  readonly count: number;
  readonly seed: number;
  readonly minRounds: number;
  readonly maxRounds: number;
  readonly maxTimeMs: number;
  /** Called after each round; round 0 is the warm-up. `open`: runtimes whose checks are not settled. */
  readonly onRound: (round: number, open: readonly string[]) => void;
  /** ms, monotonic. */
  readonly now: () => number;
}

/**
 * A check that needs this many times the planned rounds is given up, in favour of others: even half the scatter would not
 * settle it.
 */
const hopeless = 4;

/**
 * Runs a warm-up, then rounds of {@link measureIdleRound} over all runtimes in random order, until every check is settled or
 * hopeless, or rounds or time are used up. Failed rounds are counted and named in their check.
 */
export async function runIdleMemory(
  loop: IdleMemoryLoop,
): Promise<{ readonly checks: readonly CalibrationCheck[]; readonly bills: readonly IdleMemoryRecord[] }> {
  const bills: IdleMemoryRecord[] = [];
  const failures = new Map<string, Message[]>(loop.runtimes.map((runtime) => [runtime, []]));
  const standing = (runtime: string) =>
    judgeIdleMemory(
      runtime,
      loop.count,
      bills.filter((bill) => bill.runtime === runtime),
      failures.get(runtime) ?? [],
    );
  const isOpen = (runtime: string, round: number) => {
    const { check, pairs, settled, pairsToSettle } = standing(runtime);
    if (check.n === 0 && pairs >= failuresInARow) return false;
    if (round < loop.minRounds) return true;
    return settled === null && (pairsToSettle ?? 0) <= hopeless * loop.maxRounds;
  };
  const started = loop.now();
  let open = loop.runtimes;
  let next = 0;
  let roundMs = 0;
  const add = (round: number, outcome: IdleOutcome) => {
    if ('memory' in outcome) bills.push({ runtime: outcome.runtime, round, ...outcome.memory });
    else failures.get(outcome.runtime)?.push(outcome.failure);
  };
  await measureBlocks({
    next: () => (next > loop.maxRounds || open.length === 0 ? null : next++),
    itemsOf: (round) => [shuffle(open, seededRandom(`${loop.seed}:bill:${round}`))],
    async measure(runtimes, round) {
      const begin = loop.now();
      const options = { ...loop, runtimes, name: `bill${round}` };
      try {
        const outcomes = round === 0 ? await warmUpIdle(options) : await measureIdleRound(options);
        // A round that an interrupt ended has not failed.
        if (loop.interrupt.aborted) return;
        for (const outcome of outcomes) add(round, outcome);
      } catch (error) {
        for (const runtime of runtimes) failures.get(runtime)?.push(saidBy(error));
      }
      roundMs = (loop.now() - begin) / runtimes.length;
    },
    isCutOff: () => loop.interrupt.aborted || loop.now() - started > loop.maxTimeMs,
    onBlockEnd(round) {
      open = open.filter((runtime) => isOpen(runtime, round));
      loop.onRound(round, open);
    },
  });
  return { checks: loop.runtimes.map((runtime) => withNeeds(standing(runtime), roundMs)), bills };
}
