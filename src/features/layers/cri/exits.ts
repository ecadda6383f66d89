import type { ContainerdClient } from '../containerd/client.ts';

/** What the CRI says of a container. */
export interface ContainerStatus {
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
 * The ends of containers, as a kubelet with event-driven PLEG hears of them. The CRI has no call that waits for one: a kubelet
 * without looks once a second.
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
    /** Resolves when the container has ended; with null where the event says no more. Never where none comes. */
    of: (id: string) => new Promise<ContainerStatus | null>((resolve) => waiting.set(id, resolve)),
    forget: (id: string) => void waiting.delete(id),
    isOver: () => isOver,
    close: stream.close,
  };
}

export type Exits = ReturnType<typeof watchExits>;
