import { randomUUID } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Container, type ContainerSpec, EngineError } from '../../../core/engine/engine.ts';
import type { LayerEngine, LayerResources } from '../../../core/engine/layer.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { splitCgroup } from '../../../core/model/trial/split-cgroup.ts';
import { familyOfEntry } from '../../../core/runtimes/registry.ts';
import { answers } from '../containerd/client.ts';
import { privateHome } from '../containerd/home.ts';
import type { UnpackedImage } from '../containerd/images.ts';
import { kernelLimitsSwap } from '../oci/bundle.ts';
import { podContainer, watchExits } from './container.ts';
import { criToml } from './handlers.ts';
import { addImage, nameImage } from './images.ts';
import { type LogPipe, logPipes } from './log-pipes.ts';
import { podLimits, podRequests, sandboxImage } from './pod.ts';
import { removeNamed } from './removal.ts';

/**
 * Limits the cgroups of pods, as the kubelet does before it requests one: the CRI has no limit of processes, and a sandbox with
 * its own kernel is in none of its containers' cgroups. Pods of one trial share a cgroup, so their limits add up.
 */
export function podCgroups({ cgroupDirs }: Pick<LayerResources, 'cgroupDirs'>) {
  const pods = new Map<string, number>();
  return {
    /** Throws the kernel's error where it refuses a limit. */
    limit({ cgroupParent, request }: ContainerSpec): void {
      if (cgroupParent === null) return;
      const count = (pods.get(cgroupParent) ?? 0) + 1;
      pods.set(cgroupParent, count);
      const limits = Object.entries(podLimits(request, count));
      for (const dir of cgroupDirs(`${cgroupParent.slice(1)}/${splitCgroup.container}`))
        for (const [file, text] of limits)
          if (existsSync(join(dir, file))) writeFileSync(join(dir, file), text);
    },
    /** Must be called after the pod's removal: a repeated trial has the same cgroup. */
    forget({ cgroupParent }: ContainerSpec): void {
      if (cgroupParent === null) return;
      const rest = (pods.get(cgroupParent) ?? 0) - 1;
      if (rest > 0) pods.set(cgroupParent, rest);
      else pods.delete(cgroupParent);
    },
  };
}

const text = notices('layer.cri', {
  noImage: 'there is no image {reference}',
  ended: 'the containerd of the layer cri has ended',
  silent: 'the containerd of the layer cri did not answer within {seconds} s',
});
const ociText = notices('layer.oci', {
  noRuntime: 'no program is registered for the runtime {name}, or it is not installed',
});

/** The only namespace that containerd's CRI plugin uses. This containerd is private, so nobody else uses the namespace. */
const namespace = 'k8s.io';
/** The image whose content is also used for every pod's pause container. */
const pauseRepository = 'ocibench/base';
const pauseCommand = ['/bin/sleep', 'infinity'];

/** Timeout of a health check, ms. */
const answerMs = 5_000;

/** Resources that are prepared before a pod is requested. */
interface PreparedPod {
  readonly log: LogPipe;
  /** Id of the container; null before its creation. */
  id: string | null;
  /** Must be called after the pod's removal; may be called again. */
  release(): Promise<void>;
}

/**
 * Starts a private containerd with its CRI plugin and a handler for each runtime. A containerd that others use is never
 * involved: a kubelet would find our pods in it. Rejects with EngineError where it does not start.
 */
export async function openCriLayer(place: LayerResources): Promise<LayerEngine> {
  const home = await privateHome(place, {
    cgroup: 'cri',
    directory: 'cri',
    namespace,
    lost: text,
    async toml(directory) {
      for (const name of ['log', 'runtimes']) await mkdir(join(directory, name), { mode: 0o700 });
      return criToml(directory, join(directory, 'runtimes'), place.runtimes);
    },
  });
  try {
    return await engineIn(home, place);
  } catch (error) {
    await home.close();
    throw error;
  }
}

