import { join } from 'node:path';
import { endOrphans } from '../../core/engine/embedded/supervisor-script.ts';
import { findScratch, removeStaleScratch, removeUnfinishedScratch } from '../../core/engine/scratch.ts';
import { removeTemporaryDirectories } from '../../core/files/temporary.ts';
import { bootId, hostIdentity } from '../../core/host/host-identity.ts';
import { livenessOf } from '../../core/host/process-identity.ts';
import { isRoot } from '../../core/host/state-directory.ts';
import { removeUnfinishedImages } from '../../core/images/build.ts';
import { external } from '../../core/messages/compose.ts';
import { notices } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { engineTraits } from '../../core/model/runtime/engine-kind.ts';
import { contributions } from '../../core/modules/default-exports.ts';
import { removeTemporaries } from '../../core/store/files.ts';
import type { AppContext } from '../context.ts';
import { type ContainerEngine, connections, type LabelledObject } from '../measure/engines.ts';
import type { LeftoverSearch, Leftovers } from './found-leftovers.ts';
import { removeCgroups, removeOverheads } from './leftover-cgroups.ts';

/** Messages about leftovers. */
export const text = notices('leftovers', {
  removed: 'removed what an earlier run left: {what}',
  leftAlone: 'left alone: {what}',
  container: 'container {id} of run {run}',
  network: 'network {id} of run {run}',
  noRecord: '{path}, which has no record of its process',
});

const removeLimitMs = 30_000;

/**
 * Default export of a file in a feature's `leftovers/`: removes what the feature left on this host in runs whose process has
 * ended.
 */
export type RemoveLeftovers = (look: LeftoverSearch) => Promise<Leftovers>;

/** Removes ocibench's containers and networks that are `dead`. Returns what was removed. */
export async function removeContainers(
  engine: ContainerEngine,
  dead: (container: LabelledObject) => boolean,
): Promise<readonly Message[]> {
  const removed: Message[] = [];
  for (const container of await engine.ourContainers().catch(() => [])) {
    if (!dead(container)) continue;
    const { id, runId } = container;
    const gone = await engine.forceRemove(id, AbortSignal.timeout(removeLimitMs)).then(
      () => true,
      () => false,
    );
    if (!gone) continue;
    removed.push(text.container({ id: id.slice(0, 12), run: runId }));
    if (engine.facts.local) removed.push(...(await removeOverheads(runId, [id])));
  }
  for (const network of await engine.ourNetworks().catch(() => [])) {
    if (!dead(network)) continue;
    const { id, runId } = network;
    await engine.removeNetwork(id).then(
      () => removed.push(text.network({ id: id.slice(0, 12), run: runId })),
      () => undefined,
    );
  }
  return removed;
}

/**
 * Has the process that made a container certainly ended? Several hosts and PID namespaces can use one daemon, and liveness is
 * visible only where the process ran. With a daemon on this machine, a different boot id means an earlier boot; elsewhere it
 * may be a copied machine with the same id and name.
 */
export function isLeftover({ host, owner }: LabelledObject, daemonIsHere: boolean): boolean {
  if (host !== hostIdentity() || owner === null || livenessOf(owner) !== 'gone') return false;
  return daemonIsHere || owner.bootId === bootId();
}

/** Removes from a shared engine leftovers and the containers of the resumed run, whose names would collide. */
async function removeOldContainers(engine: ContainerEngine, runId: string): Promise<readonly Message[]> {
  if (engineTraits(engine.facts).isPrivate) return [];
  const { local } = engine.facts;
  return removeContainers(engine, (container) => container.runId === runId || isLeftover(container, local));
}

/**
 * Removes what ended runs left on this host: processes of the embedded engine, containers in a Docker daemon, scratch
 * directories, cgroups, partly built images, temporary directories, and partly written files below `out`. The caller holds the
 * host's lock. A process that cannot be seen from here counts as alive; anything without a record of its process is kept. With
 * `look.settle` (an explicit clean-up) the containerd of this environment is searched too, where no record leads.
 */
export async function removeLeftovers(
  out: string,
  cacheDirectory: string,
  look: LeftoverSearch,
): Promise<Leftovers> {
  const paths = [
    ...(await removeTemporaries(join(out, 'results'))),
    ...(await removeTemporaries(join(out, 'charts'))),
    ...(await removeUnfinishedImages(join(cacheDirectory, 'images'))),
    ...(await removeTemporaryDirectories()),
  ];
  const removed: Message[] = paths.map(external);
  const leftAlone: Message[] = [];
  const scratch = await findScratch();
  if (scratch.stale.length > 0) {
    // A wrong daemon address is reported by the command that needs the daemon; here it means that there are no
    // leftovers.
    const connected = await connections.connectIfThere().catch(() => null);
    if (connected !== null) {
      removed.push(...(await removeOldContainers(connected.engine, '')));
      await connected.close();
    }
  }
  // Precedes the removal of the scratch directories: to remove a container, shims need the programs and state in them.
  for (const removeOfFeature of (await contributions('leftovers')) as RemoveLeftovers[]) {
    const found = await removeOfFeature(look);
    removed.push(...found.removed);
    leftAlone.push(...found.leftAlone);
  }
  for (const stale of scratch.stale) {
    const isGone = async () =>
      livenessOf(stale.owner) === 'gone' &&
      (await findScratch()).stale.some(({ path }) => path === stale.path);
    if (isRoot()) await endOrphans(stale.path, isGone);
    if (await removeStaleScratch(stale).catch(() => false)) removed.push(external(stale.path));
  }
  await removeUnfinishedScratch(scratch.foreign);
  const cgroups = await removeCgroups(scratch, look);
  const strange = (await findScratch()).foreign.map((path) => text.noRecord({ path }));
  return {
    removed: [...removed, ...cgroups.removed],
    leftAlone: [...leftAlone, ...strange, ...cgroups.leftAlone],
  };
}

/** Removes leftovers before a measurement, and logs them. */
export async function clearLeftovers(
  { host, reporter }: Pick<AppContext, 'host' | 'reporter'>,
  out: string,
): Promise<void> {
  const { removed, leftAlone } = await host.removeLeftovers(out);
  for (const what of removed) reporter.log(text.removed({ what }));
  for (const what of leftAlone) reporter.warn(text.leftAlone({ what }));
}

/** Removes and logs the containers of earlier runs and of the run that is resumed. */
export async function clearContainers(
  reporter: Pick<AppContext['reporter'], 'log'>,
  engine: ContainerEngine,
  runId: string,
): Promise<void> {
  for (const what of await removeOldContainers(engine, runId)) reporter.log(text.removed({ what }));
}
