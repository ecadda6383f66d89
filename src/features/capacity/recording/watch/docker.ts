import { answerLimitMs, within } from '../../../../core/engine/docker/calls.ts';
import { connectTo } from '../../../../core/engine/docker/connect.ts';
import type { DaemonFlags } from '../../../../core/engine/docker/context.ts';
import { findEndpoint } from '../../../../core/engine/docker/endpoint.ts';
import { toEngineError } from '../../../../core/engine/docker/errors.ts';
import type { ContainerEngine, ListedRuntime } from '../../../../core/engine/engine.ts';
import { messages } from '../../../../core/messages/define.ts';
import { familyOfEntry } from '../../../../core/runtimes/registry.ts';

const words = messages('engine', { inspecting: 'inspecting the container {name}' });

/** A container that somebody else started, as far as it matters to those who watch it. */
interface WatchableContainer {
  readonly id: string;
  /** `running`, `exited` … */
  readonly state: string;
  readonly runtime: string;
  readonly kernel: ReturnType<typeof kernelOf>;
}

/** A daemon whose containers can be looked at. */
export interface Watching {
  readonly engine: ContainerEngine;
  /** Null where the daemon knows no such container. Rejects with EngineError. */
  find(nameOrId: string): Promise<WatchableContainer | null>;
  close(): Promise<void>;
}

/** Whose kernel handles the calls of containers of this runtime. */
export function kernelOf(runtime: string, listed: readonly ListedRuntime[]) {
  const entry = listed.find(({ name }) => name === runtime) ?? { name: runtime };
  return familyOfEntry({ ...entry, runtimeArgs: [...(entry.runtimeArgs ?? [])], origin: 'engine' }).kernel;
}

/** Connects to the daemon that the flags, the environment or the context name. OcibenchError (exit 3) where none answers. */
export async function watchContainers(flags: DaemonFlags): Promise<Watching> {
  const endpoint = await findEndpoint(flags);
  const { engine, close } = await connectTo(endpoint);
  const opened = await endpoint.open();
  const { dockerClient } = await import('../../../../core/engine/docker/client.ts');
  const docker = dockerClient(opened.connection);
  return {
    engine,
    find: (name) =>
      within(words.inspecting({ name }), answerLimitMs, async () => {
        try {
          const found = await docker.getContainer(name).inspect();
          const runtime = String(found.HostConfig.Runtime ?? '');
          return {
            id: found.Id,
            state: String(found.State.Status),
            runtime,
            kernel: kernelOf(runtime, await engine.runtimes()),
          };
        } catch (error) {
          if (toEngineError(error).statusCode === 404) return null;
          throw error;
        }
      }),
    async close() {
      await opened.close();
      await close();
    },
  };
}
