import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { median, quantile } from 'simple-statistics';
import { EngineError } from '../../../core/engine/engine.ts';
import { StepFailure, StepTimeout, withDeadline } from '../../../core/measure/execute/deadline.ts';
import {
  copyName,
  type GroupContext,
  type GroupResult,
  type StartedCopy,
  startCopy,
} from '../../../core/measure/execute/group.ts';
import type { GroupRunner, RunnerGroup } from '../../../core/measure/execute/group-runners.ts';
import { present } from '../../../core/metrics/figure.ts';
import type { Figure } from '../../../core/model/trial.ts';
import { AnswerReader } from '../density/answers.ts';
import { fileRoom, lackOf, memoryRoom, threadRoom } from '../density/host-room.ts';
import { type Knee, kneeFigures, missedBy } from '../density/knee.ts';
import { pressureNow, shareBetween } from '../density/pressure.ts';
import { figuresOf, type Step } from '../density/step.ts';

/** Sandboxes that are started at the same time, and that are removed at the same time. */
const atOnce = 4;
/** Time for the work of starting to end before the sandboxes are observed, ms. */
const settleMs = 400;
/** Time for all removals together where the trial was given up, ms. */
const giveUpMs = 60_000;

/** What the sandboxes of one trial have in common. */
interface Crowd {
  readonly context: GroupContext;
  readonly whole: AbortSignal;
  readonly started: StartedCopy[];
  readonly answers: AnswerReader;
  /** Numbers of those that ended by themselves. */
  readonly ended: number[];
  /** Of the start, to be removed by name. */
  readonly failed: number[];
}

/** A start that failed, or too long a wait for one, unless it says nothing about the sandboxes. */
function aboutSandboxes(error: unknown): StepFailure | StepTimeout {
  const isLost =
    error instanceof StepFailure && error.cause instanceof EngineError && error.cause.connectionLost;
  if (!isLost && (error instanceof StepFailure || error instanceof StepTimeout)) return error;
  throw error;
}

/** Starts further sandboxes and waits for their first output. Resolves with the failure of one of them, or null. */
async function startMore(more: number, crowd: Crowd): Promise<StepFailure | StepTimeout | null> {
  const { context, whole, started, answers, ended, failed } = crowd;
  const first = started.length + failed.length;
  const settled = await Promise.allSettled(
    Array.from({ length: more }, async (_, i) => {
      const index = first + i;
      try {
        const copy = await startCopy(index, context, whole, (_stream, chunk) => answers.add(index, chunk));
        copy.exited.then(
          () => ended.push(index),
          () => undefined,
        );
        await withDeadline('run', context.limits.startMs, context.interrupt, () => copy.firstByte);
        return copy;
      } catch (error) {
        failed.push(index);
        throw error;
      }
    }),
  );
  started.push(...settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])));
  const problem = settled.find((each) => each.status === 'rejected');
  return problem === undefined ? null : aboutSandboxes(problem.reason);
}

/** From the create call to the first output of each, ns. */
function startTimes(copies: readonly StartedCopy[]): readonly number[] {
  return copies.flatMap(({ marks: { list } }) => {
    const at = (name: string) => list.find((mark) => mark.name === name)?.atNs;
    const [begin, output] = [at('create-begin'), at('first-output')];
    return begin === undefined || output === undefined ? [] : [output - begin];
  });
}

const numberOf = (figure: Figure): number | undefined => ('value' in figure ? figure.value : undefined);

/** Observes the sandboxes at rest, then reads their memory. `since`: what was read before those of this step were started. */
async function look(
  crowd: Crowd,
  since: {
    readonly at: bigint;
    readonly engineNs: number | null;
    readonly pressure: ReturnType<typeof pressureNow>;
  },
  {
    windowMs,
    before,
    already,
  }: { readonly windowMs: number; readonly before: Figure; readonly already: number },
): Promise<Step> {
  const { observer, interrupt, marks } = crowd.context;
  const { started, answers } = crowd;
  const own = startTimes(started.slice(already));
  const engineNs = observer.cpuNow().engineNs;
  const pause = (ms: number) =>
    withDeadline('run', 20_000 + ms, interrupt, (signal) => sleep(ms, undefined, { signal }));
  await pause(settleMs);
  const [cpu, began, pressure] = [observer.cpuNow(), marks.now(), pressureNow()];
  await pause(windowMs);
  const [later, over, then] = [observer.cpuNow(), marks.now(), pressureNow()];
  const sums = [cpu, later].map(({ cgroupNs, engineNs: ofEngine }) => (cgroupNs ?? NaN) + (ofEngine ?? NaN));
  const answered = answers.between(began, over);
  const room = { threads: threadRoom(), files: fileRoom() };
  const memory = await observer.memoryNow();
  const taken = (numberOf(before) ?? NaN) - (numberOf(memory.available) ?? NaN);
  const step: Record<string, number | null | undefined> = {
    resident: numberOf(memory.resident),
    charged: numberOf(memory.charged),
    available: taken,
    cpu: ((sums[1] ?? NaN) - (sums[0] ?? NaN)) / Number(over - began),
    cpuPressure: shareBetween(pressure.cpuNs, then.cpuNs, Number(over - began)),
    memoryPressure: shareBetween(since.pressure.memoryNs, then.memoryNs, Number(over - since.at)),
    startMedian: own.length === 0 ? null : median([...own]),
    startP95: own.length === 0 ? null : quantile([...own], 0.95),
    engineStart:
      engineNs === null || since.engineNs === null
        ? null
        : (engineNs - since.engineNs) / Math.max(1, own.length),
    answerP95: answered.length === 0 ? null : quantile([...answered], 0.95),
    threads: room.threads?.used,
    files: room.files?.used,
  };
  const known = Object.entries(step).filter(([, value]) => value != null && Number.isFinite(value));
  return { count: started.length, ...Object.fromEntries(known) };
}

