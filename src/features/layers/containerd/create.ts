import { randomBytes } from 'node:crypto';
import type { Container, ContainerSpec } from '../../../core/engine/engine.ts';
import { splitCgroup } from '../../../core/model/split-cgroup.ts';
import { bundleConfig } from '../oci/bundle.ts';
import { kernelLimitsSwap } from '../oci/swap.ts';
import type { ContainerdClient } from './client.ts';
import { containerdContainer } from './container.ts';
import type { PipePool } from './fifos.ts';
import type { SnapshotMount, UnpackedImage } from './images.ts';
import { specAny } from './protocol.ts';
import type { ShimRuntimes } from './runtime.ts';

/** What all containers of a run share. */
export interface ContainerdParts {
  readonly client: ContainerdClient;
  readonly lease: string;
  readonly snapshotter: string;
  readonly pipes: PipePool;
  readonly runtimes: ShimRuntimes;
  /** Has the kernel ended a process of this container for want of memory? */
  readonly oomKilled: (id: string) => boolean;
  /** Called with the id of a container whose shim has started. */
  readonly onCreated?: ((id: string) => Promise<void>) | undefined;
  /** Of every container that was asked for. */
  readonly ids: Set<string>;
  /** By name: also those whose creation failed, and is to be removed. */
  readonly containers: Map<string, Container>;
}

/** Makes what creates containers with a task, in which the runtime's `init` waits for the start. */
export function containerCreation(parts: ContainerdParts) {
  const { client, lease, snapshotter, pipes, runtimes, ids, containers } = parts;
  const limitsSwap = kernelLimitsSwap();

  /** Rejects with EngineError; what is there then is removed by the container's name. */
  return async (spec: ContainerSpec, image: UnpackedImage, signal: AbortSignal): Promise<Container> => {
    const options = { signal, lease };
    const below = (name: string) => (spec.cgroupParent === null ? null : `${spec.cgroupParent}/${name}`);
    const runtime = await runtimes.of(spec.runtime, below(splitCgroup.runtime));
    const id = randomBytes(32).toString('hex');
    ids.add(id);
    const config = bundleConfig(spec, below(`${splitCgroup.container}/${id}`), {
      ...{ id, rootfs: 'rootfs', limitsSwap },
    });
    const output = await pipes.take();
    const container = containerdContainer({
      ...{ id, client, snapshotter, pipes, process: config.process, output },
      oomKilled: () => parts.oomKilled(id),
      onRemoved: () => containers.delete(spec.name),
    });
    containers.set(spec.name, container);

    type Prepared = { readonly mounts: readonly SnapshotMount[] };
    const snapshot = { snapshotter, key: id, parent: image.snapshot };
    const { mounts } = await client.call<Prepared>('snapshots', 'Prepare', snapshot, options);
    const shim =
      runtime.options === null ? {} : { options: client.any(runtime.options.type, runtime.options.value) };
    const described = {
      ...{ id, labels: spec.labels, snapshotter, snapshotKey: id },
      runtime: { name: runtime.name, ...shim },
      spec: specAny('Spec', config),
    };
    await client.call('containers', 'Create', { container: described }, options);
    const { stdout, stderr } = output;
    const task = { containerId: id, rootfs: mounts, stdin: '', stdout, stderr, terminal: false };
    await client.call('tasks', 'Create', task, { signal });
    await parts.onCreated?.(id);
    return container;
  };
}