async function engineIn(
  home: Awaited<ReturnType<typeof privateHome>>,
  place: LayerResources,
): Promise<LayerEngine> {
  const { client, snapshotter } = home;
  const address = join(home.directory, 'containerd.sock');
  const lease = `ocibench-${place.runId}`;
  const { version } = await client.call<{ readonly version: string }>('version', 'Version', {});
  await client.call('leases', 'Create', { id: lease });
  const logs = await logPipes(join(home.directory, 'log'));
  const exits = watchExits(client);
  const limitsSwap = kernelLimitsSwap();
  const cgroups = podCgroups(place);
  const images = new Map<string, UnpackedImage>();
  const prepared = new Map<string, PreparedPod>();

  async function lost(): Promise<Message | null> {
    if (exits.isOver() || home.isOver()) return text.ended;
    return (await answers(client, answerMs)) ? null : text.silent({ seconds: answerMs / 1_000 });
  }

  /** Does what the kubelet does before it requests a pod. */
  async function prepare(spec: ContainerSpec): Promise<PreparedPod> {
    const log = await logs.take();
    cgroups.limit(spec);
    const ready: PreparedPod = {
      log,
      id: null,
      async release() {
        if (!prepared.delete(spec.name)) return;
        cgroups.forget(spec);
        if (ready.id !== null) exits.forget(ready.id);
        await log.release();
      },
    };
    prepared.set(spec.name, ready);
    return ready;
  }

  async function create(spec: ContainerSpec, signal: AbortSignal): Promise<Container> {
    const entry = place.runtimes.find(({ name }) => name === spec.runtime);
    if (entry === undefined) throw new EngineError(ociText.noRuntime({ name: spec.runtime }), null);
    if (!images.has(spec.image)) throw new EngineError(text.noImage({ reference: spec.image }), null);
    const ready = prepared.get(spec.name) ?? (await prepare(spec));
    const { log, release } = ready;
    const requests = podRequests(spec, {
      uid: randomUUID(),
      logDirectory: logs.directory,
      logPath: log.name,
      limitsSwap,
      isOneSandbox: familyOfEntry(entry).kernel !== 'host',
    });
    type PodAnswer = { readonly podSandboxId: string };
    const { podSandboxId } = await client.call<PodAnswer>('runtime', 'RunPodSandbox', requests.sandbox, {
      signal,
    });
    const pod = { id: podSandboxId, readyAt: process.hrtime.bigint() };
    type ContainerAnswer = { readonly containerId: string };
    const { containerId } = await client.call<ContainerAnswer>(
      ...(['runtime', 'CreateContainer', requests.container(podSandboxId), { signal }] as const),
    );
    ready.id = containerId;
    return podContainer({ client, exits, log, onRemoved: release }, pod, containerId);
  }

  return {
    facts: place.facts,
    accounting: {
      kind: 'split',
      ...splitCgroup,
      ...(home.cgroup === null ? {} : { daemon: home.cgroup }),
    },
    version,
    lost,
    prepare: async (spec) => void (await prepare(spec)),
    create,

    async forceRemove(nameOrId, signal) {
      const found = [...prepared].find(([name, { id }]) => name === nameOrId || id === nameOrId);
      if (found === undefined) return;
      const [name, { release }] = found;
      // By name: nothing else is known of a pod whose creation failed.
      await removeNamed(client, address, name, signal);
      await release();
    },

    findImage: async (reference) => images.get(reference) ?? null,

    async importImage(tar, repo, tag) {
      const reference = `${repo}:${tag}`;
      const image = await addImage({ client, lease, snapshotter }, reference, tar);
      images.set(reference, image);
      if (repo === pauseRepository)
        await nameImage({ client, lease, snapshotter }, sandboxImage, image, pauseCommand);
    },

    async close() {
      exits.close();
      // Remaining pods end with the private containerd.
      await home.close();
    },
  };
}
