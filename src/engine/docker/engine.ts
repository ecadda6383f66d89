import type { ReadStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { hostIdentity } from '../../host/host-identity.ts';
import { ownIdentity, type ProcessIdentity, processIdentitySchema } from '../../host/process-identity.ts';
import { OcibenchError } from '../../model/error.ts';
import type { EngineConditions, HostFacts } from '../../model/host.ts';
import { type Engine, EngineError } from '../engine.ts';
import { whileAnswering } from './answering.ts';
import { type DockerConnection, dockerClient } from './client.ts';
import { daemonConditions } from './conditions.ts';
import { dockerContainer } from './container.ts';
import { containerOptions } from './container-options.ts';
import { creations } from './creations.ts';
import { toEngineError } from './errors.ts';
import { daemonFacts, type Peer } from './facts.ts';
import { createRunNetwork, removeNetwork } from './networks.ts';
import { machineOf, type PlaceInfo } from './place.ts';

export type { DockerConnection } from './client.ts';

/** Label that marks everything of ours; its value is the run id. Cleaning goes by it alone. */
const runLabel = 'io.ocibench.run';

/** Label with the host that measures ({@link hostIdentity}): only there can be seen whether the run is alive. */
const hostLabel = 'io.ocibench.host';

/** Label with the process that measures, as JSON ({@link ProcessIdentity}). */
const ownerLabel = 'io.ocibench.owner';

/** The labels by which a container or network of a run that this process measures is known. */
export function runLabels(runId: string): Readonly<Record<string, string>> {
  return { [runLabel]: runId, [hostLabel]: hostIdentity(), [ownerLabel]: JSON.stringify(ownIdentity()) };
}

/** null where a container has none, or anything else in its place. */
function ownerIn(label: string | undefined): ProcessIdentity | null {
  try {
    return processIdentitySchema.parse(JSON.parse(label ?? ''));
  } catch {
    return null;
  }
}

/** Repository namespace of the images that we import. */
export const imageNamespace = 'ocibench';

/** A runtime as the daemon's `/info` lists it. */
export interface ListedRuntime {
  readonly name: string;
  readonly path?: string;
  readonly runtimeArgs?: readonly string[];
}

/** A container or network that carries our label. */
export interface OurContainer {
  readonly id: string;
  readonly runId: string;
  /** Where it is measured; empty where its label does not say. */
  readonly host: string;
  /** The process that measures; null where its label does not say, as of ocibench 0.1. */
  readonly owner: ProcessIdentity | null;
}

function labelled(found: { Id: string; Labels?: Record<string, string> | undefined }): OurContainer {
  const { Id: id, Labels = {} } = found;
  return {
    id,
    runId: Labels[runLabel] ?? '',
    host: Labels[hostLabel] ?? '',
    owner: ownerIn(Labels[ownerLabel]),
  };
}

/** A connection that lasts as long as the daemon does. */
export interface DaemonWatch {
  /** Aborted when the daemon has gone, or will no longer be told of. */
  readonly gone: AbortSignal;
  close(): void;
}

/** What is asked of a Docker daemon beside running trials. Every call ends in its time, and rejects with EngineError. */
export interface DockerEngine extends Engine {
  /** Where it keeps images and layers, as a path on its host; null where it does not say. */
  readonly dataRoot: string | null;
  /** Its version now, as an answer within `limitMs`. */
  versionNow(limitMs: number): Promise<string>;
  watch(): Promise<DaemonWatch>;
  runtimes(): Promise<readonly ListedRuntime[]>;
  /** Its id (a digest of its content) and size; null where the engine has no such image. */
  findImage(reference: string): Promise<{ readonly id: string; readonly bytes: number } | null>;
  /** Imports a root file system's tar under `repo:tag`. */
  importImage(tar: ReadStream, repo: string, tag: string): Promise<void>;
  /** Containers that carry our label, of any run. */
  ourContainers(): Promise<readonly OurContainer[]>;
  /** Makes a network in which the containers of a run reach each other. Resolves with its name. */
  createNetwork(runId: string): Promise<string>;
  /** Networks that carry our label, of any run. */
  ourNetworks(): Promise<readonly OurContainer[]>;
  /** Removes a network that no container is in; resolves when there is none. */
  removeNetwork(nameOrId: string): Promise<void>;
  /** Removes the images that we imported and nobody uses; returns their names. */
  removeOurImages(): Promise<readonly string[]>;
  /** Why it does not answer within this time; null where it does. */
  unreachable(limitMs: number): Promise<string | null>;
  /** Running containers that are not ours, or of a run that another host measures here. */
  otherContainers(): Promise<number>;
  /** What it does to all of its containers, as far as it tells. */
  conditions(): Promise<EngineConditions>;
  /** Names of the containers, running or not, that were created with a runtime: without it they cannot start again. */
  containersOf(runtime: string): Promise<readonly string[]>;
  /** The daemon's machine in its own words. */
  machine(): Promise<HostFacts>;
}

/** How long the daemon may take to answer a call that is not part of a trial, ms. */
const answerLimitMs = 30_000;
/** An image is read from our disk and written to the daemon's. */
const importLimitMs = 10 * 60_000;

/** Makes a call to the daemon within a time. EngineError that begins with `what` where it fails or does not end in time. */
async function within<T>(what: string, limitMs: number, call: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `no answer within ${limitMs / 1000} s`;
    timer = setTimeout(() => reject(new EngineError(message, null, undefined, true)), limitMs);
  });
  try {
    return await Promise.race([call(), late]);
  } catch (error) {
    if (error instanceof OcibenchError) throw error;
    const { message, statusCode, connectionLost } = toEngineError(error);
    throw new EngineError(`${what}: ${message}`, statusCode, error, connectionLost);
  } finally {
    clearTimeout(timer);
  }
}

