import { setTimeout as sleep } from 'node:timers/promises';
import { maxLagMs } from '../collect/cgroup/memory-lag.ts';
import { openTrialCgroup, type TrialCgroup } from '../collect/cgroup/trial.ts';
import { processesMemory, steadyMemAvailable, unreclaimable } from '../collect/process/memory-view.ts';
import type { Container, Engine } from '../engine/engine.ts';
import { runLabels } from '../engine/labels.ts';
import type { HostPlace } from '../execute/host-observer.ts';
import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { recalled } from '../messages/record.ts';
import type { CalibrationCheck, IdleMemoryRecord } from '../model/calibration.ts';
import { MessageError } from '../model/said.ts';
import { judgeErrors } from './judge.ts';

const text = notices('calibrationBill', {
  bill: 'one of {n} idle, by MemAvailable',
  unreadable: 'a figure of memory could not be read, or lagged',
});

/** Memory of one idle sandbox, measured from several sides; bytes per sandbox. */
export type IdleMemory = Omit<IdleMemoryRecord, 'runtime' | 'round'>;

export interface IdleMemoryOptions {
  readonly engine: Engine;
  readonly place: HostPlace;
  readonly image: string;
  readonly runtime: string;
  /** A unique name of this round. */
  readonly round: string;
  readonly sandboxes: number;
  readonly interrupt: AbortSignal;
}

const stepLimitMs = 60_000;
/** Long enough for memory.stat to catch up. */
const settleMs = maxLagMs;
/** The request has only what an idle container needs. */
const request = { command: ['/bin/sleep', '3600'], timeoutMs: stepLimitMs } as const;

interface Sandbox {
  readonly cgroup: TrialCgroup;
  readonly container: Container;
}

async function startSandbox(options: IdleMemoryOptions, index: number): Promise<Sandbox> {
  const { place, engine, runtime, image, round } = options;
  const trialId = `${round}s${index}`;
  const cgroup = openTrialCgroup({ layout: place.layout, driver: place.driver, runId: place.runId, trialId });
  await cgroup.prepare();
  const signal = AbortSignal.any([options.interrupt, AbortSignal.timeout(stepLimitMs)]);
  const name = `ocibench-${place.runId}-${trialId}`;
  try {
    const container = await engine.create(
      {
        name,
        image,
        runtime,
        request,
        cgroupParent: cgroup.parent,
        bindSources: {},
        labels: runLabels(place.runId),
      },
      signal,
    );
    await container.start(signal);
    return { cgroup, container };
  } catch (error) {
    await engine.forceRemove(name, AbortSignal.timeout(stepLimitMs)).catch(() => undefined);
    await cgroup.remove();
    throw error;
  }
}

/**
 * Start idle sandboxes, let them settle, and compare the memory charged to them with the memory that the host lost.
 * Removes everything, also on failure. Rejects with the engine's error, or where a figure cannot be read.
 */
export async function measureIdleMemory(options: IdleMemoryOptions): Promise<IdleMemory> {
  const { place, sandboxes: count } = options;
  if ('absent' in place.engineCgroups) throw new MessageError(recalled(place.engineCgroups, 'absent'));
  const enginePaths = place.engineCgroups.paths;
  const readMemory = async () => {
    const charged = enginePaths.map((path) => unreclaimable(place.layout, path));
    return {
      available: (await steadyMemAvailable()) ?? Number.NaN,
      engine: charged.reduce<number>((sum, bytes) => sum + (bytes ?? Number.NaN), 0),
      processes: enginePaths.reduce((sum, path) => sum + processesMemory(place.layout, path), 0),
    };
  };
  const running: Sandbox[] = [];
  const removeAll = async () => {
    for (const { container, cgroup } of running.splice(0)) {
      await options.engine.forceRemove(container.id, AbortSignal.timeout(stepLimitMs)).catch(() => undefined);
      await cgroup.remove();
    }
  };
  try {
    const before = await readMemory();
    for (let index = 0; index < count; index++) running.push(await startSandbox(options, index));
    await sleep(settleMs);
    const during = await readMemory();
    const charged = running.map(({ cgroup }) => unreclaimable(place.layout, cgroup.path) ?? Number.NaN);
    await removeAll();
    await sleep(settleMs);
    const after = await readMemory();
    // The mean of before and after removes steady changes of the host's memory meanwhile.
    const per = (of: (view: typeof before) => number) => (of(during) - (of(before) + of(after)) / 2) / count;
    const bill = {
      available: -per((view) => view.available),
      sandboxes: charged.reduce((sum, bytes) => sum + bytes, 0) / count,
      engine: per((view) => view.engine),
      engineProcesses: per((view) => view.processes),
    };
    if (Object.values(bill).some(Number.isNaN)) throw new MessageError(text.unreadable);
    return bill;
  } finally {
    await removeAll();
  }
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
): CalibrationCheck {
  const truths = bills.map(({ available }) => available);
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
      truths,
      errors: bills.map((bill) => bill.sandboxes + bill.engine - bill.available),
      failures,
      absent: null,
    },
    (truth) => 1.5 * mebibyte + 0.1 * Math.abs(truth),
  );
}
