import { join } from 'node:path';
import { detectCgroupLayout } from '../collect/cgroup/detect.ts';
import { hasProcesses, removeRunCgroups, staleRuns } from '../collect/cgroup/run.ts';
import {
  kataContainersOf,
  kataOverheadsFile,
  openKataOverheads,
  runsWithKataOverheads,
} from '../collect/kata-overheads.ts';
import { connectIfThere } from '../engine/connect.ts';
import type { DockerEngine, OurContainer } from '../engine/docker-engine.ts';
import {
  earlierScratch,
  type FoundScratch,
  findScratch,
  removeStaleScratch,
  removeUnfinishedScratch,
} from '../engine/scratch.ts';
import { endOrphans } from '../engine/scratch-processes.ts';
import { bootId, hostIdentity } from '../host/host-identity.ts';
import { isAloneOnHost } from '../host/own-processes.ts';
import { type Liveness, livenessOf } from '../host/process-identity.ts';
import { registeredRuns, runtimeDirectory, unregisterRun } from '../host/run-registry.ts';
import { isRoot } from '../host/state-directory.ts';
import { removeUnfinishedImages } from '../images/build.ts';
import { runIdSchema } from '../model/run.ts';
import { removeTemporaries } from '../store/files.ts';
import { cacheDirectory } from './session.ts';
import { terminal } from './terminal.ts';

const removeLimitMs = 30_000;

/** What was found of earlier runs. */
export interface Leftovers {
  /** In words. */
  readonly removed: readonly string[];
  /** What could not be told to be a leftover, in words with what would help. */
  readonly leftAlone: readonly string[];
}

/** How long a process in a cgroup that is to be removed may take to end, ms. */
const overheadLimitMs = 2_000;

/** Removes the cgroups that Kata left of these containers of a run, and of those that the run itself wrote down. */
async function removeOverheads(runId: string, containerIds: readonly string[]): Promise<readonly string[]> {
  // A label of a container can hold anything.
  if (!isRoot() || !runIdSchema.safeParse(runId).success) return [];
  const known = runsWithKataOverheads(runtimeDirectory).includes(runId);
  if (!known && containerIds.length === 0) return [];
  const overheads = openKataOverheads(detectCgroupLayout(), kataOverheadsFile(runtimeDirectory, runId));
  const left = await overheads.remove(containerIds, overheadLimitMs);
  if (left.length > 0) return [`Kata's cgroups of run ${runId}, except of ${left.length} containers`];
  return known ? [`Kata's cgroups of run ${runId}`] : [];
}

/** Removes those of our containers and networks that are `dead`. Returns what was removed, in words. */
export async function removeContainers(
  engine: DockerEngine,
  dead: (container: OurContainer) => boolean,
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const container of await engine.ourContainers().catch(() => [])) {
    if (!dead(container)) continue;
    const { id, runId } = container;
    const gone = await engine.forceRemove(id, AbortSignal.timeout(removeLimitMs)).then(
      () => true,
      () => false,
    );
    if (!gone) continue;
    removed.push(`container ${id.slice(0, 12)} of run ${runId}`);
    if (engine.facts.local) removed.push(...(await removeOverheads(runId, [id])));
  }
  for (const network of await engine.ourNetworks().catch(() => [])) {
    if (!dead(network)) continue;
    const { id, runId } = network;
    await engine.removeNetwork(id).then(
      () => removed.push(`network ${id.slice(0, 12)} of run ${runId}`),
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

/** Removes containers from a daemon that is not the embedded one: those of the run that goes on, whose names would be taken, and leftovers. */
export async function removeOldContainers(engine: DockerEngine, runId: string): Promise<readonly string[]> {
  if (engine.facts.kind === 'embedded') return [];
  const { local } = engine.facts;
  return removeContainers(engine, (container) => container.runId === runId || isLeftover(container, local));
}

/** A slice's name has `_` for `-` (systemd.slice(5)). */
function slicePart(runId: string): string {
  return runId.replaceAll('-', '_');
}

async function removeCgroups(scratch: FoundScratch): Promise<Leftovers> {
  const removed: string[] = [];
  const leftAlone: string[] = [];
  const layout = detectCgroupLayout();
  if (!isRoot()) {
    const alive = new Set(scratch.alive.map(({ runId }) => slicePart(runId)));
    const stay = staleRuns(layout).filter((runId) => !alive.has(slicePart(runId)));
    if (stay.length > 0)
      leftAlone.push(
        `cgroups of ${stay.length} runs (${stay.slice(0, 3).join(', ')}…), which only root can remove:  sudo ./ocibench clean`,
      );
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
      leftAlone.push(
        `cgroups of run ${runId}, which may still be measured; once no ocibench runs on this machine:  ocibench clean`,
      );
      continue;
    }
    const containers = kataContainersOf(layout, runId);
    const left = await removeRunCgroups(layout, runId);
    removed.push(...(await removeOverheads(runId, containers)));
    removed.push(
      left.length === 0 ? `cgroups of run ${runId}` : `cgroups of run ${runId}, except: ${left.join('; ')}`,
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
export async function removeLeftovers(out: string): Promise<Leftovers> {
  const removed = [
    ...(await removeTemporaries(join(out, 'results'))),
    ...(await removeTemporaries(join(out, 'charts'))),
    ...(await removeUnfinishedImages(join(cacheDirectory(), 'images'))),
  ];
  const leftAlone = (await earlierScratch()).map(
    (path) =>
      `${path}, which may be scratch of ocibench 0.1: any user can make a directory of that name; once it is yours for certain:  rm -rf --one-file-system ${path}`,
  );
  const scratch = await findScratch();
  if (scratch.stale.length > 0) {
    // A daemon that is named badly is told by whoever needs it; here it only has nothing of ours.
    const connected = await connectIfThere().catch(() => null);
    if (connected !== null) {
      removed.push(...(await removeOldContainers(connected.engine, '')));
      await connected.close();
    }
  }
  for (const stale of scratch.stale) {
    const isGone = async () => livenessOf(stale.owner) === 'gone' && (await isStillStale(stale.path));
    if (isRoot()) await endOrphans(stale.path, isGone);
    if (await removeStaleScratch(stale).catch(() => false)) removed.push(stale.path);
  }
  await removeUnfinishedScratch(scratch.foreign);
  const cgroups = await removeCgroups(scratch);
  const strange = (await findScratch()).foreign.map((path) => `${path}, which has no record of its process`);
  return {
    removed: [...removed, ...cgroups.removed],
    leftAlone: [...leftAlone, ...strange, ...cgroups.leftAlone],
  };
}

/** {@link removeLeftovers} before a measurement, saying what was found. */
export async function clearLeftovers(out: string): Promise<void> {
  const { removed, leftAlone } = await removeLeftovers(out);
  for (const what of removed) terminal.log(`removed what an earlier run left: ${what}`);
  for (const what of leftAlone) terminal.warn(`left alone: ${what}`);
}

async function isStillStale(path: string): Promise<boolean> {
  return (await findScratch()).stale.some((each) => each.path === path);
}
