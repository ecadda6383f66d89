import type { ReadStream } from 'node:fs';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import type { EngineFacts } from '../model/host.ts';
import { containerOptions } from './container-options.ts';
import { dockerContainer } from './docker-container.ts';
import { toEngineError } from './docker-errors.ts';
import type { Engine } from './engine.ts';

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
  /** Removes the images that we imported and nobody uses; returns their names. */
  removeOurImages(): Promise<readonly string[]>;
  /** Why it does not answer within this time; null where it does. */
  unreachable(limitMs: number): Promise<string | null>;
  /** Running containers that are not ours. */
  otherContainers(): Promise<number>;
}

/** The connection's settings as dockerode takes them. */
export type DockerConnection = Docker.DockerOptions;

/** Opens a client that keeps its connection alive, so that no connect is timed with a container. */
export function dockerClient(connection: DockerConnection): Docker {
  // docker-modem hands `agent` to node:http; its types do not know it. TLS and SSH bring agents of their own.
  const options: DockerConnection & { agent?: Agent } = { ...connection };
  if (connection.socketPath !== undefined) options.agent = new Agent({ keepAlive: true });
  return new Docker(options);
}

async function facts(docker: Docker, kind: EngineFacts['kind'], endpoint: string): Promise<EngineFacts> {
  const [info, version] = await Promise.all([docker.info(), docker.version()]);
  const components = (version as { Components?: { Name: string; Version: string }[] }).Components ?? [];
  return {
    kind,
    endpoint,
    local: endpoint.startsWith('unix://'),
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
export async function connectDocker(
  connection: DockerConnection,
  kind: EngineFacts['kind'],
  endpoint: string,
): Promise<DockerEngine> {
  const docker = dockerClient(connection);
  const guard = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw toEngineError(error);
    }
  };
  return {
    facts: await guard(() => facts(docker, kind, endpoint)),

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

    otherContainers: () =>
      guard(async () => {
        const running = await docker.listContainers();
        return running.filter((container) => !(runLabel in (container.Labels ?? {}))).length;
      }),
  };
}
