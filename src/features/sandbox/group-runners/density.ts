import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from 'simple-statistics';
import { type Container, EngineError } from '../../../core/engine/engine.ts';
import { StepFailure, StepTimeout, withDeadline } from '../../../core/measure/execute/deadline.ts';
import { copyName, removeAll, type StartedCopy, startCopy } from '../../../core/measure/execute/group.ts';
import type { GroupContext, GroupResult } from '../../../core/measure/execute/group-context.ts';
import type { GroupRunner, RunnerGroup } from '../../../core/measure/execute/group-runners.ts';
import { notices } from '../../../core/messages/define.ts';
import { present } from '../../../core/metrics/figure.ts';
import { MessageError } from '../../../core/model/failure/said.ts';
import { timeTo } from '../../../core/model/trial/evidence.ts';
import type { Figure } from '../../../core/model/trial/trial.ts';
import { AnswerReader } from '../density/answers.ts';
import { fileRoom, lackOf, memoryRoom, memorySize, threadRoom, threadsLeft } from '../density/host-room.ts';
import { isSlowStart, type Knee, kneeFigures, missedBy } from '../density/knee.ts';
import { figuresOf, type Step } from '../density/step.ts';
import { atOnce, nextCount } from '../density/workload.ts';
import { leastFor, percentileOf } from '../tti/latencies.ts';

const { endedEarly } = notices('density.start', {
  endedEarly: 'the sandbox ended before its first output, with exit code {code}',
});

/** Time in which sandboxes are added, ms. */
const fillMs = 120_000;
/** Time for all removals together where the trial was given up, ms. */
const giveUpMs = 60_000;

/** What the sandboxes of one trial have in common. */
interface Crowd {
  readonly context: GroupContext;
  readonly whole: AbortSignal;
  readonly started: StartedCopy[];
  readonly answers: AnswerReader;
  /** Those that ended by themselves. */
  readonly ended: Container[];
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
          () => ended.push(copy.container),
          () => undefined,
        );
        const early = copy.exited.then((code) => {
          throw new MessageError(endedEarly({ code }));
        });
        await withDeadline('run', context.limits.startMs, context.interrupt, () =>
          Promise.race([copy.firstByte, early]),
        );
        return copy;
      } catch (error) {
        failed.push(index);
        throw error;
      }
    }),
  );
  started.push(...settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])));
  const problems = settled.flatMap((each) =>
    each.status === 'rejected' ? [aboutSandboxes(each.reason)] : [],
  );
  return problems[0] ?? null;
}

/** From the create call to the first output of each, ns. */
const startTimes = (copies: readonly StartedCopy[]): readonly number[] =>
  copies.flatMap(({ marks: { list } }) => timeTo('first-output', { marks: list }) ?? []);

/** Stall times of the `some` line of a file of /proc/pressure since the host started, ns; null where the kernel has none. */
function stallNs(resource: 'cpu' | 'memory'): number | null {
  try {
    const text = readFileSync(`/proc/pressure/${resource}`, 'utf8');
    const micros = /^some .*\btotal=(\d{1,19})$/m.exec(text)?.[1];
    return micros === undefined ? null : Number(micros) * 1000;
  } catch {
    return null;
  }
}

const pressureNow = () => ({ cpuNs: stallNs('cpu'), memoryNs: stallNs('memory') });

/** Share of the time between two readings in which a task waited; null where unknown. */
function shareBetween(before: number | null, after: number | null, ns: number): number | null {
  return before === null || after === null || !(ns > 0) ? null : Math.max(0, after - before) / ns;
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
    settings,
    before,
    already,
  }: Pick<RunnerGroup, 'settings'> & {
    readonly before: Figure;
    readonly already: number;
  },
): Promise<Step> {
  const [settleMs, windowMs, each] = [settings.settleMs, settings.windowMs, settings.answers ?? 0].map(
    Number,
  );
  const { observer, interrupt, marks } = crowd.context;
  const { started, answers } = crowd;
  const own = startTimes(started.slice(already));
  const engineNs = observer.cpuNow().engineNs;
  const pause = (ms: number) =>
    withDeadline('run', 20_000 + ms, interrupt, (signal) => sleep(ms, undefined, { signal }));
  await pause(settleMs ?? 0);
  answers.begin();
  const [cpu, began, pressure] = [observer.cpuNow(), marks.now(), pressureNow()];
  await pause(windowMs ?? 0);
  const { answersNs, missing } = answers.end(started.length, each ?? 0);
  const [later, over, then] = [observer.cpuNow(), marks.now(), pressureNow()];
  const sums = [cpu, later].map(({ cgroupNs, engineNs: ofEngine }) => (cgroupNs ?? NaN) + (ofEngine ?? NaN));
  const answered = answersNs.length + missing;
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
    startP95: own.length < leastFor.p95 ? null : percentileOf(own, own.length, 'p95'),
    engineStart:
      engineNs === null || since.engineNs === null
        ? null
        : (engineNs - since.engineNs) / Math.max(1, own.length),
    answerP95: answered === 0 ? null : percentileOf(answersNs, answered, 'p95'),
    threads: room.threads?.used,
    files: room.files?.used,
  };
  const known = Object.entries(step).filter(([, value]) => value != null && !Number.isNaN(value));
  return { count: started.length, ...Object.fromEntries(known) };
}

