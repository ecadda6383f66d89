import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Container, EngineError } from '../../../core/engine/engine.ts';
import type { LayerEngine, LayerResources, OpenedLayerEngine } from '../../../core/engine/layer.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { splitCgroup } from '../../../core/model/trial/split-cgroup.ts';
import { answers, type ContainerdClient } from './client.ts';
import { containerCreation } from './container.ts';
import { unlessGone } from './errors.ts';
import { namedPipes, outputPipes } from './fifos.ts';
import { type ContainerdHome, privateHome } from './home.ts';
import { hostHome } from './host-home.ts';
import { type UnpackedImage, unpackImage } from './images.ts';
import type { ProtobufAny } from './protocol.ts';
import { shimRuntimes } from './runtime.ts';

const text = notices('layer.containerd', {
  noImage: 'there is no image {reference}',
});

/** Timeouts of a health check and of the removals at the end, ms. */
const answerMs = 5_000;
const removeMs = 10_000;
/** Pause between two attempts to remove a container, ms. */
const retryMs = 200;

/**
 * Collects the ids of containers in which the OOM killer ended a process, and reports whether the event stream is still open.
 */
function watchOom(client: ContainerdClient) {
  const ids = new Set<unknown>();
  const filters = ['topic=="/tasks/oom"'];
  const stream = client.follow('events', 'Subscribe', { filters }, (message) => {
    const { event } = message as { readonly event: ProtobufAny | null };
    if (event !== null) ids.add(client.unpack(event).containerId);
  });
  let isOver = false;
  void stream.ended.then(() => {
    isOver = true;
  });
  return { has: (id: string) => ids.has(id), isOver: () => isOver, close: stream.close };
}

/**
 * Starts a private containerd for the run: it is the same for every engine of the run, and leaves no lease, snapshot or
 * namespace in a containerd that others use. Rejects with EngineError where it does not start.
 */
export async function openContainerdLayer(place: LayerResources): Promise<LayerEngine> {
  return engineIn(await privateHome(place), place);
}

/** The containerd of the host as the only engine of a run. Rejects with EngineError where it does not answer. */
export async function openHostContainerd(place: LayerResources): Promise<OpenedLayerEngine> {
  const home = await hostHome(place);
  const layer = await engineIn(home, place);
  const { version = '' } = layer;
  return {
    layer,
    about: {
      product: 'containerd',
      endpoint: `unix://${home.address}`,
      version,
      apiVersion: 'v1',
      storageDriver: home.snapshotter,
      containerdVersion: version,
    },
  };
}

/** An engine that starts containers in a containerd and closes it at the end. Rejects with EngineError after closing it. */
async function engineIn(home: ContainerdHome, place: LayerResources): Promise<LayerEngine> {
  const { client, directory, snapshotter } = home;
  const lease = `ocibench-${place.runId}`;
  try {
    const { version } = await client.call<{ readonly version: string }>('version', 'Version', {});
    await client.call('leases', 'Create', { id: lease });
    for (const name of ['fifo', 'input', 'checkpoints', 'runtimes'])
      await mkdir(join(directory, name), { mode: 0o700 });
    const pipes = await outputPipes(join(directory, 'fifo'));
    const inputs = await namedPipes(join(directory, 'input'));
    const runtimes = shimRuntimes(join(directory, 'runtimes'), place.runtimes);
    const oom = watchOom(client);
    const images = new Map<string, UnpackedImage>();
    const ids = new Set<string>();
    const containers = new Map<string, Container>();
    const createIn = containerCreation({
      client,
      lease,
      snapshotter,
      pipes,
      inputs,
      runtimes,
      ids,
      containers,
      directory: join(directory, 'checkpoints'),
      oomKilled: oom.has,
      onCreated: home.onCreated,
    });

    async function lost(): Promise<Message | null> {
      if (oom.isOver() || home.isOver()) return home.lost.ended;
      return (await answers(client, answerMs)) ? null : home.lost.silent({ seconds: answerMs / 1_000 });
    }

    return {
      facts: place.facts,
      accounting: {
        kind: 'split' as const,
        ...splitCgroup,
        ...(home.cgroup === null ? {} : { daemon: home.cgroup }),
      },
      version,
      lost,
      ...(home.otherContainers === undefined ? {} : { otherContainers: home.otherContainers }),

      async create(spec, signal) {
        const image = images.get(spec.image);
        if (image === undefined) throw new EngineError(text.noImage({ reference: spec.image }), null);
        return createIn(spec, image, signal);
      },

      async forceRemove(nameOrId, signal) {
        const found = [...containers].find(([name, { id }]) => name === nameOrId || id === nameOrId);
        // The shim of a hanging runtime answers late or not at all until the runtime is killed.
        for (let tried = false; found !== undefined && containers.has(found[0]); tried = true) {
          if (tried) await sleep(retryMs, undefined, { signal });
          await found[1].remove(signal).catch((error: unknown) => {
            if (signal.aborted || (error instanceof EngineError && error.connectionLost)) throw error;
          });
        }
      },

      findImage: async (reference) => images.get(reference) ?? null,

      async importImage(tar, repo, tag) {
        const reference = `${repo}:${tag}`;
        images.set(reference, await unpackImage(client, { lease, snapshotter }, reference, tar));
      },

      async close() {
        if ((await lost()) === null) {
          const signal = AbortSignal.timeout(removeMs);
          for (const container of [...containers.values()])
            await container.remove(signal).catch(() => undefined);
          await unlessGone(client.call('leases', 'Delete', { id: lease, sync: true }, { signal })).catch(
            () => undefined,
          );
        } else await home.endContainers?.([...ids]);
        oom.close();
        await home.close();
      },
    };
  } catch (error) {
    await home.close();
    throw error;
  }
}
