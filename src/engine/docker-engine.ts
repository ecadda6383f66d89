import type { ReadStream } from 'node:fs';
import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import Docker from 'dockerode';
import type { EngineFacts, HostFacts } from '../model/host.ts';
import { containerOptions } from './container-options.ts';
import { dockerContainer } from './docker-container.ts';
import { toEngineError } from './docker-errors.ts';
import type { Engine } from './engine.ts';
import { machineOf, type PlaceInfo, placeOf } from './engine-place.ts';

/** Label that marks everything of ours; its value is the run id. Cleaning goes by it alone. */
export const runLabel = 'io.ocibench.run';

/** Repository namespace of the images that we import. */
export const imageNamespace = 'ocibench';

/** A runtime as the daemon's `/info` lists it. */
export interface ListedRuntime {
  readonly name: string;
  readonly path?: string;
  readonly runtimeArgs?: readonly string[];
}

/** What is asked of a Docker daemon beside running trials. */
export interface DockerEngine extends Engine {
  runtimes(): Promise<readonly ListedRuntime[]>;
  /** Its id (a digest of its content) and size; null where the engine has no such image. */
  findImage(reference: string): Promise<{ readonly id: string; readonly bytes: number } | null>;
  /** Imports a root file system's tar under `repo:tag`. */
  importImage(tar: ReadStream, repo: string, tag: string): Promise<void>;
  /** Containers that carry our label, of any run. */
  ourContainers(): Promise<readonly { readonly id: string; readonly runId: string }[]>;
  /** Removes the images that we imported; returns their names. */
  removeOurImages(): Promise<readonly string[]>;
  /** Running containers that are not ours. */
  otherContainers(): Promise<number>;
  /** Names of the containers, running or not, that were created with a runtime: without it they cannot start again. */
  containersOf(runtime: string): Promise<readonly string[]>;
  /** The daemon's machine in its own words. */
  machine(): Promise<HostFacts>;
}

/** The connection's settings as dockerode takes them. */
export type DockerConnection = Docker.DockerOptions;

/** The daemon that is connected to: whose it is, and how it is reached. */
export interface Peer {
  readonly kind: EngineFacts['kind'];
  /** Without password. */
  readonly endpoint: string;
  readonly transport: NonNullable<EngineFacts['transport']>;
}

/** Opens a client that keeps its connection alive, so that no connect is timed with a container. */
export function dockerClient(connection: DockerConnection): Docker {
  const { ca, cert, key } = connection;
  // NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment must not open the way to a daemon.
  const tls = { ca, cert, key, rejectUnauthorized: true, minVersion: 'TLSv1.2' } as const;
  // docker-modem hands `agent` to node:http; its types do not know it.
  const agent = ca === undefined ? new Agent({ keepAlive: true }) : new TlsAgent({ keepAlive: true, ...tls });
  return withoutDockerHost(() => new Docker({ ...connection, agent } as DockerConnection));
}

/**
 * docker-modem reads DOCKER_HOST and DOCKER_CERT_PATH by itself and puts their host above the socket that it is given:
 * with a remote daemon in the environment the embedded engine's client would talk to that one.
 */
function withoutDockerHost<T>(make: () => T): T {
  const { DOCKER_HOST: kept } = process.env;
  delete process.env.DOCKER_HOST;
  try {
    return make();
  } finally {
    if (kept !== undefined) process.env.DOCKER_HOST = kept;
  }
}

async function facts(docker: Docker, { kind, endpoint, transport }: Peer): Promise<EngineFacts> {
  const [info, version] = await Promise.all([docker.info(), docker.version()]);
  const components = (version as { Components?: { Name: string; Version: string }[] }).Components ?? [];
  return {
    kind,
    endpoint,
    transport,
    ...(kind === 'embedded' ? { local: true } : placeOf(info as PlaceInfo, transport)),
    version: String(version.Version),
    apiVersion: String(version.ApiVersion),
    cgroupVersion: info.CgroupVersion === '2' ? '2' : info.CgroupVersion === '1' ? '1' : 'unknown',
    cgroupDriver: String(info.CgroupDriver),
    storageDriver: String(info.Driver),
    defaultRuntime: String(info.DefaultRuntime),
    containerdVersion: components.find((c) => c.Name === 'containerd')?.Version ?? null,
  };
}

/** Connects to a daemon that answers; rejects with EngineError when it does not. */
export async function connectDocker(connection: DockerConnection, peer: Peer): Promise<DockerEngine> {
  const docker = dockerClient(connection);
  const guard = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw toEngineError(error);
    }
  };
  return {
    facts: await guard(() => facts(docker, peer)),

    create: (spec, signal) =>
      guard(async () => {
        const handle = await docker.createContainer({ ...containerOptions(spec), abortSignal: signal });
        return dockerContainer(docker, handle);
      }),

    forceRemove: (nameOrId, signal) =>
      guard(() => docker.getContainer(nameOrId).remove({ force: true, v: true, abortSignal: signal })).catch(
        (error: unknown) => {
          if (toEngineError(error).statusCode !== 404) throw error;
        },
      ),

    runtimes: () =>
      guard(async () => {
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
      docker
        .getImage(reference)
        .inspect()
        .then(
          ({ Id: id, Size: bytes }) => ({ id, bytes }),
          (error: unknown) => {
            const known = toEngineError(error);
            if (known.statusCode === 404) return null;
            throw known;
          },
        ),

    importImage: (tar, repo, tag) =>
      guard(async () => {
        const stream = await docker.importImage(tar, { repo, tag });
        await new Promise<void>((resolve, reject) => {
          docker.modem.followProgress(stream, (error, events) => {
            const failed = (events as { error?: string }[] | undefined)?.find((event) => event.error);
            if (error ?? failed) reject(error ?? new Error(failed?.error));
            else resolve();
          });
        });
      }),

    ourContainers: () =>
      guard(async () => {
        const found = await docker.listContainers({ all: true, filters: { label: [runLabel] } });
        return found.map((container) => ({ id: container.Id, runId: container.Labels[runLabel] ?? '' }));
      }),

    removeOurImages: () =>
      guard(async () => {
        const images = await docker.listImages({ filters: { reference: [`${imageNamespace}/*`] } });
        const tags = images.flatMap((image) => image.RepoTags ?? []);
        for (const tag of tags) await docker.getImage(tag).remove();
        return tags.map((tag) => `image ${tag}`);
      }),

    otherContainers: () =>
      guard(async () => {
        const running = await docker.listContainers();
        return running.filter((container) => !(runLabel in (container.Labels ?? {}))).length;
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
