import { setTimeout as sleep } from 'node:timers/promises';
import type { OutputSink } from '../../engine/engine.ts';
import { notices } from '../../messages/define.ts';
import { absent, present } from '../../metrics/figure.ts';
import { MessageError } from '../../model/failure/said.ts';
import type { Copy, Figure } from '../../model/trial/trial.ts';
import type { Group } from '../../model/workload/scenario.ts';
import { withDeadline } from './deadline.ts';
import type { GroupContext, GroupResult } from './group-context.ts';
import { groupRunner } from './group-runners.ts';
import { type StartedContainer, startContainer } from './lifecycle.ts';
import { Marks } from './observer.ts';

const text = notices('group', {
  copyFailed: 'copy {index} ended with exit code {code}',
  noMemAvailable: 'MemAvailable cannot be read',
  noCpu: 'the CPU time of the cgroup cannot be read',
  noEngineCpu: 'the CPU time of the engine cannot be read',
});

/** A started copy with its own marks. */
export interface StartedCopy extends StartedContainer {
  readonly marks: Marks;
}

/** Runs the group. Rejects like the steps of a single container. */
export async function runGroup(group: Group, context: GroupContext): Promise<GroupResult> {
  const whole = new AbortController();
  try {
    if (group.kind === 'burst') return await burst(group.count, context, whole.signal);
    if (group.kind === 'density') return await density(group, context, whole.signal);
    const runner = await groupRunner(group.runner);
    return await runner.run(group, context, whole.signal);
  } finally {
    whole.abort();
  }
}

/**
 * Creates and starts the copy of a number below the group's `count`. Rejects like {@link startContainer}. The output of copy 0 is
 * kept as the trial's; `onOutput` gets that of any copy.
 */
export async function startCopy(
  index: number,
  context: GroupContext,
  whole: AbortSignal,
  onOutput: OutputSink['onData'] = () => {},
): Promise<StartedCopy> {
  const { spec, output } = context;
  const marks = new Marks(context.marks.now, context.marks);
  const onData = (stream: 'stdout' | 'stderr', chunk: Buffer) => {
    if (index === 0) output.add(stream, chunk);
    onOutput(stream, chunk);
  };
  const own = { ...spec, name: copyName(spec.name, index) };
  return { ...(await startContainer(own, { ...context, marks }, onData, whole)), marks };
}

/** Name of a copy: the trial's and the copy's number. */
export function copyName(name: string, index: number): string {
  return `${name}-${index}`;
}

function copiesOf(started: readonly StartedCopy[]): readonly Copy[] {
  return started.map(({ marks }, index) => ({ index, marks: marks.list }));
}

/**
 * Makes these calls, `atOnce` at the same time; a failed one ends its line of calls, and the others go on. Rejects like the steps
 * of a container once all lines have ended.
 */
export async function removeAll(
  removals: readonly ((signal: AbortSignal) => Promise<void>)[],
  { limits }: Pick<GroupContext, 'limits'>,
  interrupt: AbortSignal,
  atOnce = 1,
): Promise<void> {
  const next = removals.values();
  const line = async () => {
    for (const remove of next) await withDeadline('remove', limits.removeMs, interrupt, remove);
  };
  const lines = await Promise.allSettled(Array.from({ length: atOnce }, line));
  const failed = lines.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** Removes copies in order, one at a time: how long and with how much CPU is part of what is measured. */
async function removeInOrder(started: readonly StartedCopy[], context: GroupContext): Promise<void> {
  const removals = started.map(
    ({ container }) =>
      (signal: AbortSignal) =>
        container.remove(signal),
  );
  await removeAll(removals, context, context.interrupt);
}

/** Starts all copies at once: the engine gets every request before it has answered the first. */
async function burst(count: number, context: GroupContext, whole: AbortSignal): Promise<GroupResult> {
  const { interrupt, spec } = context;
  context.marks.set('create-begin');
  const lives = Array.from({ length: count }, async (_, index) => {
    const copy = await startCopy(index, context, whole);
    const code = await withDeadline('run', spec.request.timeoutMs, interrupt, () => copy.exited);
    copy.marks.set('exit');
    if (code !== 0) throw new MessageError(text.copyFailed({ index: String(index), code: String(code) }));
    return copy;
  });
  const settled = await Promise.allSettled(lives);
  const failed = settled.find((life) => life.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  context.marks.set('exit');
  const started = await Promise.all(lives);
  await removeInOrder(started, context);
  context.marks.set('remove-end');
  return { copies: copiesOf(started), figures: {} };
}

/**
 * Number of sandboxes of a density trial that start concurrently. The trial measures idle sandboxes, not their start.
 */
const startedAtOnce = 4;

async function density(
  group: Extract<Group, { kind: 'density' }>,
  context: GroupContext,
  whole: AbortSignal,
): Promise<GroupResult> {
  const { observer, interrupt, limits, marks } = context;
  const before = await observer.memoryNow();
  marks.set('create-begin');
  const started: StartedCopy[] = [];
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
  const pause = (ms: number) =>
    withDeadline('run', ms * 2, interrupt, (signal) => sleep(ms, undefined, { signal }));
  const { settleMs = 0 } = group;
  if (settleMs > 0) await pause(settleMs);
  const cpu = observer.cpuNow();
  const began = marks.now();
  await pause(group.idleMs);
  const idle = observer.cpuNow();
  const idleNs = Number(marks.now() - began);
  const during = await observer.memoryNow();
  marks.set('looked-at');
  await removeInOrder(started, context);
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
      'sandboxes.resident': during.resident,
      'sandboxes.available': Number.isNaN(loss)
        ? absent(text.noMemAvailable)
        : present(loss, 'fall of MemAvailable (/proc/meminfo) and of free pages per CPU (/proc/zoneinfo)'),
      'sandboxes.idle_time': present(idleNs, 'CLOCK_MONOTONIC'),
      'sandboxes.idle_cpu': cpuNs === null ? absent(text.noCpu) : present(cpuNs, 'cgroup'),
      'sandboxes.idle_engine_cpu': engineNs === null ? absent(text.noEngineCpu) : present(engineNs, 'cgroup'),
    },
  };
}

function lost(before: Figure, after: Figure): number {
  return 'value' in before && 'value' in after ? before.value - after.value : Number.NaN;
}
