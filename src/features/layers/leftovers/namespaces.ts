import { deadShims, killLimitMs, settleLimitMs } from '../../../app/leftovers/dead-run-processes.ts';
import type { RemoveLeftovers } from '../../../app/leftovers/leftovers.ts';
import { livenessOf } from '../../../core/host/process-identity.ts';
import { isRoot } from '../../../core/host/state-directory.ts';
import { readRecords, removeBundles } from '../containerd/bundles.ts';
import { removeRunNamespaces } from '../containerd/leftovers.ts';

/**
 * Removes the namespaces that dead runs left in a containerd of this host, with what containerd has forgotten of them. Only root
 * can have made one. `settle`: looks also where no record leads, in the containerd of this environment.
 */
const removeNamespaces: RemoveLeftovers = async ({ settle }) => {
  if (!isRoot()) return { removed: [], leftAlone: [] };
  const dead = (await readRecords()).filter(({ owner }) => livenessOf(owner) === 'gone');
  const shims = dead.map(({ runId }) => deadShims(runId));
  await Promise.all(shims.map((each) => each.settle(settleLimitMs)));
  const found = await removeRunNamespaces(settle !== undefined);
  await Promise.all(shims.map((each) => each.end(killLimitMs)));
  // What containerd has forgotten. A namespace whose record is still there was not removed.
  const kept = new Set((await readRecords()).map(({ runId }) => runId));
  for (const record of dead) if (!kept.has(record.runId)) await removeBundles(record);
  return found;
};

export default removeNamespaces;
