import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { IdleMemoryRecord } from './calibration.ts';
import { judgeErrors, type Standing } from './judge.ts';

const text = notices('calibrationBill', { bill: 'one of {n} idle, by MemAvailable' });

/** Memory of one idle sandbox, measured from several sides; bytes per sandbox. */
export type IdleMemory = Omit<IdleMemoryRecord, 'runtime' | 'round'>;

/** Memory at one moment, from several sides, bytes; NaN where it could not be read. */
export interface MemoryView {
  /** ms, monotonic. */
  readonly atMs: number;
  /** MemAvailable of the host, and the free pages that its CPUs keep for themselves. */
  readonly available: number;
  /** Charged to the idle sandboxes that run. */
  readonly sandboxes: number;
  /** Charged to the engine's cgroups. */
  readonly engine: number;
  /** Anonymous and shared memory of the engine's processes. */
  readonly processes: number;
}

/**
 * What each step of a round added, per sandbox. `views`: before the first step, after each, and after the removal of all. The
 * line from the first view to the last removes steady changes of the host's memory meanwhile.
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
 * Judge the rounds of one runtime: compare the memory charged to the sandboxes and the engine with the memory that the
 * host lost.
 */
export function judgeIdleMemory(
  runtime: string,
  sandboxes: number,
  bills: readonly IdleMemory[],
  failures: readonly Message[],
): Standing {
  return judgeErrors(
    {
      id: 'bill',
      runtime,
      metric: 'memory.bill',
      title: text.bill({ n: sandboxes }),
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
