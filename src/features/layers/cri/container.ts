import { type ApiStats, type Container, EngineError, type Pod, quiet } from '../../../core/engine/engine.ts';
import { notices } from '../../../core/messages/define.ts';
import type { ContainerdClient } from '../containerd/client.ts';
import type { LogPipe } from './log-pipes.ts';
import { removePod } from './removal.ts';

/** Status of a container in the CRI. */
interface ContainerStatus {
  readonly id: string;
  readonly state: string;
  readonly exitCode: number;
  /** Such as `Completed`, `OOMKilled`. */
  readonly reason: string;
}

interface ContainerEvent {
  readonly containerId: string;
  readonly containerEventType: string;
  readonly containersStatuses: readonly ContainerStatus[];
}

/**
 * Watches the exits of containers like a kubelet with event-driven PLEG. The CRI has no call that waits for an exit; a kubelet
 * without events polls once per second.
 */
export function watchExits(client: ContainerdClient) {
  const waiting = new Map<string, (status: ContainerStatus | null) => void>();
  let isOver = false;
  const stream = client.follow('runtime', 'GetContainerEvents', {}, (message) => {
    const { containerId, containerEventType, containersStatuses } = message as ContainerEvent;
    if (containerEventType !== 'CONTAINER_STOPPED_EVENT') return;
    waiting.get(containerId)?.(containersStatuses.find(({ id }) => id === containerId) ?? null);
    waiting.delete(containerId);
  });
  void stream.ended.then(() => {
    isOver = true;
  });
  return {
    /**
     * Resolves with the container's status when it has ended; with null if the event has no status. Never resolves without an
     * event.
     */
    of: (id: string) => new Promise<ContainerStatus | null>((resolve) => waiting.set(id, resolve)),
    forget: (id: string) => void waiting.delete(id),
    isOver: () => isOver,
    close: stream.close,
  };
}

type Exits = ReturnType<typeof watchExits>;

const text = notices('layer.cri', {
  noPause: 'the CRI cannot pause a container',
  gone: 'the CRI no longer knows the container',
});

/** Inputs of {@link podContainer}. */
export interface PodContainerInputs {
  readonly client: ContainerdClient;
  readonly exits: Exits;
  readonly log: LogPipe;
  /** Called after the pod's removal. */
  onRemoved(): Promise<void>;
}

type WrappedNumber = { readonly value: number } | null;
interface Stats {
  readonly stats: {
    readonly cpu: { readonly usageCoreNanoSeconds: WrappedNumber } | null;
    readonly memory: { readonly usageBytes: WrappedNumber; readonly workingSetBytes: WrappedNumber } | null;
  } | null;
}

/** The only container of a pod. See {@link Container}. */
export function podContainer(place: PodContainerInputs, pod: Pod, id: string): Container {
  const { client, exits, log } = place;

  async function status(signal: AbortSignal): Promise<ContainerStatus> {
    type Answer = { readonly status: ContainerStatus | null };
    const answer = await client.call<Answer>('runtime', 'ContainerStatus', { containerId: id }, { signal });
    if (answer.status === null) throw new EngineError(text.gone, null);
    return answer.status;
  }

  const stop = async (seconds: number, signal: AbortSignal) => {
    await client.call('runtime', 'StopContainer', { containerId: id, timeout: seconds }, { signal });
  };
  const cannot = async () => {
    throw new EngineError(text.noPause, null);
  };

  return {
    id,
    pod,

    attach: async (sink) => ({ closed: log.pour(sink) }),

    async waitForExit(signal) {
      const ended = exits.of(id).then(async (said) => (said ?? (await status(signal))).exitCode);
      return { exited: quiet(ended) };
    },

    start: async (signal) => {
      await client.call('runtime', 'StartContainer', { containerId: id }, { signal });
    },

    // With a grace of 0 s the container is killed immediately.
    kill: (signal) => stop(0, signal),
    stop,
    pause: cannot,
    unpause: cannot,

    async exec(command, sink, signal) {
      type ExecAnswer = {
        readonly stdout: Uint8Array;
        readonly stderr: Uint8Array;
        readonly exitCode: number;
      };
      const request = { containerId: id, cmd: [...command], timeout: 0 };
      const { stdout, stderr, exitCode } = await client.call<ExecAnswer>('runtime', 'ExecSync', request, {
        signal,
      });
      if (stdout.length + stderr.length > 0) sink.onFirstByte();
      if (stdout.length > 0) sink.onData('stdout', Buffer.from(stdout));
      if (stderr.length > 0) sink.onData('stderr', Buffer.from(stderr));
      return exitCode;
    },

    inspect: async (signal) => ({ oomKilled: (await status(signal)).reason === 'OOMKilled', address: null }),

    async remove(signal) {
      await removePod(client, pod.id, signal);
      await place.onRemoved();
    },

    async stats(signal): Promise<ApiStats> {
      const { stats } = await client.call<Stats>(
        'runtime',
        'ContainerStats',
        { containerId: id },
        { signal },
      );
      const { usageBytes = null, workingSetBytes = null } = stats?.memory ?? {};
      return {
        cpuNs: stats?.cpu?.usageCoreNanoSeconds?.value ?? null,
        memoryPeakBytes: null,
        memoryBytes: (usageBytes ?? workingSetBytes)?.value ?? null,
        pids: null,
      };
    },
  };
}
