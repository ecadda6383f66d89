import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { detectCgroupLayout } from '../collect/cgroup-detect.ts';
import { removeRunCgroups, staleRuns } from '../collect/run-cgroups.ts';
import { connectDocker, type DockerEngine } from '../engine/docker-engine.ts';
import { findEndpoint } from '../engine/endpoint.ts';
import { livingScratch, removeStaleScratch, staleScratch } from '../engine/scratch.ts';
import { endOrphans } from '../engine/scratch-processes.ts';
import { hostLockOwner, removeStaleLock } from '../host/host-lock.ts';
import { removeUnfinishedImages } from '../images/build.ts';
import { type ExitCode, exitCodes } from '../model/error.ts';
import { removeTemporaries } from '../store/files.ts';
import { cacheDirectory } from './session.ts';
import { terminal } from './terminal.ts';

const dockerLimitMs = 5_000;
const removeLimitMs = 30_000;

/** The daemon that containers of ours may be left in; null where none answers. */
async function answeringDocker(): Promise<DockerEngine | null> {
  const connect = async () => {
    const endpoint = await findEndpoint();
    return connectDocker(endpoint.connection, 'docker', endpoint.url);
  };
  return Promise.race([connect().catch(() => null), sleep(dockerLimitMs, null, { ref: false })]);
}

/** Under systemd a run is known by its slice, in whose name `_` stands for `-`. */
function slicePart(runId: string): string {
  return runId.replaceAll('-', '_');
}

/** Removes those of our containers whose run is `dead`; goes by our label alone. Returns what was removed, in words. */
async function removeContainers(
  engine: DockerEngine,
  dead: (runId: string) => boolean,
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const { id, runId } of await engine.ourContainers().catch(() => [])) {
    if (!dead(runId)) continue;
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

  const engine = await answeringDocker();
  if (engine !== null) {
    const dead = new Set([...scratch.map(({ runId }) => runId), ...cgroups].map(slicePart));
    removed.push(...(await removeContainers(engine, (runId) => dead.has(slicePart(runId)))));
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

/**
 * Removes containers of ours from a daemon that is not: those of the run that goes on, whose names would be taken, and on
 * this host, where we can tell, those of every run whose process is gone.
 */
export async function removeOldContainers(engine: DockerEngine, runId: string): Promise<readonly string[]> {
  if (engine.facts.kind === 'embedded') return [];
  const living = await livingRuns();
  return removeContainers(engine, (id) => id === runId || (engine.facts.local && !living.has(slicePart(id))));
}

/** `ocibench clean`: goes by our label and our names alone; what is not ours is never touched. */
export async function cleanCommand(flags: {
  readonly out?: string;
  readonly images?: boolean;
  readonly cache?: boolean;
}): Promise<ExitCode> {
  const removed = [...(await removeLeftovers(resolve(flags.out ?? '.')))];
  const engine = await answeringDocker();
  if (engine !== null) {
    const living = await livingRuns();
    removed.push(...(await removeContainers(engine, (runId) => !living.has(slicePart(runId)))));
    if (flags.images) removed.push(...(await engine.removeOurImages()));
  }
  if (flags.cache) {
    await rm(cacheDirectory(), { recursive: true, force: true });
    removed.push(cacheDirectory());
  }
  terminal.result(
    removed.length === 0 ? 'nothing was left behind' : removed.map((what) => `removed ${what}`).join('\n'),
  );
  return exitCodes.ok;
}
