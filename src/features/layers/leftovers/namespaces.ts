import { deadShims, killLimitMs, settleLimitMs } from '../../../app/leftovers/dead-run-processes.ts';
import type { RemoveLeftovers } from '../../../app/leftovers/leftovers.ts';
import { livenessOf } from '../../../core/host/process-identity.ts';
import { isRoot } from '../../../core/host/state-directory.ts';
import { readRecords, removeBundles } from '../containerd/bundles.ts';
import { removeRunNamespaces } from '../containerd/leftovers.ts';

/**
 * Removes the namespaces of dead runs from containerds of this host, with bundles that containerd has forgotten. Only root can
 * have created one. `settle`: also searches the containerd of this environment, where no record leads.
 */
const removeNamespaces: RemoveLeftovers = async ({ settle }) => {
  if (!isRoot()) return { removed: [], leftAlone: [] };
  const dead = (await readRecords()).filter(({ owner }) => livenessOf(owner) === 'gone');
  const shims = dead.map(({ runId }) => deadShims(runId));
  await Promise.all(shims.map((each) => each.settle(settleLimitMs)));
  const found = await removeRunNamespaces(settle !== undefined);
  await Promise.all(shims.map((each) => each.end(killLimitMs)));
  // Bundles that containerd has forgotten. A namespace that still has a record was not removed.
  const kept = new Set((await readRecords()).map(({ runId }) => runId));
  for (const record of dead) if (!kept.has(record.runId)) await removeBundles(record);
  return found;
};

export default removeNamespaces;
