import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { containerdToml } from '../../../core/engine/embedded/supervisor-script.ts';
import { EngineError } from '../../../core/engine/engine.ts';
import type { LayerResources } from '../../../core/engine/layer.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { answers, type ContainerdClient, containerdClient } from './client.ts';
import { startContainerd } from './daemon.ts';

const text = notices('layer.containerd', {
  noCgroup: 'the cgroup for containerd could not be created: {problems}',
  ended: 'the containerd of the layer has ended',
  silent: 'the containerd of the layer did not answer within {seconds} s',
});

/** Timeout of a health check, ms. */
const answerMs = 5_000;

/** A containerd, with the run's own namespace in it and directory on the host. */
export interface ContainerdHome {
  readonly client: ContainerdClient;
  /** The run's own directory, visible to containerd and its shims under the same path. */
  readonly directory: string;
  readonly snapshotter: string;
  /** Its cgroup, relative to the hierarchies' roots; null where unknown, or where the cgroup contains anything else. */
  readonly cgroup: string | null;
  /** Called with the id of a container whose shim has started. */
  readonly onCreated?: (id: string) => Promise<void>;
  /** Number of running containers of others in it; absent for a private containerd. */
  otherContainers?(): Promise<number>;
  /** Messages for a containerd that has ended or does not answer. */
  readonly lost: { readonly ended: Message; silent(values: { readonly seconds: number }): Message };
  /** Has it certainly ended? */
  isOver(): boolean;
  /** Ends the processes of these containers after its loss; absent where they end with it. */
  endContainers?(ids: readonly string[]): Promise<void>;
  /** Removes everything that belongs to the run. */
  close(): Promise<void>;
}

/** Name of its cgroup below the run's, which is also the layer's name. */
const ownCgroup = 'containerd';
/** Name of its directory below the scratch directory. Short, because containerd limits socket paths to 104 characters. */
const ownDirectory = 'ctr';

/** Starts a private containerd for the run. Rejects with EngineError where it does not start. */
export async function privateHome(place: LayerResources): Promise<ContainerdHome> {
  const cgroup = `${place.runCgroup}/${ownCgroup}`;
  const problems = place.prepareCgroup(cgroup);
  if (problems.length > 0) throw new EngineError(text.noCgroup({ problems: problems.join('; ') }), null);
  const directory = join(place.scratch, ownDirectory);
  await mkdir(directory, { mode: 0o700 });
  // As dockerd configures its own.
  const toml = containerdToml(directory);
  const client = containerdClient(join(directory, 'containerd.sock'));
  const daemon = await startContainerd(directory, toml, place.cgroupDirs(cgroup), () =>
    answers(client, answerMs),
  ).catch((error: unknown) => {
    client.close();
    throw error;
  });
  return {
    client,
    directory,
    cgroup,
    snapshotter: daemon.snapshotter,
    isOver: daemon.isOver,
    lost: text,
    async close() {
      client.close();
      await daemon.stop();
    },
  };
}