/** Adds sandboxes step by step until an objective is missed, the host would suffer, or all of them run. */
async function fill(
  group: RunnerGroup,
  crowd: Crowd,
): Promise<{ readonly steps: readonly Step[]; readonly knee: Knee }> {
  const { observer, marks } = crowd.context;
  const { started, ended } = crowd;
  const size = Number(group.settings.step);
  const windowMs = Number(group.settings.windowMs);
  const before = (await observer.memoryNow()).available;
  marks.set('create-begin');
  const steps: Step[] = [];
  for (;;) {
    const already = started.length;
    const since = { at: marks.now(), engineNs: observer.cpuNow().engineNs, pressure: pressureNow() };
    const until = Math.min(group.count, already + size);
    let hard: Knee | null = null;
    while (started.length < until && hard === null) {
      const more = Math.min(atOnce, until - started.length);
      const available = numberOf(observer.availableNow()) ?? null;
      const taken = Math.max(0, (numberOf(before) ?? 0) - (available ?? 0));
      const lack = lackOf(more, { count: started.length, available, taken });
      if (lack !== null) hard = { ...lack, fit: started.length };
      else {
        const failure = await startMore(more, crowd);
        if (failure !== null) hard = { cause: 'failed', fit: started.length, failure: failure.said };
        if (failure !== null && steps.length === 0) throw failure;
      }
    }
    if (started.length > already) steps.push(await look(crowd, since, { windowMs, before, already }));
    if (ended.length > 0) return { steps, knee: await died(crowd, steps) };
    const missed = missedBy(steps, availableParallelism());
    if (started.length >= group.count) hard ??= { cause: 'end', fit: started.length };
    if (missed !== null) return { steps, knee: { ...missed, fit: steps.at(-2)?.count ?? 0 } };
    if (hard !== null) return { steps, knee: hard };
  }
}

/** A sandbox that ended by itself, perhaps killed for lack of memory. */
async function died({ context, started, ended }: Crowd, steps: readonly Step[]): Promise<Knee> {
  const gone = started[ended[0] ?? 0];
  const state = await gone?.container.inspect(AbortSignal.timeout(5_000)).catch(() => null);
  context.marks.set('died');
  return { cause: state?.oomKilled ? 'oom' : 'died', fit: steps.at(-2)?.count ?? 0 };
}

/** Removes all sandboxes, a few at a time; those that could not be started, by name. */
async function removeAll({ context, started, failed }: Crowd, giveUp: AbortSignal): Promise<void> {
  const { limits, engine, spec } = context;
  const removals = [
    ...started.map(
      ({ container }) =>
        (signal: AbortSignal) =>
          container.remove(signal),
    ),
    ...failed.map((index) => (signal: AbortSignal) => engine.forceRemove(copyName(spec.name, index), signal)),
  ];
  const next = removals.values();
  const worker = async () => {
    for (const remove of next) {
      if (giveUp.aborted) return;
      await withDeadline('remove', limits.removeMs, giveUp, remove);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

const runner: GroupRunner = {
  name: 'density',
  async run(group, context, whole): Promise<GroupResult> {
    const crowd: Crowd = {
      ...{ context, whole, started: [], ended: [], failed: [] },
      answers: new AnswerReader(context.marks.now),
    };
    let found: Awaited<ReturnType<typeof fill>>;
    try {
      found = await fill(group, crowd);
    } catch (error) {
      // The harness would ask the engine for all removals at once, and then kill what is left of hundreds.
      await removeAll(crowd, AbortSignal.timeout(giveUpMs)).catch(() => undefined);
      throw error;
    }
    const { steps, knee } = found;
    const room = memoryRoom(numberOf(context.observer.availableNow()) ?? null);
    context.marks.set('looked-at');
    await removeAll(crowd, context.interrupt);
    context.marks.set('remove-end');
    return {
      copies: crowd.started.map(({ marks }, index) => ({ index, marks: marks.list })),
      figures: {
        ...Object.assign({}, ...steps.map(figuresOf)),
        ...kneeFigures(knee),
        'sandboxes.count': present(steps.at(-1)?.count ?? 0, 'containers that ran at the last reading'),
        ...(Number.isFinite(room) ? { 'room.memory': present(room, '/proc/meminfo') } : {}),
      },
    };
  },
};
export default runner;
