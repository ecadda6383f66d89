import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { type CreateRequests, creations } from '../../../core/engine/docker/container.ts';
import { containerOptions } from '../../../core/engine/docker/container-options.ts';
import { guarded, toEngineError, whyUnreachable, within } from '../../../core/engine/docker/errors.ts';
import { dockerImages } from '../../../core/engine/docker/images.ts';
import { libpod, podmanContainer, removeContainer } from '../../../core/engine/docker/podman-container.ts';
import { type ContainerSpec, EngineError } from '../../../core/engine/engine.ts';
import type { LayerEngine, LayerResources, OpenedLayerEngine } from '../../../core/engine/layer.ts';
import { writeScratchFile } from '../../../core/engine/scratch.ts';
import { findProgram } from '../../../core/files/programs.ts';
import { stateChoice, stateDirectory } from '../../../core/host/state-directory.ts';
import { listed } from '../../../core/messages/compose.ts';
import { messages, notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { exitCodes, OcibenchError } from '../../../core/model/failure/error.ts';
import { diskError, diskFullIn } from '../../../core/model/machine/disk-error.ts';
import { type PodmanNamespace, type ServiceRequest, startNamespace } from './namespace.ts';
import {
  containersConf,
  noShim,
  type RuntimeProgram,
  runtimeScript,
  storageConf,
  storageRefusal,
} from './support.ts';

const serviceText = notices('layer.podman', {
  noService: 'the podman service for {runtime} did not start: {said}',
  silent: 'it does not answer: {why}',
});

/** Timeout for all services to answer, ms. */
const startLimitMs = 60_000;

/** An answering podman service. All its containers get its default runtime. */
interface PodmanService {
  readonly runtime: string;
  readonly docker: Docker;
  readonly asked: CreateRequests;
  /** Version that it reports. */
  readonly version: string;
  readonly apiVersion: string;
  readonly socket: string;
}

/** The reason in the log why a service ended; null without one. */
function lastWords(log: string, runtime: string): string | null {
  const lines = log.split('\n');
  const at = lines.findIndex((line) => line.startsWith(`ocibench: the service of ${runtime} ended `));
  return at < 0 ? null : lines.slice(Math.max(0, at - 3), at + 1).join('\n');
}

/** Waits until a service answers. Resolves with the reason where it has ended or does not answer in time. */
async function awaitService(
  { runtime, socket }: ServiceRequest,
  namespace: PodmanNamespace,
): Promise<PodmanService | Message> {
  const { dockerClient } = await import('../../../core/engine/docker/client.ts');
  const docker = dockerClient({ socketPath: socket });
  const deadline = performance.now() + startLimitMs;
  for (;;)
    try {
      const { Version: version, ApiVersion: apiVersion } = await docker.version();
      return { runtime, docker, asked: creations(docker), version, apiVersion, socket };
    } catch (error) {
      const words = lastWords(namespace.log(), runtime);
      if (words !== null || namespace.hasEnded() || performance.now() > deadline)
        return serviceText.noService({
          runtime,
          said: words ?? serviceText.silent({ why: toEngineError(error).said }),
        });
      await sleep(20);
    }
}

const text = notices('layer.podman', {
  noProgram: 'no program is registered for the runtime {name}, or it is not installed',
  otherRuntime: 'podman created a container with {other} instead of {name}',
  noCgroup: 'the cgroup for podman could not be created: {problems}',
  notStarted: 'podman did not start for the layer podman; its log ends with:\n{log}',
});
const words = messages('layer.podman', { looking: 'checking which runtime the containers of {name} have' });

/** Timeout of a call that is not part of a trial, ms. */
const callLimitMs = 30_000;

/** The cgroup below the run's for the services and their processes outside containers. */
const serviceCgroup = 'podman';

/** The programs by which podman calls the runtimes: scripts for runtimes with arguments. */
async function programsOf({ scratch, runtimes }: LayerResources): Promise<readonly RuntimeProgram[]> {
  const found: RuntimeProgram[] = [];
  for (const entry of runtimes) {
    const program = entry.runtimeType === undefined ? await findProgram(entry.path ?? entry.name) : null;
    if (program === null) continue;
    const args = entry.runtimeArgs ?? [];
    if (args.length === 0) {
      found.push({ entry, path: program });
      continue;
    }
    const name = `podman/runtime-${found.length}`;
    await writeScratchFile(scratch, name, runtimeScript(program, args), 0o700);
    found.push({ entry, path: join(scratch, name) });
  }
  return found;
}

/** The error of namespaces that have ended: how to free space where the log shows a full disk, else the end of the log. */
function startFailure(top: string, namespace: PodmanNamespace): unknown {
  const log = namespace.log().trim();
  const code = diskFullIn(log);
  if (code !== null) return diskError(top, { code }, stateChoice);
  const tail = log.split('\n').slice(-8).join('\n');
  const said = storageRefusal(log, stateDirectory()) ?? text.notStarted({ log: tail });
  return new OcibenchError(said, { exitCode: exitCodes.noEngine });
}

/** Writes podman's settings and starts a service for each runtime. */
async function startServices(place: LayerResources, top: string) {
  const programs = await programsOf(place);
  await writeScratchFile(top, 'containers.conf', containersConf(top, programs));
  await writeScratchFile(top, 'storage.conf', storageConf(top));
  const cgroup = `${place.runCgroup}/${serviceCgroup}`;
  const problems = place.prepareCgroup(cgroup);
  if (problems.length > 0) throw new EngineError(text.noCgroup({ problems: listed(problems) }), null);
  const requests = programs.map(({ entry }, index) => ({
    runtime: entry.name,
    // Short: the path of a socket has 107 characters at most (unix(7)).
    socket: join(place.scratch, `podman${index}.sock`),
  }));
  const procs = place.cgroupDirs(cgroup).map((dir) => join(dir, 'cgroup.procs'));
  const namespace = startNamespace(place.scratch, top, procs, requests);
  const answers = await Promise.all(requests.map((request) => awaitService(request, namespace)));
  const services = new Map<string, PodmanService | Message>();
  for (const [index, { runtime }] of requests.entries()) {
    const answer = answers[index];
    if (answer !== undefined) services.set(runtime, answer);
  }
  if (!namespace.hasEnded()) return { namespace, services, cgroup };
  await namespace.close();
  throw startFailure(top, namespace);
}

/** podman as a layer beside the run's engine. */
export async function openPodmanLayer(place: LayerResources): Promise<LayerEngine> {
  return (await openPodman(place)).layer;
}

/** podman as the only engine of a run. */
export async function openPodmanEngine(place: LayerResources): Promise<OpenedLayerEngine> {
  const { layer, first } = await openPodman(place);
  const { version = '', apiVersion = '', socket = '' } = first ?? {};
  const endpoint = `unix://${socket}`;
  return {
    layer,
    about: {
      product: 'Podman',
      endpoint,
      version,
      apiVersion,
      storageDriver: 'overlay',
      containerdVersion: null,
    },
  };
}

/** Starts podman's services, one for each runtime, because podman silently ignores the runtime in a container's request. */
async function openPodman(place: LayerResources) {
  const top = join(place.scratch, 'podman');
  for (const name of ['', 'home', 'tmp', 'tmpdir', 'networks'])
    await mkdir(join(top, name), { recursive: true, mode: 0o700 });
  const { namespace, services, cgroup } = await startServices(place, top);
  const running = [...services.values()].filter((service) => 'docker' in service);
  const [first] = running;
  const images = first === undefined ? null : dockerImages(first.docker);
  /** Requested runtime → name of the runtime that its containers have, by podman's inspection. */
  const created = new Map<string, string>();

  /** The service of a runtime. Rejects with EngineError where it has none, or gives another runtime to its containers. */
  const serviceOf = (name: string): PodmanService => {
    const isShim = place.runtimes.some((entry) => entry.name === name && entry.runtimeType !== undefined);
    const service = services.get(name) ?? (isShim ? noShim : text.noProgram({ name }));
    if (!('docker' in service)) throw new EngineError(service, null);
    const other = created.get(name) ?? name;
    if (other !== name) throw new EngineError(text.otherRuntime({ name, other }), null);
    return service;
  };

  /** Creates a container without starting it, and inspects its runtime. */
  const lookAt = async ({ runtime: name, docker }: PodmanService, image: string): Promise<void> =>
    within(words.looking({ name }), callLimitMs, async () => {
      const { id } = await docker.createContainer({ Image: image, HostConfig: { NetworkMode: 'none' } });
      const signal = AbortSignal.timeout(callLimitMs);
      const found = (await libpod(docker, 'GET', `/containers/${id}/json`, {}, signal)) as {
        OCIRuntime?: unknown;
      };
      await removeContainer(docker, id, signal);
      created.set(name, String(found.OCIRuntime));
    });

  const { userns: _, ...facts } = place.facts;
  const layer: LayerEngine = {
    facts,
    accounting: { kind: 'engine', cgroups: [cgroup] },

    ...(first === undefined ? {} : { version: first.version }),
    seenRuntimes: () => Object.fromEntries(created),

    unreachable: async (runtime, limitMs) => {
      const service = services.get(runtime);
      if (service === undefined || !('docker' in service)) return null;
      return whyUnreachable(() => service.docker.ping(), limitMs);
    },

    create: (spec, signal) =>
      guarded(async () => {
        const { docker, asked } = serviceOf(spec.runtime);
        return podmanContainer(docker, await asked.create(containerOptions(withHome(spec)), signal));
      }),

    async forceRemove(nameOrId, signal) {
      if (first === undefined) return;
      await Promise.all(running.map(({ asked }) => asked.settled(nameOrId, signal)));
      await removeContainer(first.docker, nameOrId, signal).catch((error: EngineError) => {
        if (error.statusCode !== 404) throw error;
      });
    },

    findImage: async (reference) => (await images?.findImage(reference)) ?? null,

    async importImage(tar, repo, tag) {
      await images?.importImage(tar, repo, tag);
      for (const service of running)
        if (!created.has(service.runtime)) await lookAt(service, `${repo}:${tag}`);
    },

    close: namespace.close,
  };
  return { layer, first };
}

/** For an image without users, podman sets HOME to the empty text, unlike the other layers. */
function withHome(spec: ContainerSpec): ContainerSpec {
  const { request } = spec;
  return { ...spec, request: { ...request, env: { HOME: '/root', ...request.env } } };
}
