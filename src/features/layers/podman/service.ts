import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { type Creations, creations } from '../../../core/engine/docker/creations.ts';
import { toEngineError } from '../../../core/engine/docker/errors.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { PodmanNamespace, ServiceRequest } from './namespace.ts';

const text = notices('layer.podman', {
  noService: 'the service of podman for {runtime} did not start: {said}',
  silent: 'it does not answer: {why}',
});

/** Timeout for all services to answer, ms. */
const startLimitMs = 60_000;

/** A service that answers: podman's default runtime is the one that every container of it gets. */
export interface PodmanService {
  readonly runtime: string;
  readonly docker: Docker;
  readonly asked: Creations;
  /** By its own account. */
  readonly version: string;
  readonly apiVersion: string;
  readonly socket: string;
}

/** What the log says of a service that has ended; null where it says nothing. */
function lastWords(log: string, runtime: string): string | null {
  const lines = log.split('\n');
  const at = lines.findIndex((line) => line.startsWith(`ocibench: the service of ${runtime} ended `));
  return at < 0 ? null : lines.slice(Math.max(0, at - 3), at + 1).join('\n');
}

/** Waits until a service answers. Resolves with the reason where it has ended, or does not in time. */
export async function awaitService(
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
        return text.noService({
          runtime,
          said: words ?? text.silent({ why: toEngineError(error).said }),
        });
      await sleep(20);
    }
}
