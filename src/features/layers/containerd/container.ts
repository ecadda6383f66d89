import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ApiStats,
  type Container,
  type ContainerSpec,
  EngineError,
  type OutputSink,
  quiet,
} from '../../../core/engine/engine.ts';
import { notices } from '../../../core/messages/define.ts';
import { splitCgroup } from '../../../core/model/trial/split-cgroup.ts';
import { bundleConfig, kernelLimitsSwap } from '../oci/bundle.ts';
import type { ContainerdClient } from './client.ts';
import { unlessGone } from './errors.ts';
import type { namedPipes, OutputPipes, PipePool } from './fifos.ts';
import type { SnapshotMount, UnpackedImage } from './images.ts';
import { type ProtobufAny, specAny } from './protocol.ts';
import { inputPipe, restorableContainer } from './restorable.ts';
import { runcOptions, type ShimRuntimes } from './runtime.ts';

type ApiMessage = Record<string, unknown>;

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function part(message: ApiMessage, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((at, key) => (at as ApiMessage | null | undefined)?.[key], message);
}

/** The figures of `io.containerd.cgroups.v1.Metrics` or `v2.Metrics`; all null for another type. */
export function readStats(typeUrl: string, metrics: ApiMessage): ApiStats {
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

const text = notices('layer.containerd', { noMetrics: 'containerd has no metrics of the container' });

const sigkill = 9;
const sigterm = 15;

/** A container, perhaps incomplete if its creation failed. */
interface ContainerdContainer {
  readonly id: string;
  readonly client: ContainerdClient;
  readonly snapshotter: string;
  readonly pipes: PipePool;
  /** `process` of its OCI specification, used for `exec`. */
  readonly process: object;
  readonly output: OutputPipes;
  /** Has the OOM killer ended a process of it? */
  oomKilled(): boolean;
  /** Called after its removal. */
  onRemoved(): void;
}

/** A container with its task. See {@link Container}. */
function containerdContainer(place: ContainerdContainer): Container {
  const { id, client, snapshotter } = place;
  let executed = 0;
  let over = false;
  let exit: Promise<number> | null = null;

  /** Registers a waiter for the task, or for an exec process of it. */
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
      type MetricsAnswer = { readonly metrics: readonly { readonly data: ProtobufAny | null }[] };
      const { metrics } = await client.call<MetricsAnswer>(
        'tasks',
        'Metrics',
        { filters: [`id==${id}`] },
        { signal },
      );
      const data = metrics[0]?.data ?? null;
      if (data === null) throw new EngineError(text.noMetrics, null);
      return readStats(data.type_url, client.unpack(data));
    },
  };
}

/** State shared by all containers of a run. */
interface SharedContainerdState {
  readonly client: ContainerdClient;
  readonly lease: string;
  readonly snapshotter: string;
  readonly pipes: PipePool;
  /** Pipes for the standard input of containers that can be stored, and the directory of what is stored. */
  readonly inputs: Awaited<ReturnType<typeof namedPipes>>;
  readonly directory: string;
  readonly runtimes: ShimRuntimes;
  /** Has the OOM killer ended a process of this container? */
  readonly oomKilled: (id: string) => boolean;
  /** Called with the id of a container whose shim has started. */
  readonly onCreated?: ((id: string) => Promise<void>) | undefined;
  /** Ids of all requested containers. */
  readonly ids: Set<string>;
  /** Containers by name, including those whose creation failed and that must still be removed. */
  readonly containers: Map<string, Container>;
}

/** Makes the function that creates a container with its task, in which the runtime's `init` waits for the start. */
export function containerCreation(parts: SharedContainerdState) {
  const { client, lease, snapshotter, pipes, runtimes, ids, containers } = parts;
  const limitsSwap = kernelLimitsSwap();

  /** Rejects with EngineError; the parts that exist then are removed by the container's name. */
  return async (spec: ContainerSpec, image: UnpackedImage, signal: AbortSignal): Promise<Container> => {
    const options = { signal, lease };
    const below = (name: string) => (spec.cgroupParent === null ? null : `${spec.cgroupParent}/${name}`);
    const runtime = await runtimes.of(spec.runtime, below(splitCgroup.runtime));
    const id = randomBytes(32).toString('hex');
    ids.add(id);
    const config = bundleConfig(spec, below(`${splitCgroup.container}/${id}`), {
      id,
      rootfs: 'rootfs',
      limitsSwap,
    });
    const output = await pipes.take();
    const around = (own: OutputPipes) =>
      containerdContainer({
        id,
        client,
        snapshotter,
        pipes,
        process: config.process,
        output: own,
        oomKilled: () => parts.oomKilled(id),
        onRemoved: () => containers.delete(spec.name),
      });
    const container = around(output);
    containers.set(spec.name, container);

    type PrepareAnswer = { readonly mounts: readonly SnapshotMount[] };
    const snapshot = { snapshotter, key: id, parent: image.snapshot };
    const { mounts } = await client.call<PrepareAnswer>('snapshots', 'Prepare', snapshot, options);
    const shim =
      runtime.options === null ? {} : { options: client.any(runtime.options.type, runtime.options.value) };
    const described = {
      id,
      labels: spec.labels,
      snapshotter,
      snapshotKey: id,
      runtime: { name: runtime.name, ...shim },
      spec: specAny('Spec', config),
    };
    await client.call('containers', 'Create', { container: described }, options);
    const { stdout, stderr } = output;
    const task = { containerId: id, rootfs: mounts, stdin: '', stdout, stderr, terminal: false };
    if (!spec.request.checkpoint || runtime.options?.type !== runcOptions) {
      await client.call('tasks', 'Create', task, { signal });
      await parts.onCreated?.(id);
      return container;
    }
    const input = inputPipe(await parts.inputs.take());
    const restorable = restorableContainer(container, {
      id,
      client,
      options: runtime.options,
      task,
      input,
      output,
      pipes,
      inputs: parts.inputs,
      around,
      directory: join(parts.directory, id),
    });
    containers.set(spec.name, restorable);
    await client.call('tasks', 'Create', { ...task, stdin: input.path }, { signal });
    await parts.onCreated?.(id);
    return restorable;
  };
}
