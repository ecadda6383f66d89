import { setTimeout as sleep } from 'node:timers/promises';
import { absent, present } from '../collect/figure.ts';
import type { Container, ContainerSpec, Engine } from '../engine/engine.ts';
import type { Group } from '../model/scenario.ts';
import type { Copy, Figure } from '../model/trial.ts';
import { type StepLimits, withDeadline } from './deadline.ts';
import { Marks } from './marks.ts';
import type { TrialObserver } from './observer.ts';
import type { OutputBuffer } from './output-buffer.ts';

/** What the containers of a group share. */
export interface GroupContext {
  readonly engine: Engine;
  readonly observer: TrialObserver;
  /** The spec of every copy but for its name, which gets the copy's number. */
  readonly spec: ContainerSpec;
  readonly limits: StepLimits;
  readonly interrupt: AbortSignal;
  /** The trial's own; those of the copies count from its first one. */
  readonly marks: Marks;
  /** Gets what the first copy prints. */
  readonly output: OutputBuffer;
  /** Every container that was created, for whoever cleans up. */
  readonly created: Container[];
}

/** What a group trial found beside its marks. */
export interface GroupResult {
  readonly copies: readonly Copy[];
  readonly figures: Readonly<Record<string, Figure>>;
}

/** A copy that was started, and what is waited for. */
interface Started {
  readonly container: Container;
  readonly marks: Marks;
  readonly firstByte: Promise<void>;
  readonly exited: Promise<number>;
}

/** Runs the group. Rejects as the steps of a single container do. */
export async function runGroup(group: Group, context: GroupContext): Promise<GroupResult> {
  const whole = new AbortController();
  try {
    return group.kind === 'burst'
      ? await burst(group.count, context, whole.signal)
      : await density(group, context, whole.signal);
  } finally {
    whole.abort();
  }
}

async function startCopy(index: number, context: GroupContext, whole: AbortSignal): Promise<Started> {
  const { engine, observer, spec, limits, interrupt, created } = context;
  const marks = new Marks(context.marks.now, context.marks);
  const step = <T>(
    name: 'create' | 'attach' | 'start',
    limitMs: number,
    action: (s: AbortSignal) => Promise<T>,
  ) => withDeadline(name, limitMs, interrupt, action);
  marks.set('create-begin');
  const container = await step('create', limits.createMs, (signal) =>
    engine.create({ ...spec, name: copyName(spec.name, index) }, signal),
  );
  marks.set('create-end');
  created.push(container);
  observer.created(container);
  let onFirstByte = () => {};
  const firstByte = new Promise<void>((resolve) => {
    onFirstByte = resolve;
  });
  const sink = {
    onFirstByte: () => {
      marks.set('first-output');
      onFirstByte();
    },
    onData: (stream: 'stdout' | 'stderr', chunk: Buffer) => {
      if (index === 0) context.output.add(stream, chunk);
    },
  };
  await step('attach', limits.createMs, () => container.attach(sink, whole));
  const { exited } = await step('attach', limits.createMs, () => container.waitForExit(whole));
  marks.set('start-begin');
  await step('start', limits.startMs, (signal) => container.start(signal));
  marks.set('start-end');
  return { container, marks, firstByte, exited };
}

/** Name of a copy: the trial's and the copy's number. */
export function copyName(name: string, index: number): string {
  return `${name}-${index}`;
}

function copiesOf(started: readonly Started[]): readonly Copy[] {
  return started.map(({ marks }, index) => ({ index, marks: marks.list }));
}

/** All at once: the engine gets every request before it has answered the first. */
async function burst(count: number, context: GroupContext, whole: AbortSignal): Promise<GroupResult> {
  const { limits, interrupt, spec } = context;
  context.marks.set('create-begin');
  const lives = Array.from({ length: count }, async (_, index) => {
    const copy = await startCopy(index, context, whole);
    const code = await withDeadline('run', spec.request.timeoutMs, interrupt, () => copy.exited);
    copy.marks.set('exit');
    if (code !== 0) throw new Error(`copy ${index} ended with exit code ${code}`);
    return copy;
  });
  const settled = await Promise.allSettled(lives);
  const failed = settled.find((life) => life.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  context.marks.set('exit');
  const started = await Promise.all(lives);
  for (const { container } of started)
    await withDeadline('remove', limits.removeMs, interrupt, (signal) => container.remove(signal));
  context.marks.set('remove-end');
  return { copies: copiesOf(started), figures: {} };
}

/** How many sandboxes of a density trial are started at once: what is looked at is their rest, not their start. */
const startedAtOnce = 4;

async function density(
  group: Extract<Group, { kind: 'density' }>,
  context: GroupContext,
  whole: AbortSignal,
): Promise<GroupResult> {
  const { observer, interrupt, limits, marks } = context;
  const before = await observer.memoryNow();
  marks.set('create-begin');
  const started: Started[] = [];
  while (started.length < group.count) {
    const batch = Math.min(startedAtOnce, group.count - started.length);
    const first = started.length;
    started.push(
      ...(await Promise.all(Array.from({ length: batch }, (_, i) => startCopy(first + i, context, whole)))),
    );
    const more = started.length < group.count;
    if (more && lost(before.available, observer.availableNow()) > group.budgetBytes) break;
  }
  await withDeadline('run', limits.startMs, interrupt, () =>
    Promise.all(started.map(({ firstByte }) => firstByte)),
  );
  marks.set('all-running');
  const cpu = observer.cpuNow();
  const began = marks.now();
  await withDeadline('run', group.idleMs * 2, interrupt, (signal) =>
    sleep(group.idleMs, undefined, { signal }),
  );
  const idle = observer.cpuNow();
  const idleNs = Number(marks.now() - began);
  const during = await observer.memoryNow();
  marks.set('looked-at');
  for (const { container } of started)
    await withDeadline('remove', limits.removeMs, interrupt, (signal) => container.remove(signal));
  marks.set('remove-end');
  const cpuNs = cpu.cgroupNs === null || idle.cgroupNs === null ? null : idle.cgroupNs - cpu.cgroupNs;
  const engineNs = cpu.engineNs === null || idle.engineNs === null ? null : idle.engineNs - cpu.engineNs;
  const loss = lost(before.available, during.available);
  return {
    copies: copiesOf(started),
    figures: {
      'sandboxes.count': present(started.length, 'containers that were started'),
      'sandboxes.charged': during.charged,
      'sandboxes.footprint': during.footprint,
      'sandboxes.available': Number.isNaN(loss)
        ? absent('MemAvailable cannot be read')
        : present(loss, 'fall of MemAvailable in /proc/meminfo'),
      'sandboxes.idle_time': present(idleNs, 'CLOCK_MONOTONIC'),
      'sandboxes.idle_cpu':
        cpuNs === null ? absent('CPU of the cgroup cannot be read') : present(cpuNs, 'cgroup'),
      'sandboxes.idle_engine_cpu':
        engineNs === null ? absent('CPU of the engine cannot be read') : present(engineNs, 'cgroup'),
    },
  };
}

function lost(before: Figure, after: Figure): number {
  return 'value' in before && 'value' in after ? before.value - after.value : Number.NaN;
}