async function otherContainers(docker: Docker): Promise<number> {
  const running = await docker.listContainers();
  const here = hostIdentity();
  const mine = ({ Labels = {} }: (typeof running)[number]) =>
    runLabel in Labels && Labels[hostLabel] === here;
  return running.filter((container) => !mine(container)).length;
}

/** Connects to a daemon that answers; rejects with EngineError when it does not, with OcibenchError when it is too old. */
export async function connectDocker(connection: DockerConnection, peer: Peer): Promise<DockerEngine> {
  const docker = dockerClient(connection);
  const asked = creations(docker);
  const guard = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw toEngineError(error);
    }
  };
  const { engine, dataRoot } = await within('asking what it is', answerLimitMs, async () => {
    const [info, version] = await Promise.all([docker.info(), docker.version()]);
    return daemonFacts({ info, version }, peer);
  });
  return {
    facts: engine,
    dataRoot,

    versionNow: (limitMs) =>
      within('asking for its version', limitMs, async () => String((await docker.version()).Version)),

    watch: () =>
      within('watching it', answerLimitMs, async () => {
        // Events of the daemon itself are rare; it is the end of the stream that tells.
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
      guard(async () => {
        return dockerContainer(docker, await asked.create(containerOptions(spec), signal));
      }),

    forceRemove: (nameOrId, signal) =>
      guard(async () => {
        await asked.settled(nameOrId, signal);
        await docker.getContainer(nameOrId).remove({ force: true, v: true, abortSignal: signal });
      }).catch((error: unknown) => {
        if (toEngineError(error).statusCode !== 404) throw error;
      }),

    runtimes: () =>
      within('asking for its runtimes', answerLimitMs, async () => {
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

    findImage: (reference) =>
      within(`looking for the image ${reference}`, answerLimitMs, async () => {
        const { Id: id, Size: bytes } = await docker.getImage(reference).inspect();
        return { id, bytes };
      }).catch((error: EngineError) => {
        if (error.statusCode === 404) return null;
        throw error;
      }),

    importImage: (tar, repo, tag) =>
      within(`importing the image ${repo}`, importLimitMs, () =>
        whileAnswering(
          () => docker.ping(),
          async () => {
            const stream = await docker.importImage(tar, { repo, tag });
            await new Promise<void>((resolve, reject) => {
              docker.modem.followProgress(stream, (error, events) => {
                const failed = (events as { error?: string }[] | undefined)?.find((event) => event.error);
                if (error ?? failed) reject(error ?? new Error(failed?.error));
                else resolve();
              });
            });
          },
        ),
      ),

    ourContainers: () =>
      within('listing its containers', answerLimitMs, async () => {
        const found = await docker.listContainers({ all: true, filters: { label: [runLabel] } });
        return found.map(labelled);
      }),

    createNetwork: (runId) =>
      within('making a network', answerLimitMs, () => createRunNetwork(docker, runId, runLabels(runId))),

    ourNetworks: () =>
      within('listing its networks', answerLimitMs, async () => {
        const found = await docker.listNetworks({ filters: { label: [runLabel] } });
        return found.map(labelled);
      }),

    removeNetwork: (nameOrId) =>
      within('removing a network', answerLimitMs, () => removeNetwork(docker, nameOrId)),

    removeOurImages: () =>
      within('removing images', answerLimitMs, async () => {
        const images = await docker.listImages({ filters: { reference: [`${imageNamespace}/*`] } });
        const tags = images.flatMap((image) => image.RepoTags ?? []);
        const removed: string[] = [];
        for (const tag of tags)
          try {
            await docker.getImage(tag).remove();
            removed.push(`image ${tag}`);
          } catch (error) {
            // 409: a container that is not ours uses it.
            if (toEngineError(error).statusCode !== 409) throw error;
          }
        return removed;
      }),

    unreachable: (limitMs) =>
      Promise.race([
        docker.ping().then(
          () => null,
          (error: unknown) => `it does not answer: ${toEngineError(error).message}`,
        ),
        sleep(limitMs, `it does not answer within ${limitMs} ms`, { ref: false }),
      ]),

    otherContainers: () => within('listing its containers', answerLimitMs, () => otherContainers(docker)),

    conditions: () =>
      within('asking for its conditions', answerLimitMs, async () => {
        // A daemon without a bridge has no such network, and one behind a filter does not tell.
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

    containersOf: (runtime) =>
      guard(async () => {
        const names: string[] = [];
        for (const { Id: id } of await docker.listContainers({ all: true })) {
          // One that was removed since it was listed uses no runtime any more.
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
    machine: () => guard(async () => machineOf((await docker.info()) as PlaceInfo)),
  };
}
