import type Docker from 'dockerode';
import { messages, notices } from '../../messages/define.ts';
import { type ContainerEngine, type EngineCensus, EngineError, type EngineNetworks } from '../engine.ts';
import { isOfThisHost, labelled, runLabel, runLabels } from '../labels.ts';
import type { DockerConnection } from './client.ts';
import { daemonConditions } from './conditions.ts';
import { creations, dockerContainer } from './container.ts';
import { containerOptions } from './container-options.ts';
import { answerLimitMs, guarded, toEngineError, whyUnreachable, within } from './errors.ts';
import { type DaemonPeer, daemonFacts } from './facts.ts';
import { dockerImages } from './images.ts';
import { type LocationInfo, machineOf } from './place.ts';
import { podmanContainer, removeContainer } from './podman-container.ts';
import { restorable } from './restorable.ts';

const censusWords = messages('engine', { listingContainers: 'listing its containers' });

/** The containers of a daemon. See {@link EngineCensus}. */
function dockerCensus(docker: Docker): EngineCensus {
  return {
    ourContainers: () =>
      within(censusWords.listingContainers, answerLimitMs, async () => {
        const found = await docker.listContainers({ all: true, filters: { label: [runLabel] } });
        return found.map(({ Id: id, Labels: labels = {} }) => labelled(id, labels));
      }),

    otherContainers: () =>
      within(censusWords.listingContainers, answerLimitMs, () => otherContainers(docker)),

    containersOf: (runtime) =>
      guarded(async () => {
        const names: string[] = [];
        for (const { Id: id } of await docker.listContainers({ all: true })) {
          // A container that was removed since it was listed no longer uses a runtime.
          const found = await docker
            .getContainer(id)
            .inspect()
            .catch((error: unknown) => {
              if (toEngineError(error).statusCode === 404) return null;
              throw error;
            });
          if (found?.HostConfig.Runtime === runtime) names.push(found.Name.replace(/^\//, ''));
        }
        return names;
      }),
  };
}

/** Number of running containers that do not belong to a run of this host. */
async function otherContainers(docker: Docker): Promise<number> {
  const running = await docker.listContainers();
  return running.filter(({ Labels: labels = {} }) => !isOfThisHost(labels)).length;
}

const networksWords = messages('engine', {
  makingNetwork: 'creating a network',
  listingNetworks: 'listing its networks',
  removingNetwork: 'removing a network',
});

/**
 * Options of a run's own network. Its containers must reach each other, independent of the daemon's `icc` for its
 * default bridge. Everything else is the bridge driver's default, as for the default bridge.
 */
const options = { 'com.docker.network.bridge.enable_icc': 'true' };

/** The networks of runs in a daemon. See {@link EngineNetworks}. */
function dockerNetworks(docker: Docker): EngineNetworks {
  return {
    createNetwork: (runId) =>
      within(networksWords.makingNetwork, answerLimitMs, async () => {
        const name = `ocibench-${runId}`;
        const labels = { ...runLabels(runId) };
        await docker.createNetwork({ Name: name, Driver: 'bridge', Labels: labels, Options: options });
        return name;
      }),

    ourNetworks: () =>
      within(networksWords.listingNetworks, answerLimitMs, async () => {
        const found = await docker.listNetworks({ filters: { label: [runLabel] } });
        return found.map(({ Id: id, Labels: labels = {} }) => labelled(id, labels));
      }),

    removeNetwork: (nameOrId) =>
      within(networksWords.removingNetwork, answerLimitMs, async () => {
        await docker
          .getNetwork(nameOrId)
          .remove()
          .catch((error: unknown) => {
            if (toEngineError(error).statusCode !== 404) throw error;
          });
      }),
  };
}

const words = messages('engine', {
  asking: 'asking for its properties',
  askingVersion: 'asking for its version',
  askingRuntimes: 'asking for its runtimes',
  askingConditions: 'asking for its settings',
  watching: 'watching it',
});

const text = notices('engine', {
  onlyDefault:
    'podman starts every container with its default runtime, {runtime}, whatever runtime is requested',
});

/** Connects to a daemon; rejects with EngineError when it does not answer, with OcibenchError when it is too old. */
export async function connectDocker(
  connection: DockerConnection,
  peer: DaemonPeer,
): Promise<ContainerEngine> {
  // dockerode is slow to load, and most commands need no daemon.
  const { dockerClient } = await import('./client.ts');
  const docker = dockerClient(connection);
  const asked = creations(docker);
  const { engine, dataRoot } = await within(words.asking, answerLimitMs, async () => {
    const [info, version] = await Promise.all([docker.info(), docker.version()]);
    return daemonFacts({ info, version }, peer);
  });
  const isPodman = engine.product === 'Podman';
  return {
    ...dockerImages(docker),
    ...dockerNetworks(docker),
    ...dockerCensus(docker),
    facts: engine,
    dataRoot,
    dockerd: peer.dockerd ?? null,

    versionNow: (limitMs) =>
      within(words.askingVersion, limitMs, async () => String((await docker.version()).Version)),

    watch: () =>
      within(words.watching, answerLimitMs, async () => {
        // Events of the daemon itself are rare: only the end of the stream matters.
        const stream = await docker.getEvents({ filters: { type: ['daemon'] } });
        const gone = new AbortController();
        for (const event of ['end', 'close', 'error']) stream.once(event, () => gone.abort());
        stream.resume();
        return {
          gone: gone.signal,
          close: () => (stream as NodeJS.ReadableStream & { destroy(): void }).destroy(),
        };
      }),

    create: (spec, signal) =>
      guarded(async () => {
        if (isPodman && spec.runtime !== engine.defaultRuntime)
          throw new EngineError(text.onlyDefault({ runtime: engine.defaultRuntime }), null);
        const handle = await asked.create(containerOptions(spec), signal);
        if (isPodman) return podmanContainer(docker, handle);
        const container = dockerContainer(docker, handle);
        return spec.request.checkpoint
          ? restorable(docker, container, engine.local ? dataRoot : null)
          : container;
      }),

    forceRemove: (nameOrId, signal) =>
      guarded(async () => {
        await asked.settled(nameOrId, signal);
        if (isPodman) return removeContainer(docker, nameOrId, signal);
        await docker.getContainer(nameOrId).remove({ force: true, v: true, abortSignal: signal });
      }).catch((error: unknown) => {
        if (toEngineError(error).statusCode !== 404) throw error;
      }),

    runtimes: () =>
      within(words.askingRuntimes, answerLimitMs, async () => {
        const listed = ((await docker.info()).Runtimes ?? {}) as Record<
          string,
          { path?: string; runtimeArgs?: string[] }
        >;
        return Object.entries(listed)
          .filter(([name]) => !name.startsWith('io.containerd.'))
          .map(([name, entry]) => ({
            name,
            ...(entry.path ? { path: entry.path } : {}),
            ...(entry.runtimeArgs ? { runtimeArgs: entry.runtimeArgs } : {}),
          }));
      }),

    unreachable: (limitMs) => whyUnreachable(() => docker.ping(), limitMs),

    conditions: () =>
      within(words.askingConditions, answerLimitMs, async () => {
        // A daemon without a bridge has no such network, and one behind a filter refuses the answer.
        const bridge = docker
          .getNetwork('bridge')
          .inspect()
          .catch(() => undefined);
        return daemonConditions({
          info: await docker.info(),
          bridge: await bridge,
          otherContainers: await otherContainers(docker),
        });
      }),

    machine: () => guarded(async () => machineOf((await docker.info()) as LocationInfo)),
  };
}
