import { existsSync } from 'node:fs';
import { namespaceOf } from '../../../core/engine/labels.ts';
import { hostIdentity } from '../../../core/host/host-identity.ts';
import { livenessOf } from '../../../core/host/process-identity.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { hostAddress, readRecords, removeDirectories, removeRecord } from './bundles.ts';

const text = notices('layer.containerd', {
  removed: 'namespace {name} in the containerd at {address}',
  silentLeft:
    'namespace {name} in the containerd at {address}, which does not answer; when it does:  @(clean)',
  notRemoved: 'namespace {name} in the containerd at {address}: {said}',
});

/** Timeout of a health check, ms. */
const answerMs = 5_000;

/** The removed namespaces, and those that were kept. */
export interface RemovedNamespaces {
  readonly removed: Message[];
  readonly leftAlone: Message[];
}

/** Removes the namespaces of ended runs of this host from one containerd, by their labels alone. */
async function removeFrom(
  address: string,
  into: RemovedNamespaces,
): Promise<'removed' | 'silent' | 'failed'> {
  const { answers, containerdClient } = await import('./client.ts');
  const { removeNamespace, runNamespaces } = await import('./namespace.ts');
  const client = containerdClient(address);
  try {
    if (!(await answers(client, answerMs))) return 'silent';
    let outcome: 'removed' | 'failed' = 'removed';
    for (const each of await runNamespaces(client)) {
      const { id: name, host, owner } = each;
      if (host !== hostIdentity() || owner === null || livenessOf(owner) !== 'gone') continue;
      try {
        await removeNamespace(address, each);
        into.removed.push(text.removed({ name, address }));
      } catch (error) {
        outcome = 'failed';
        into.leftAlone.push(text.notRemoved({ name, address, said: (error as Error).message }));
      }
    }
    return outcome;
  } finally {
    client.close();
  }
}

/**
 * Removes leftovers of this host's ended runs from containerds that others use: those named by the runs' records and, with
 * `everywhere`, that of this environment. Loads the gRPC code only if there is a containerd to ask.
 */
export async function removeRunNamespaces(everywhere: boolean): Promise<RemovedNamespaces> {
  const found: RemovedNamespaces = { removed: [], leftAlone: [] };
  const dead = (await readRecords()).filter(({ owner }) => livenessOf(owner) === 'gone');
  const byAddress = Map.groupBy(dead, ({ address }) => address);
  for (const [address, records] of byAddress) {
    const outcome = await removeFrom(address, found);
    if (outcome === 'failed') continue;
    for (const record of records) {
      const name = namespaceOf(record.runId);
      if (outcome === 'silent') {
        found.leftAlone.push(text.silentLeft({ name, address }));
        continue;
      }
      await removeDirectories(record);
      await removeRecord(record.runId);
    }
  }
  const usual = hostAddress();
  if (everywhere && !byAddress.has(usual) && existsSync(usual)) await removeFrom(usual, found);
  return found;
}
