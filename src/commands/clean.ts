import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { detectCgroupLayout } from '../collect/cgroup-detect.ts';
import { removeRunCgroups, staleRuns } from '../collect/run-cgroups.ts';
import { connectIfThere } from '../engine/connect.ts';
import type { DaemonFlags } from '../engine/docker-context.ts';
import type { DockerEngine, OurContainer } from '../engine/docker-engine.ts';
import { livingScratch, removeStaleScratch, staleScratch } from '../engine/scratch.ts';
import { endOrphans } from '../engine/scratch-processes.ts';
import { hostIdentity } from '../host/host-identity.ts';
import { hostLockOwner, removeStaleLock } from '../host/host-lock.ts';
import { removeUnfinishedImages } from '../images/build.ts';
import { type ExitCode, exitCodes } from '../model/error.ts';
import { removeTemporaries } from '../store/files.ts';
import { spoken } from './language.ts';
import { cacheDirectory } from './session.ts';
import { terminal } from './terminal.ts';

const removeLimitMs = 30_000;

/** Under systemd a run is known by its slice, in whose name `_` stands for `-`. */
function slicePart(runId: string): string {
  return runId.replaceAll('-', '_');
}

/** Removes those of our containers that are `dead`; goes by our labels alone. Returns what was removed, in words. */
async function removeContainers(
  engine: DockerEngine,
  dead: (container: OurContainer) => boolean,
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const container of await engine.ourContainers().catch(() => [])) {
    if (!dead(container)) continue;
    const { id, runId } = container;
    await engine.forceRemove(id, AbortSignal.timeout(removeLimitMs)).then(
      () => removed.push(`container ${id.slice(0, 12)} of run ${runId}`),
      () => undefined,
    );
  }
  return removed;
}

/** Runs that are being measured on this host now, in the form of {@link slicePart}. */
async function livingRuns(): Promise<ReadonlySet<string>> {
  const holder = await hostLockOwner();
  const living = [...(await livingScratch()), ...(holder === null ? [] : [holder.runId])];
  return new Set(living.map(slicePart));
}

/**
 * Tells whether a container is a leftover. A daemon can be asked from several hosts, and whether a run is alive is known on the one
 * that measures: the containers of another are none of our business.
 */
async function leftoverTest(): Promise<(container: OurContainer) => boolean> {
  const living = await livingRuns();
  const here = hostIdentity();
  return ({ host, runId }) => host === here && !living.has(slicePart(runId));
}

/**
 * Removes what runs left on this host whose process is gone: processes of the embedded engine, containers in a Docker
 * daemon, scratch directories, cgroups, images half built, the lock, and half written files below `out`. Goes by our names
 * and label alone. Returns what was removed, in words.
 */
export async function removeLeftovers(out: string): Promise<readonly string[]> {
  const removed = [
    ...(await removeStaleLock()),
    ...(await removeTemporaries(join(out, 'results'))),
    ...(await removeTemporaries(join(out, 'charts'))),
    ...(await removeUnfinishedImages(join(cacheDirectory(), 'images'))),
  ];
  const root = process.getuid?.() === 0;
  const scratch = await staleScratch();
  const layout = detectCgroupLayout();
  const living = await livingRuns();
  const cgroups = root ? staleRuns(layout).filter((id) => !living.has(slicePart(id))) : [];
  if (scratch.length + cgroups.length === 0) return removed;

  // A daemon that is named badly is told by whoever needs it; here it only has nothing of ours.
  const connected = await connectIfThere().catch(() => null);
  if (connected !== null) {
    const dead = new Set([...scratch.map(({ runId }) => runId), ...cgroups].map(slicePart));
    removed.push(...(await removeContainers(connected.engine, ({ runId }) => dead.has(slicePart(runId)))));
    await connected.close();
  }
  for (const { path } of scratch) {
    if (root) await endOrphans(path);
    // Without root, another user's cannot be removed, and is for its owner to remove.
    if (await removeStaleScratch(path).catch(() => false)) removed.push(path);
  }
  for (const runId of staleRuns(layout).filter((id) => cgroups.includes(id))) {
    const left = await removeRunCgroups(layout, runId);
    removed.push(
      left.length === 0 ? `cgroups of run ${runId}` : `cgroups of run ${runId}, except: ${left.join('; ')}`,
    );
  }
  return removed;
}

/** Removes containers of ours from a daemon that is not: those of the run that goes on, whose names would be taken, and leftovers. */
export async function removeOldContainers(engine: DockerEngine, runId: string): Promise<readonly string[]> {
  if (engine.facts.kind === 'embedded') return [];
  const leftover = await leftoverTest();
  return removeContainers(engine, (container) => container.runId === runId || leftover(container));
}

/** Flags of `ocibench clean`. */
export interface CleanFlags extends DaemonFlags {
  readonly out?: string;
  readonly otherHosts?: boolean;
  readonly images?: boolean;
  readonly cache?: boolean;
}

/** Removes containers from the daemon; those that another host's runs left there only where the user asks for it. */
async function cleanDaemon(engine: DockerEngine, flags: CleanFlags): Promise<readonly string[]> {
  const [leftover, here] = [await leftoverTest(), hostIdentity()];
  const foreign = ({ host }: OurContainer) => host !== here;
  const wanted = (container: OurContainer) =>
    leftover(container) || (flags.otherHosts === true && foreign(container));
  const removed = [...(await removeContainers(engine, wanted))];
  if (flags.images) removed.push(...(await engine.removeOurImages()));
  const others = (await engine.ourContainers().catch(() => [])).filter(foreign);
  if (others.length > 0)
    terminal.warn(
      `containers of other hosts' runs on this daemon, left alone: ${others.length}; once none of them measures any more:  ocibench clean --other-hosts`,
    );
  return removed;
}

/** `ocibench clean`: goes by our labels and our names alone; what is not ours is never touched. */
export async function cleanCommand(flags: CleanFlags): Promise<ExitCode> {
  const removed = [...(await removeLeftovers(resolve(flags.out ?? '.')))];
  const connected = await connectIfThere(flags);
  if (connected !== null) {
    removed.push(...(await cleanDaemon(connected.engine, flags)));
    await connected.close();
  }
  if (flags.cache) {
    await rm(cacheDirectory(), { recursive: true, force: true });
    removed.push(cacheDirectory());
  }
  terminal.result(
    spoken(
      removed.length === 0 ? 'nothing was left behind' : removed.map((what) => `removed ${what}`).join('\n'),
    ),
  );
  return exitCodes.ok;
}
