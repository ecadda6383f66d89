import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { containerdToml } from '../../../core/engine/embedded/supervisor-script.ts';
import { EngineError } from '../../../core/engine/engine.ts';
import type { LayerPlace } from '../../../core/engine/layer.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { answers, type ContainerdClient, containerdClient } from './client.ts';
import { startContainerd } from './daemon.ts';

const text = notices('layer.containerd', {
  noCgroup: 'no cgroup for containerd could be made: {problems}',
  ended: 'the containerd of the layer has ended',
  silent: 'the containerd of the layer does not answer within {seconds} s',
});

/** Timeout of a sign of life, ms. */
const answerMs = 5_000;

/** A containerd, and the place in it and on the host that is a run's own. */
export interface ContainerdHome {
  readonly client: ContainerdClient;
  /** Directory of the run's own, which containerd and its shims see under the same path. */
  readonly directory: string;
  readonly snapshotter: string;
  /** Its cgroup, relative to the hierarchies' roots; null where it is not known, or holds anything else. */
  readonly cgroup: string | null;
  /** Called with the id of a container whose shim has started. */
  readonly onCreated?: (id: string) => Promise<void>;
  /** Number of running containers of others in it; absent: nobody else uses it. */
  otherContainers?(): Promise<number>;
  /** What is said where it has ended, or does not answer. */
  readonly lost: { readonly ended: Message; silent(values: { readonly seconds: number }): Message };
  /** Has it ended for certain? */
  isOver(): boolean;
  /** Ends what was started for these containers where it is lost. Absent: all that ends with it. */
  endContainers?(ids: readonly string[]): Promise<void>;
  /** Removes what is the run's own. */
  close(): Promise<void>;
}

/** What differs between the containerds of a run's own. */
interface PrivateKind {
  /** Of the cgroup below the run's, and so of the layer. */
  readonly cgroup: string;
  /** Of the directory below the scratch directory. Short: the path of a socket has 104 characters at most in containerd. */
  readonly directory: string;
  /** Namespace of the client's calls; absent: a client's own. */
  readonly namespace?: string;
  readonly lost: ContainerdHome['lost'];
  /** Its configuration, where all of its files are in `directory`. */
  toml(directory: string): Promise<string>;
}

/** containerd as dockerd configures its own. */
const plain: PrivateKind = {
  ...{ cgroup: 'containerd', directory: 'ctr', lost: text },
  toml: async (directory) => containerdToml(directory),
};

/** A containerd that is started for the run. Rejects with EngineError where it does not start. */
export async function privateHome(place: LayerPlace, kind: PrivateKind = plain): Promise<ContainerdHome> {
  const cgroup = `${place.runCgroup}/${kind.cgroup}`;
  const problems = place.prepareCgroup(cgroup);
  if (problems.length > 0) throw new EngineError(text.noCgroup({ problems: problems.join('; ') }), null);
  const directory = join(place.scratch, kind.directory);
  await mkdir(directory, { mode: 0o700 });
  const toml = await kind.toml(directory);
  const client = containerdClient(join(directory, 'containerd.sock'), kind.namespace);
  const daemon = await startContainerd(directory, toml, place.cgroupDirs(cgroup), () =>
    answers(client, answerMs),
  ).catch((error: unknown) => {
    client.close();
    throw error;
  });
  return {
    ...{ client, directory, cgroup, snapshotter: daemon.snapshotter, isOver: daemon.isOver },
    lost: kind.lost,
    async close() {
      client.close();
      await daemon.stop();
    },
  };
}
