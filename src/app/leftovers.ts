import { join } from 'node:path';
import { detectCgroupLayout } from '../collect/cgroup/detect.ts';
import { hasProcesses, removeRunCgroups, staleRuns } from '../collect/cgroup/run.ts';
import {
  kataContainersOf,
  kataOverheadsFile,
  openKataOverheads,
  runsWithKataOverheads,
} from '../collect/kata-overheads.ts';
import { endOrphans } from '../engine/embedded/processes.ts';
import {
  earlierScratch,
  type FoundScratch,
  findScratch,
  removeStaleScratch,
  removeUnfinishedScratch,
} from '../engine/scratch.ts';
import { bootId, hostIdentity } from '../host/host-identity.ts';
import { isAloneOnHost } from '../host/own-processes.ts';
import { type Liveness, livenessOf } from '../host/process-identity.ts';
import { registeredRuns, runtimeDirectory, unregisterRun } from '../host/run-registry.ts';
import { isRoot } from '../host/state-directory.ts';
import { removeUnfinishedImages } from '../images/build.ts';
import { external, listed } from '../messages/compose.ts';
import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { engineTraits } from '../model/engine-kind.ts';
import { runIdSchema } from '../model/run.ts';
import { removeTemporaries } from '../store/files.ts';
import type { AppContext } from './context.ts';
import { type ContainerEngine, connections, type OurContainer } from './engines.ts';

/** What is said of leftovers. */
export const text = notices('leftovers', {
  removed: 'removed what an earlier run left: {what}',
  leftAlone: 'left alone: {what}',
  container: 'container {id} of run {run}',
  network: 'network {id} of run {run}',
  cgroups: 'cgroups of run {run}',
  cgroupsExcept: 'cgroups of run {run}, except: {left}',
  kataCgroups: "Kata's cgroups of run {run}",
  kataCgroupsExcept: "Kata's cgroups of run {run}, except of {n} containers",
  cgroupsForRoot: 'cgroups of {n} runs ({runs}…), which only root can remove:  sudo ./ocibench clean',
  mayBeMeasured:
    'cgroups of run {run}, which may still be measured; once no ocibench runs on this machine:  ocibench clean',
  maybeScratch:
    '{path}, which may be scratch of ocibench 0.1: any user can make a directory of that name; once it is yours for certain:  rm -rf --one-file-system {path}',
  noRecord: '{path}, which has no record of its process',
});

const removeLimitMs = 30_000;

/** What was found of earlier runs. */
export interface Leftovers {
  readonly removed: readonly Message[];
  /** What could not be told to be a leftover, with what would help. */
  readonly leftAlone: readonly Message[];
}

/** How long a process in a cgroup that is to be removed may take to end, ms. */
const overheadLimitMs = 2_000;

/** Removes the cgroups that Kata left of these containers of a run, and of those that the run itself wrote down. */
async function removeOverheads(runId: string, containerIds: readonly string[]): Promise<readonly Message[]> {
  // A label of a container can hold anything.
  if (!isRoot() || !runIdSchema.safeParse(runId).success) return [];
  const known = runsWithKataOverheads(runtimeDirectory).includes(runId);
  if (!known && containerIds.length === 0) return [];
  const overheads = openKataOverheads(detectCgroupLayout(), kataOverheadsFile(runtimeDirectory, runId));
  const left = await overheads.remove(containerIds, overheadLimitMs);
  if (left.length > 0) return [text.kataCgroupsExcept({ run: runId, n: left.length })];
  return known ? [text.kataCgroups({ run: runId })] : [];
}

