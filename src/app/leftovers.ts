import { join } from 'node:path';
import { detectCgroupLayout } from '../collect/cgroup/detect.ts';
import { hasProcesses, removeRunCgroups, staleRuns } from '../collect/cgroup/run.ts';
import {
  kataContainersOf,
  kataOverheadsFile,
  openKataOverheads,
  runsWithKataOverheads,
} from '../collect/kata-overheads.ts';
import { removeBundles } from '../engine/containerd/bundles.ts';
import { removeRunNamespaces } from '../engine/containerd/leftovers.ts';
import { readRecords } from '../engine/containerd/namespace-record.ts';
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
import { endProcessesOf } from './dead-run-processes.ts';
import { deadShims, killLimitMs, settleLimitMs } from './dead-run-shims.ts';
import { type ContainerEngine, connections, type OurContainer } from './engines.ts';

/** Messages about leftovers. */
export const text = notices('leftovers', {
  removed: 'removed what an earlier run left: {what}',
  leftAlone: 'left alone: {what}',
  container: 'container {id} of run {run}',
  network: 'network {id} of run {run}',
  cgroups: 'cgroups of run {run}',
  cgroupsExcept: 'cgroups of run {run}, except: {left}',
  kataCgroups: "Kata's cgroups of run {run}",
  kataCgroupsExcept: "Kata's cgroups of run {run}, except of {n} containers",
  cgroupsForRoot: 'cgroups of {n} runs ({runs}…), which only root can remove:  @(sudo clean)',
  mayBeMeasured:
    'cgroups of run {run}, which may still be measured; once no ocibench runs on this machine:  @(clean)',
  maybeScratch:
    '{path}, which may be scratch of ocibench 0.1: any user can make a directory of that name; once it is yours for certain:  rm -rf --one-file-system {path}',
  noRecord: '{path}, which has no record of its process',
});

const removeLimitMs = 30_000;

/** What earlier runs left. */
export interface Leftovers {
  readonly removed: readonly Message[];
  /** Things that may not be leftovers and were kept, each with how to decide. */
  readonly leftAlone: readonly Message[];
}

/** Timeout for a process in a cgroup to be removed to end, ms. */
const overheadLimitMs = 2_000;

/** Removes the overhead cgroups that Kata left of these containers, and those that the run itself recorded. */
async function removeOverheads(runId: string, containerIds: readonly string[]): Promise<readonly Message[]> {
  // A container's label can hold anything.
  if (!isRoot() || !runIdSchema.safeParse(runId).success) return [];
  const known = runsWithKataOverheads(runtimeDirectory).includes(runId);
  if (!known && containerIds.length === 0) return [];
  const overheads = openKataOverheads(detectCgroupLayout(), kataOverheadsFile(runtimeDirectory, runId));
  const left = await overheads.remove(containerIds, overheadLimitMs);
  if (left.length > 0) return [text.kataCgroupsExcept({ run: runId, n: left.length })];
  return known ? [text.kataCgroups({ run: runId })] : [];
}

/** Removes ocibench's containers and networks that are `dead`. Returns what was removed. */
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
 * Has the process that made a container certainly ended? Several hosts and PID namespaces can use one daemon, and
 * liveness is visible only where the process ran. Another boot id than this one is an earlier boot where the daemon is
 * on this machine; elsewhere it may be a copied machine with the same id and name.
 */
export function isLeftover({ host, owner }: OurContainer, daemonIsHere: boolean): boolean {
  if (host !== hostIdentity() || owner === null || livenessOf(owner) !== 'gone') return false;
  return daemonIsHere || owner.bootId === bootId();
}

/** Removes from a shared engine the containers of the run that is resumed (their names would collide) and leftovers. */
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
  /** Runs with cgroups that could not be removed. */
  const busy = new Set<string>();
  for (const { runId } of scratch.stale) known.set(slicePart(runId), 'gone');
  for (const { runId } of scratch.alive) known.set(slicePart(runId), 'running');
  const registered = await registeredRuns();
  for (const [runId, liveness] of registered) known.set(slicePart(runId), liveness);
  for (const runId of staleRuns(layout)) {
    const liveness = known.get(slicePart(runId));
    if (liveness === 'running' || liveness === 'unknown') continue;
    // Made for a user without root, or by ocibench in a container: no record shows whether that run is alive.
    if (liveness === undefined && (!isAloneOnHost() || hasProcesses(layout, runId))) {
      leftAlone.push(text.mayBeMeasured({ run: runId }));
      continue;
    }
    const containers = kataContainersOf(layout, runId);
    // A daemon of the host finishes what its client, killed meanwhile, had asked for: a container that nobody asks for again.
    if (liveness === 'gone') await endProcessesOf(layout, runId, killLimitMs);
    const left = await removeRunCgroups(layout, runId);
    if (left.length > 0) busy.add(slicePart(runId));
    removed.push(...(await removeOverheads(runId, containers)));
    removed.push(
      left.length === 0
        ? text.cgroups({ run: runId })
        : text.cgroupsExcept({ run: runId, left: listed(left, 'semicolon') }),
    );
  }
  // A run that ended normally has no record, but its list names the cgroups that were still busy then.
  for (const runId of runsWithKataOverheads(runtimeDirectory)) {
    const liveness = known.get(slicePart(runId)) ?? 'gone';
    if (liveness === 'gone') removed.push(...(await removeOverheads(runId, [])));
  }
  // Without its record nobody could tell later that a run has ended.
  for (const [runId, liveness] of registered)
    if (liveness === 'gone' && !busy.has(slicePart(runId))) await unregisterRun(runId);
  return { removed, leftAlone };
}

/**
 * Removes what ended runs left on this host: processes of the embedded engine, containers in a Docker daemon, scratch
 * directories, cgroups, partly built images, and partly written files below `out`. The caller holds the host's lock. A
 * process that cannot be seen from here counts as alive; anything without a record of its process is kept. `everywhere`: also
 * where no record leads, in the containerd of this environment.
 */
export async function removeLeftovers(
  out: string,
  cacheDirectory: string,
  everywhere = false,
): Promise<Leftovers> {
  const paths = [
    ...(await removeTemporaries(join(out, 'results'))),
    ...(await removeTemporaries(join(out, 'charts'))),
    ...(await removeUnfinishedImages(join(cacheDirectory, 'images'))),
  ];
  const removed: Message[] = paths.map(external);
  const leftAlone = (await earlierScratch()).map((path) => text.maybeScratch({ path }));
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
  // Before the scratch directories: shims need the programs and the state in them to remove a container.
  const dead = isRoot() ? (await readRecords()).filter(({ owner }) => livenessOf(owner) === 'gone') : [];
  const shims = dead.map(({ runId }) => deadShims(runId));
  await Promise.all(shims.map((each) => each.settle(settleLimitMs)));
  const namespaces = isRoot() ? await removeRunNamespaces(everywhere) : { removed: [], leftAlone: [] };
  await Promise.all(shims.map((each) => each.end(killLimitMs)));
  // What containerd has forgotten. A namespace whose record is still there was not removed.
  const kept = new Set((await readRecords()).map(({ runId }) => runId));
  for (const record of dead) if (!kept.has(record.runId)) await removeBundles(record);
  removed.push(...namespaces.removed);
  leftAlone.push(...namespaces.leftAlone);
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

async function isStillStale(path: string): Promise<boolean> {
  return (await findScratch()).stale.some((each) => each.path === path);
}
