import { basename, relative } from 'node:path';
import { cgroupTree } from '../../../../core/collect/cgroup/files.ts';
import type { DaemonFlags } from '../../../../core/engine/docker/context.ts';
import { connectTo, findEndpoint } from '../../../../core/engine/docker/endpoint.ts';
import { answerLimitMs, toEngineError, within } from '../../../../core/engine/docker/errors.ts';
import type { ContainerEngine, ListedRuntime } from '../../../../core/engine/engine.ts';
import { messages } from '../../../../core/messages/define.ts';
import { familyOfEntry } from '../../../../core/runtimes/registry.ts';
import { targetProblem } from '../problem.ts';
import { targetReasons } from '../words.ts';
import { type Cgroups, foreignTarget, type Hierarchy, sandboxAmong, type Target } from './target.ts';

const words = messages('engine', { inspecting: 'inspecting the container {name}' });

/** The facts about a user's container that a recording needs. */
interface WatchableContainer {
  readonly id: string;
  /** `running`, `exited` … */
  readonly state: string;
  readonly runtime: string;
  readonly kernel: ReturnType<typeof kernelOf>;
}

/** Read access to a daemon's containers. */
export interface ContainerWatch {
  readonly engine: ContainerEngine;
  /** Null if the daemon has no such container. Rejects with EngineError. */
  find(nameOrId: string): Promise<WatchableContainer | null>;
  close(): Promise<void>;
}

/** The kernel that handles system calls in containers of this runtime. */
export function kernelOf(runtime: string, listed: readonly ListedRuntime[]) {
  const entry = listed.find(({ name }) => name === runtime) ?? { name: runtime };
  return familyOfEntry({ ...entry, runtimeArgs: [...(entry.runtimeArgs ?? [])], origin: 'engine' }).kernel;
}

/** Connects to the daemon that the flags, the environment or the context name. OcibenchError (exit 3) if none answers. */
async function watchContainers(flags: DaemonFlags): Promise<ContainerWatch> {
  const { engine, connection, close } = await connectTo(await findEndpoint(flags));
  const { dockerClient } = await import('../../../../core/engine/docker/client.ts');
  const docker = dockerClient(connection);
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
    close,
  };
}

/** Form of names and ids of containers (moby, daemon/names). */
const form = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/;

const fullId = /^[0-9a-f]{64}$/;

/** Connects to a daemon of this machine. OcibenchError: exit 2 if it is on another machine, 3 if none answers. */
export async function watchHere(flags: DaemonFlags): Promise<ContainerWatch> {
  const watching = await watchContainers(flags);
  const { local, endpoint } = watching.engine.facts;
  if (local) return watching;
  await watching.close();
  throw targetProblem('--container', targetReasons.elsewhere({ endpoint }));
}

/**
 * The container's cgroup, which every engine names after its id: `/docker/ID`, `docker-ID.scope`, `libpod-ID`. Searches by that
 * name, because the pid that an engine reports may be from another PID namespace. null if there is none.
 */
export function cgroupOfContainer(id: string, { mount }: Pick<Hierarchy, 'mount'>): string | null {
  if (!fullId.test(id)) return null;
  const found = cgroupTree(mount).filter((path) => basename(path).includes(id));
  const [shortest] = found.toSorted((a, b) => a.length - b.length);
  return shortest === undefined ? null : relative(mount, shortest);
}

/**
 * A running container of the user. OcibenchError (exit 2) if there is none, or if a kernel other than the host's handles its
 * calls.
 */
export async function containerTarget(name: string, flags: DaemonFlags, cgroups: Cgroups): Promise<Target> {
  const refuse = (reason: Parameters<typeof targetProblem>[1]) => targetProblem('--container', reason);
  if (!form.test(name)) throw refuse(targetReasons.badContainer({ name }));
  const watching = await watchHere(flags);
  try {
    const found = await watching.find(name);
    if (found === null)
      throw refuse(targetReasons.noContainer({ name, said: watching.engine.facts.endpoint }));
    const { id, runtime, kernel, state } = found;
    if (state !== 'running') throw refuse(targetReasons.notRunning({ name, state }));
    if (kernel === 'unknown') throw refuse(targetReasons.unknownRuntime({ name, runtime }));
    if (kernel !== 'host') throw refuse(targetReasons.otherKernel({ name, runtime }));
    const path = cgroupOfContainer(id, cgroups.hierarchy);
    const target = path === null ? null : foreignTarget(cgroups, path, { kind: 'container', name, runtime });
    if (target === null) throw refuse(targetReasons.gone);
    // A wrapper can have any name, so the running processes decide.
    const product = sandboxAmong(target.watched.pids());
    if (product !== null) throw refuse(targetReasons.otherKernel({ name, runtime: product }));
    return target;
  } finally {
    await watching.close();
  }
}
