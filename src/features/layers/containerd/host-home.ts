import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../../../core/engine/engine.ts';
import { namespaceOf, runLabels } from '../../../core/engine/labels.ts';
import type { LayerResources } from '../../../core/engine/layer.ts';
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
  endedOfHost: 'the host’s containerd has ended or was restarted',
  silentOfHost: 'the host’s containerd did not answer within {seconds} s',
  noSnapshotter: 'containerd has none of the snapshotters {names}',
});

/** Timeout of a health check, ms. */
const answerMs = 5_000;

/**
 * The snapshotter that ctr(8) and nerdctl would use, else another one that works on this file system. Rejects with EngineError.
 */
async function usableSnapshotter(client: ContainerdClient): Promise<string> {
  const chosen = process.env.CONTAINERD_SNAPSHOTTER;
  const names = chosen ? [chosen] : ['overlayfs', 'native'];
  for (const snapshotter of names) {
    // No snapshot has this key: the error tells whether the snapshotter exists.
    const asked = client.call('snapshots', 'Stat', { snapshotter, key: 'ocibench' });
    const found = await asked.then(
      () => true,
      (error: unknown) => !isRefused(error),
    );
    if (found) return snapshotter;
  }
  throw new EngineError(text.noSnapshotter({ names: names.join(', ') }), null);
}

/** Removes from a containerd the leftovers of this run's earlier sessions and of runs whose process has ended. */
async function removeDead(client: ContainerdClient, address: string, runId: string): Promise<void> {
  for (const each of await runNamespaces(client)) {
    if (each.host !== hostIdentity()) continue;
    const isDead = each.owner !== null && livenessOf(each.owner) === 'gone';
    if (isDead || each.runId === runId) await removeNamespace(address, each);
  }
}

/**
 * The containerd that runs on this host, used in the run's own namespace: objects of others are neither visible nor touched.
 * Rejects with EngineError where it does not answer.
 */
export async function hostHome(
  place: LayerResources,
): Promise<ContainerdHome & { readonly address: string }> {
  const { runId } = place;
  const address = hostAddress();
  const name = namespaceOf(runId);
  const client = containerdClient(address, name);
  const lostBefore = (await readRecords()).find((each) => each.runId === runId && each.address === address);
  const directories = [...(lostBefore?.directories ?? [])];
  let isLost = false;
  /** Records the directories of this namespace's bundles, as soon as a container shows them. */
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
      client,
      directory,
      snapshotter,
      address,
      isOver: () => false,
      lost: { ended: text.endedOfHost, silent: text.silentOfHost },
      cgroup: place.containerdCgroup(address),
      onCreated: (id) => noteDirectories(id),
      async endContainers(ids) {
        isLost = true;
        for (const id of ids) await noteDirectories(id);
        await place.endContainers(address, ids);
        // A restarted containerd would call the runtimes for the bundles, but their programs and state are removed now.
        await removeBundles({ runId, directories });
      },
      otherContainers: () => tasksOfOthers(client),
      async close() {
        // If it does not answer or has restarted, the next start or `ocibench clean` tries again: the record stays.
        if (await answers(client, answerMs))
          await removeNamespace(address, { id: name, snapshotter }).then(
            async () => {
              // A containerd that did not answer may have carried out pending requests meanwhile.
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
