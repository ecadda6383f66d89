import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { splitCgroup } from '../../model/split-cgroup.ts';
import { type Container, EngineError } from '../engine.ts';
import type { LayerEngine, LayerPlace } from '../layer.ts';
import { type ContainerdClient, containerdClient } from './client.ts';
import { containerCreation } from './create.ts';
import { startContainerd } from './daemon.ts';
import { unlessGone } from './errors.ts';
import { outputPipes } from './fifos.ts';
import { type UnpackedImage, unpackImage } from './images.ts';
import type { Any } from './protocol.ts';
import { shimRuntimes } from './runtime.ts';

const text = notices('layer.containerd', {
  noImage: 'there is no image {reference}',
  noCgroup: 'no cgroup for containerd could be made: {problems}',
  ended: 'the containerd of the layer has ended',
  silent: 'the containerd of the layer does not answer within {seconds} s',
});

/** Timeouts of a sign of life, and of what is removed at the end, ms. */
const answerMs = 5_000;
const removeMs = 10_000;
/** Pause between two attempts to remove a container, ms. */
const retryMs = 200;

async function answers(client: ContainerdClient, limitMs: number): Promise<boolean> {
  const asked = client.call('version', 'Version', {}, { signal: AbortSignal.timeout(limitMs) });
  return asked.then(
    () => true,
    () => false,
  );
}

/** Ids of the containers of which the kernel has ended a process for want of memory, and whether they still come. */
function watchOom(client: ContainerdClient) {
  const ids = new Set<unknown>();
  const filters = ['topic=="/tasks/oom"'];
  const stream = client.follow('events', 'Subscribe', { filters }, (message) => {
    const { event } = message as { readonly event: Any | null };
    if (event !== null) ids.add(client.unpack(event).containerId);
  });
  let isOver = false;
  void stream.ended.then(() => {
    isOver = true;
  });
  return { has: (id: string) => ids.has(id), isOver: () => isOver, close: stream.close };
}

/**
 * Starts a containerd of the run's own: it is the same whatever the run's engine is, and no lease, snapshot or namespace
 * ever stands in one that others use. Rejects with EngineError where it does not start.
 */
export async function openContainerdEngine(place: LayerPlace): Promise<LayerEngine> {
  const cgroup = `${place.runCgroup}/containerd`;
  const problems = place.prepareCgroup(cgroup);
  if (problems.length > 0) throw new EngineError(text.noCgroup({ problems: problems.join('; ') }), null);
  // Short: the path of a socket has 104 characters at most in containerd.
  const directory = join(place.scratch, 'ctr');
  const client = containerdClient(join(directory, 'containerd.sock'));
  const daemon = await startContainerd(directory, place.cgroupDirs(cgroup), () =>
    answers(client, answerMs),
  ).catch((error: unknown) => {
    client.close();
    throw error;
  });
  const { snapshotter } = daemon;
  const lease = `ocibench-${place.runId}`;
  const stop = async () => {
    client.close();
    await daemon.stop();
  };
  try {
    const { version } = await client.call<{ readonly version: string }>('version', 'Version', {});
    await client.call('leases', 'Create', { id: lease });
    for (const name of ['fifo', 'runtimes']) await mkdir(join(directory, name), { mode: 0o700 });
    const pipes = await outputPipes(join(directory, 'fifo'));
    const runtimes = shimRuntimes(join(directory, 'runtimes'), place.runtimes);
    const oom = watchOom(client);
    const images = new Map<string, UnpackedImage>();
    const containers = new Map<string, Container>();
    const createIn = containerCreation({
      ...{ client, lease, snapshotter, pipes, runtimes, containers },
      oomKilled: oom.has,
    });

    async function lost(): Promise<Message | null> {
      if (oom.isOver() || daemon.isOver()) return text.ended;
      return (await answers(client, answerMs)) ? null : text.silent({ seconds: answerMs / 1_000 });
    }

    return {
      facts: place.facts,
      accounting: { kind: 'split', ...splitCgroup, daemon: cgroup },
      version,
      lost,

      async create(spec, signal) {
        const image = images.get(spec.image);
        if (image === undefined) throw new EngineError(text.noImage({ reference: spec.image }), null);
        return createIn(spec, image, signal);
      },

      async forceRemove(nameOrId, signal) {
        const found = [...containers].find(([name, { id }]) => name === nameOrId || id === nameOrId);
        // Until a hanging runtime has been killed, its shim answers late or not at all.
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
        }
        oom.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
