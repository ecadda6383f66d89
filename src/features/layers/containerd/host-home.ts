import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../../../core/engine/engine.ts';
import { namespaceOf, runLabels } from '../../../core/engine/labels.ts';
import type { LayerPlace } from '../../../core/engine/layer.ts';
import { hostIdentity } from '../../../core/host/host-identity.ts';
import { livenessOf } from '../../../core/host/process-identity.ts';
import { notices } from '../../../core/messages/define.ts';
import {
  bundleDirectories,
  hostAddress,
  readRecords,
  removeBundles,
  removeRecord,
  writeRecord,
} from './bundles.ts';
import { answers, type ContainerdClient, containerdClient } from './client.ts';
import { isRefused } from './errors.ts';
import type { ContainerdHome } from './home.ts';
import { namespaceLabels, removeNamespace, runNamespaces, tasksOfOthers } from './namespace.ts';

const text = notices('layer.containerd', {
  endedOfHost: 'the host’s containerd has ended, or was restarted',
  silentOfHost: 'the host’s containerd does not answer within {seconds} s',
  noSnapshotter: 'containerd has none of the snapshotters {names}',
});

/** Timeout of a sign of life, ms. */
const answerMs = 5_000;

/** The snapshotter that ctr(8) and nerdctl would use, else one that works in a file system. Rejects with EngineError. */
async function usableSnapshotter(client: ContainerdClient): Promise<string> {
  const chosen = process.env.CONTAINERD_SNAPSHOTTER;
  const names = chosen ? [chosen] : ['overlayfs', 'native'];
  for (const snapshotter of names) {
    // There is nothing of this name: the answer says whether there is such a snapshotter.
    const asked = client.call('snapshots', 'Stat', { snapshotter, key: 'ocibench' });
    const found = await asked.then(
      () => true,
      (error: unknown) => !isRefused(error),
    );
    if (found) return snapshotter;
  }
  throw new EngineError(text.noSnapshotter({ names: names.join(', ') }), null);
}

/** Removes what earlier sessions of this run, and runs whose process has ended, left in a containerd. */
async function removeDead(client: ContainerdClient, address: string, runId: string): Promise<void> {
  for (const each of await runNamespaces(client)) {
    if (each.host !== hostIdentity()) continue;
    const isDead = each.owner !== null && livenessOf(each.owner) === 'gone';
    if (isDead || each.runId === runId) await removeNamespace(address, each);
  }
}

/**
 * The containerd that runs on this host, in a namespace that is the run's own: what others have in it is neither seen nor
 * touched. Rejects with EngineError where it does not answer.
 */
export async function hostHome(place: LayerPlace): Promise<ContainerdHome & { readonly address: string }> {
  const { runId } = place;
  const address = hostAddress();
  const name = namespaceOf(runId);
  const client = containerdClient(address, name);
  const lostBefore = (await readRecords()).find((each) => each.runId === runId && each.address === address);
  const directories = [...(lostBefore?.directories ?? [])];
  let isLost = false;
  /** Writes down where the bundles of this namespace are, once a container shows it. */
  async function noteDirectories(containerId: string): Promise<void> {
    if (directories.length > 0) return;
    directories.push(...(await bundleDirectories(runId, containerId)));
    await writeRecord(runId, { address, directories });
  }
  try {
    await removeDead(client, address, runId);
    await removeBundles({ runId, directories });
    const snapshotter = await usableSnapshotter(client);
    const directory = join(place.scratch, 'ctr');
    await mkdir(directory, { mode: 0o700 });
    await writeRecord(runId, { address, directories });
    const labels = namespaceLabels(runLabels(runId), snapshotter);
    await client.call('namespaces', 'Create', { namespace: { name, labels } });
    return {
      ...{ client, directory, snapshotter, address, isOver: () => false },
      lost: { ended: text.endedOfHost, silent: text.silentOfHost },
      cgroup: place.containerdCgroup(address),
      onCreated: (id) => noteDirectories(id),
      async endContainers(ids) {
        isLost = true;
        for (const id of ids) await noteDirectories(id);
        await place.endContainers(address, ids);
        // One that is back would call the runtimes for them, whose programs and state are removed now.
        await removeBundles({ runId, directories });
      },
      otherContainers: () => tasksOfOthers(client),
      async close() {
        // One that does not answer, or has begun anew, is asked again by the next start or by `ocibench clean`: the record stays.
        if (await answers(client, answerMs))
          await removeNamespace(address, { id: name, snapshotter }).then(
            async () => {
              // One that did not answer has meanwhile begun what it had been asked for.
              if (lostBefore !== undefined) await place.endContainers(address, []);
              await removeBundles({ runId, directories });
              if (!isLost) await removeRecord(runId);
            },
            () => undefined,
          );
        client.close();
      },
    };
  } catch (error) {
    client.close();
    throw error;
  }
}
