import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiStats, type Container, EngineError, type OutputSink } from '../../../core/engine/engine.ts';
import { quiet } from '../../../core/engine/quiet.ts';
import { notices } from '../../../core/messages/define.ts';
import type { ContainerdClient } from './client.ts';
import { unlessGone } from './errors.ts';
import type { OutputPipes, PipePool } from './fifos.ts';
import { type Any, specAny } from './protocol.ts';

type Message = Record<string, unknown>;

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function part(message: Message, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((at, key) => (at as Message | null | undefined)?.[key], message);
}

/** The figures of `io.containerd.cgroups.v1.Metrics` or `v2.Metrics`; all null for another type. */
export function readStats(typeUrl: string, metrics: Message): ApiStats {
  if (typeUrl.endsWith('v1.Metrics'))
    return {
      cpuNs: number(part(metrics, 'cpu', 'usage', 'total')),
      memoryPeakBytes: number(part(metrics, 'memory', 'usage', 'max')),
      memoryBytes: number(part(metrics, 'memory', 'usage', 'usage')),
      pids: number(part(metrics, 'pids', 'current')),
    };
  const usec = number(part(metrics, 'cpu', 'usageUsec'));
  return {
    cpuNs: usec === null ? null : usec * 1000,
    memoryPeakBytes: number(part(metrics, 'memory', 'maxUsage')) || null,
    memoryBytes: number(part(metrics, 'memory', 'usage')),
    pids: number(part(metrics, 'pids', 'current')),
  };
}

const text = notices('layer.containerd', { noMetrics: 'containerd has no figures of the container' });

const sigkill = 9;
const sigterm = 15;

/** A container whose parts exist as far as its creation got. */
export interface ContainerdPlace {
  readonly id: string;
  readonly client: ContainerdClient;
  readonly snapshotter: string;
  readonly pipes: PipePool;
  /** `process` of its specification, for further programs in it. */
  readonly process: object;
  readonly output: OutputPipes;
  /** Has the kernel ended a process of it for want of memory? */
  oomKilled(): boolean;
  /** Called when it is gone. */
  onRemoved(): void;
}

/** A container with its task. See {@link Container}. */
export function containerdContainer(place: ContainerdPlace): Container {
  const { id, client, snapshotter } = place;
  let executed = 0;
  let over = false;
  let exit: Promise<number> | null = null;

  /** Registers a waiter for the task, or for a further program in it. */
  const wait = (execId: string, signal: AbortSignal | undefined) =>
    client
      .call<{ readonly exitStatus: number }>('tasks', 'Wait', { containerId: id, execId }, { signal })
      .then(({ exitStatus }) => exitStatus);
  const task = (name: string, request: object, signal: AbortSignal) =>
    client.call('tasks', name, { containerId: id, ...request }, { signal });

  const ended = (signal: AbortSignal) => exit ?? wait('', signal);

  async function runFurther(
    command: readonly string[],
    sink: OutputSink,
    { stdout, stderr, pour }: OutputPipes,
    signal: AbortSignal,
  ): Promise<number> {
    executed++;
    const execId = `exec-${executed}`;
    const spec = specAny('Process', { ...place.process, args: [...command] });
    await task('Exec', { execId, spec, stdin: '', stdout, stderr, terminal: false }, signal);
    const exited = quiet(wait(execId, signal));
    const poured = pour(sink);
    await task('Start', { execId }, signal);
    const code = await exited;
    await poured;
    await task('DeleteProcess', { execId }, signal);
    return code;
  }

  async function removeTask(signal: AbortSignal): Promise<void> {
    if (!over) {
      const killed = await unlessGone(task('Kill', { signal: sigkill, all: true }, signal).then(() => true));
      if (killed === true) await unlessGone(ended(signal));
    }
    await unlessGone(task('Delete', {}, signal));
  }

  return {
    id,

    attach: async (sink) => ({ closed: place.output.pour(sink) }),

    async waitForExit(signal) {
      exit = quiet(
        wait('', signal).then((code) => {
          over = true;
          return code;
        }),
      );
      return { exited: exit };
    },

    start: async (signal) => {
      await task('Start', {}, signal);
    },

    kill: async (signal) => {
      await task('Kill', { signal: sigkill }, signal);
    },

    async stop(graceSeconds, signal) {
      const exited = quiet(ended(signal));
      await task('Kill', { signal: sigterm }, signal);
      const within = sleep(graceSeconds * 1_000, false, { ref: false });
      const isOver = await Promise.race([exited.then(() => true), within]);
      if (!isOver) await unlessGone(task('Kill', { signal: sigkill }, signal));
      await exited;
    },

    pause: async (signal) => {
      await task('Pause', {}, signal);
    },

    unpause: async (signal) => {
      await task('Resume', {}, signal);
    },

    async exec(command, sink, signal) {
      const output = await place.pipes.take();
      try {
        return await runFurther(command, sink, output, signal);
      } finally {
        await output.release();
      }
    },

    inspect: async () => ({ oomKilled: place.oomKilled(), address: null }),

    async remove(signal) {
      await removeTask(signal);
      await unlessGone(client.call('containers', 'Delete', { id }, { signal }));
      await unlessGone(client.call('snapshots', 'Remove', { snapshotter, key: id }, { signal }));
      await place.output.release();
      place.onRemoved();
    },

    async stats(signal): Promise<ApiStats> {
      type Read = { readonly metrics: readonly { readonly data: Any | null }[] };
      const { metrics } = await client.call<Read>('tasks', 'Metrics', { filters: [`id==${id}`] }, { signal });
      const data = metrics[0]?.data ?? null;
      if (data === null) throw new EngineError(text.noMetrics, null);
      return readStats(data.type_url, client.unpack(data));
    },
  };
}