/** Removes those of our containers and networks that are `dead`. Returns what was removed. */
export async function removeContainers(
  engine: ContainerEngine,
  dead: (container: OurContainer) => boolean,
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
 * Is the process that made a container gone for certain? A daemon can be asked from several hosts and PID namespaces, and only
 * where the process ran can be seen whether it still does. Another boot id than ours is an earlier boot of this machine where
 * the daemon is on it; elsewhere it may be a machine that was copied with its id and name.
 */
export function isLeftover({ host, owner }: OurContainer, daemonIsHere: boolean): boolean {
  if (host !== hostIdentity() || owner === null || livenessOf(owner) !== 'gone') return false;
  return daemonIsHere || owner.bootId === bootId();
}

/** Removes containers from an engine that others use too: those of the run that goes on, whose names would be taken, and leftovers. */
async function removeOldContainers(engine: ContainerEngine, runId: string): Promise<readonly Message[]> {
  if (engineTraits(engine.facts).isPrivate) return [];
  const { local } = engine.facts;
  return removeContainers(engine, (container) => container.runId === runId || isLeftover(container, local));
}

/** A slice's name has `_` for `-` (systemd.slice(5)). */
function slicePart(runId: string): string {
  return runId.replaceAll('-', '_');
}

async function removeCgroups(scratch: FoundScratch): Promise<Leftovers> {
  const removed: Message[] = [];
  const leftAlone: Message[] = [];
  const layout = detectCgroupLayout();
  if (!isRoot()) {
    const alive = new Set(scratch.alive.map(({ runId }) => slicePart(runId)));
    const stay = staleRuns(layout).filter((runId) => !alive.has(slicePart(runId)));
    if (stay.length > 0)
      leftAlone.push(text.cgroupsForRoot({ n: stay.length, runs: listed(stay.slice(0, 3)) }));
    return { removed, leftAlone };
  }
  const known = new Map<string, Liveness>();
  for (const { runId } of scratch.stale) known.set(slicePart(runId), 'gone');
  for (const { runId } of scratch.alive) known.set(slicePart(runId), 'running');
  const registered = await registeredRuns();
  for (const [runId, liveness] of registered) known.set(slicePart(runId), liveness);
  for (const runId of staleRuns(layout)) {
    const liveness = known.get(slicePart(runId));
    if (liveness === 'running' || liveness === 'unknown') continue;
    // Made for a user without root, or by ocibench in a container: no record says whether that run is alive.
    if (liveness === undefined && (!isAloneOnHost() || hasProcesses(layout, runId))) {
      leftAlone.push(text.mayBeMeasured({ run: runId }));
      continue;
    }
    const containers = kataContainersOf(layout, runId);
    const left = await removeRunCgroups(layout, runId);
    removed.push(...(await removeOverheads(runId, containers)));
    removed.push(
      left.length === 0
        ? text.cgroups({ run: runId })
        : text.cgroupsExcept({ run: runId, left: listed(left, 'semicolon') }),
    );
  }
  // A run that ended by itself is no longer known, and its list tells what was still busy then.
  for (const runId of runsWithKataOverheads(runtimeDirectory)) {
    const liveness = known.get(slicePart(runId)) ?? 'gone';
    if (liveness === 'gone') removed.push(...(await removeOverheads(runId, [])));
  }
  for (const [runId, liveness] of registered) if (liveness === 'gone') await unregisterRun(runId);
  return { removed, leftAlone };
}

/**
 * Removes what runs left on this host whose process is gone: processes of the embedded engine, containers in a Docker
 * daemon, scratch directories, cgroups, images half built, and half written files below `out`. Whoever calls it holds
 * the host's lock. A process that cannot be seen from here counts as alive, and what has no record of its process is
 * nobody's to remove.
 */
export async function removeLeftovers(out: string, cacheDirectory: string): Promise<Leftovers> {
  const paths = [
    ...(await removeTemporaries(join(out, 'results'))),
    ...(await removeTemporaries(join(out, 'charts'))),
    ...(await removeUnfinishedImages(join(cacheDirectory, 'images'))),
  ];
  const removed: Message[] = paths.map(external);
  const leftAlone = (await earlierScratch()).map((path) => text.maybeScratch({ path }));
  const scratch = await findScratch();
  if (scratch.stale.length > 0) {
    // A daemon that is named badly is told by whoever needs it; here it only has nothing of ours.
    const connected = await connections.connectIfThere().catch(() => null);
    if (connected !== null) {
      removed.push(...(await removeOldContainers(connected.engine, '')));
      await connected.close();
    }
  }
  for (const stale of scratch.stale) {
    const isGone = async () => livenessOf(stale.owner) === 'gone' && (await isStillStale(stale.path));
    if (isRoot()) await endOrphans(stale.path, isGone);
    if (await removeStaleScratch(stale).catch(() => false)) removed.push(external(stale.path));
  }
  await removeUnfinishedScratch(scratch.foreign);
  const cgroups = await removeCgroups(scratch);
  const strange = (await findScratch()).foreign.map((path) => text.noRecord({ path }));
  return {
    removed: [...removed, ...cgroups.removed],
    leftAlone: [...leftAlone, ...strange, ...cgroups.leftAlone],
  };
}

/** Removes leftovers before a measurement, saying what was found. */
export async function clearLeftovers(
  { host, reporter }: Pick<AppContext, 'host' | 'reporter'>,
  out: string,
): Promise<void> {
  const { removed, leftAlone } = await host.removeLeftovers(out);
  for (const what of removed) reporter.log(text.removed({ what }));
  for (const what of leftAlone) reporter.warn(text.leftAlone({ what }));
}

/** Removes the containers of earlier runs, and those of the run that goes on, saying which. */
export async function clearContainers(
  reporter: Pick<AppContext['reporter'], 'log'>,
  engine: ContainerEngine,
  runId: string,
): Promise<void> {
  for (const what of await removeOldContainers(engine, runId)) reporter.log(text.removed({ what }));
}

async function isStillStale(path: string): Promise<boolean> {
  return (await findScratch()).stale.some((each) => each.path === path);
}