/** Why no more sandboxes are added: what the host lacks for them, or that a start failed. The latter throws in the first step. */
async function addMore(more: number, crowd: Crowd, before: Figure, isFirst: boolean): Promise<Knee | null> {
  const { started, context } = crowd;
  const [free, now] = [before, context.observer.availableNow()].map(numberOf);
  const taken = free === undefined || now === undefined ? 0 : Math.max(0, free - now);
  const lack = lackOf(more, { count: started.length, available: now ?? null, taken });
  if (lack !== null) return { cause: lack, fit: started.length };
  const failure = await startMore(more, crowd);
  if (failure !== null && isFirst) throw failure;
  return failure === null ? null : { cause: 'failed', fit: started.length, failure: failure.said };
}

/** The steps, the knee, and the sandboxes that ran when memory was read for the last time; null where some of them were dead. */
interface Filling {
  readonly steps: readonly Step[];
  readonly knee: Knee;
  readonly read: number | null;
}

/** Adds sandboxes step by step until an objective is missed, the host would suffer, time is over, or all of them run. */
async function fill(group: RunnerGroup, crowd: Crowd): Promise<Filling> {
  const { observer, marks } = crowd.context;
  const { started, ended } = crowd;
  const before = (await observer.memoryNow()).available;
  const host = { cpus: availableParallelism(), memory: memorySize() };
  marks.set('create-begin');
  const begin = marks.now();
  const steps: Step[] = [];
  for (;;) {
    const already = started.length;
    const since = { at: marks.now(), engineNs: observer.cpuNow().engineNs, pressure: pressureNow() };
    const until = nextCount(already, Number(group.settings.step), group.count);
    const [first] = steps;
    let hard: Knee | null = null;
    let isSlow = false;
    while (started.length < until && hard === null && ended.length === 0 && !isSlow) {
      const ran = started.length;
      hard = await addMore(Math.min(atOnce, until - ran), crowd, before, first === undefined);
      // Slow starts end the step, and its objectives are judged now.
      const times = startTimes(started.slice(ran));
      isSlow = first !== undefined && times.length > 0 && isSlowStart(median([...times]), first);
      if (Number(marks.now() - begin) > fillMs * 1e6) hard ??= { cause: 'time', fit: started.length };
    }
    const isWhole = ended.length === 0;
    if (isWhole && started.length > already)
      steps.push(await look(crowd, since, { settings: group.settings, before, already }));
    // What was read while some were dead is no step.
    if (isWhole && ended.length > 0 && started.length > already) steps.pop();
    const read = steps.at(-1)?.count ?? 0;
    if (ended.length > 0) return { steps, knee: await died(crowd, read), read: isWhole ? null : read };
    const missed = missedBy(steps, host);
    if (missed !== null)
      return { steps, knee: { cause: missed, fit: steps.at(-2)?.count ?? 0, missed: read }, read };
    if (started.length >= group.count) hard = { cause: 'end', fit: started.length };
    if (hard !== null) return { steps, knee: hard, read };
  }
}

/** A sandbox that ended by itself, perhaps killed for lack of memory. `fit`: that ran before. */
async function died({ context, started, failed, ended }: Crowd, fit: number): Promise<Knee> {
  const state = await ended[0]?.inspect(AbortSignal.timeout(5_000)).catch(() => null);
  context.marks.set('died');
  return { cause: state?.oomKilled ? 'oom' : 'died', fit, missed: started.length + failed.length };
}

/** Removes all sandboxes, a few at a time; those that could not be started, by name. */
async function removeCrowd({ context, started, failed }: Crowd, giveUp: AbortSignal): Promise<void> {
  const { engine, spec } = context;
  const removals = [
    ...started.map(
      ({ container }) =>
        (signal: AbortSignal) =>
          container.remove(signal),
    ),
    ...failed.map((index) => (signal: AbortSignal) => engine.forceRemove(copyName(spec.name, index), signal)),
  ];
  await removeAll(removals, context, giveUp, atOnce);
}

const runner: GroupRunner = {
  name: 'density',
  async run(group, context, whole): Promise<GroupResult> {
    const crowd: Crowd = {
      context,
      whole,
      started: [],
      ended: [],
      failed: [],
      answers: new AnswerReader(),
    };
    let found: Filling;
    try {
      found = await fill(group, crowd);
    } catch (error) {
      // The harness would ask the engine for all removals at once, and then kill what is left of hundreds.
      await removeCrowd(crowd, AbortSignal.timeout(giveUpMs)).catch(() => undefined);
      throw error;
    }
    const { steps, knee, read } = found;
    const room = {
      'room.memory': memoryRoom(numberOf(context.observer.availableNow()) ?? null),
      'room.threads': threadsLeft(),
      'room.cpus': availableParallelism(),
    };
    const known = Object.entries(room).filter(([, value]) => Number.isFinite(value));
    context.marks.set('looked-at');
    await removeCrowd(crowd, context.interrupt);
    context.marks.set('remove-end');
    return {
      copies: crowd.started.map(({ marks }, index) => ({ index, marks: marks.list })),
      figures: {
        ...Object.assign({}, ...steps.map(figuresOf)),
        ...kneeFigures(knee),
        ...(read === null
          ? {}
          : { 'sandboxes.count': present(read, 'containers that ran at the last reading') }),
        ...Object.fromEntries(known.map(([id, value]) => [id, present(value, 'the host, less its reserve')])),
      },
    };
  },
};
export default runner;
