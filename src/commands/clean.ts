import { rm } from 'node:fs/promises';
import { detectCgroupLayout } from '../collect/cgroup-detect.ts';
import { removeRunCgroups, staleRuns } from '../collect/run-cgroups.ts';
import { connectIfThere } from '../engine/connect.ts';
import type { DaemonFlags } from '../engine/docker-context.ts';
import type { DockerEngine } from '../engine/docker-engine.ts';
import { livingScratch, removeScratch, staleScratch } from '../engine/scratch.ts';
import { type ExitCode, exitCodes } from '../model/error.ts';
import { spoken } from './language.ts';
import { cacheDirectory } from './session.ts';
import { terminal } from './terminal.ts';

/** Removes scratch directories and cgroups of runs whose process is gone. Returns what was removed, in words. */
export async function removeLeftovers(): Promise<readonly string[]> {
  if (process.getuid?.() !== 0) return [];
  const removed: string[] = [];
  for (const { path } of await staleScratch()) {
    await removeScratch(path);
    removed.push(path);
  }
  const layout = detectCgroupLayout();
  const living = new Set((await livingScratch()).flatMap((runId) => [runId, runId.replaceAll('-', '_')]));
  for (const runId of staleRuns(layout).filter((id) => !living.has(id))) {
    const left = await removeRunCgroups(layout, runId);
    removed.push(
      left.length === 0 ? `cgroups of run ${runId}` : `cgroups of run ${runId}, except: ${left.join('; ')}`,
    );
  }
  return removed;
}

/** Removes our containers of runs that are no longer alive from a daemon that is not ours. */
async function removeContainers(engine: DockerEngine): Promise<readonly string[]> {
  const living = new Set(await livingScratch());
  const removed: string[] = [];
  for (const { id, runId } of await engine.ourContainers()) {
    if (living.has(runId)) continue;
    await engine.forceRemove(id, AbortSignal.timeout(30_000));
    removed.push(`container ${id.slice(0, 12)} of run ${runId}`);
  }
  return removed;
}

/** `ocibench clean`: goes by our label and our names alone; what is not ours is never touched. */
export async function cleanCommand(
  flags: DaemonFlags & { images?: boolean; cache?: boolean },
): Promise<ExitCode> {
  const removed = [...(await removeLeftovers())];
  const connected = await connectIfThere(flags);
  if (connected !== null) {
    removed.push(...(await removeContainers(connected.engine)));
    if (flags.images) removed.push(...(await connected.engine.removeOurImages()));
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
