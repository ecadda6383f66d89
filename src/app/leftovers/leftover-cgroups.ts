import { type CgroupLayout, detectCgroupLayout } from '../../core/collect/cgroup/layout.ts';
import {
  type CgroupObservation,
  lookAtRun,
  removeRunCgroups,
  removeUnused,
  staleRuns,
} from '../../core/collect/cgroup/run.ts';
import {
  kataContainersOf,
  kataOverheadsFile,
  openKataOverheads,
  runsWithKataOverheads,
} from '../../core/collect/kata-overheads.ts';
import { maxTimeoutMs } from '../../core/config/container-requests.ts';
import { everyRuntime, runtimesOf } from '../../core/config/registered-runtimes.ts';
import type { ScratchDirectories } from '../../core/engine/scratch.ts';
import { startLimitOf } from '../../core/host/guest-configuration.ts';
import type { Liveness } from '../../core/host/process-identity.ts';
import { registeredRuns, runtimeDirectory, unregisterRun } from '../../core/host/run-registry.ts';
import { isRoot } from '../../core/host/state-directory.ts';
import { listed } from '../../core/messages/compose.ts';
import { notices } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { runIdSchema } from '../../core/model/run/run.ts';
import { endProcessesOf, killLimitMs } from './dead-run-processes.ts';
import type { LeftoverSearch, Leftovers } from './found-leftovers.ts';

const text = notices('leftovers', {
  cgroups: 'cgroups of run {run}',
  cgroupsExcept: 'cgroups of run {run}, except: {left}',
  trialCgroups: 'cgroups of {n, plural, one {# trial} other {# trials}} of run {run}, over by now',
  kataCgroups: "Kata's cgroups of run {run}",
  kataCgroupsExcept: "Kata's cgroups of run {run}, except of {n} containers",
  cgroupsForRoot: 'cgroups of {n} runs ({runs}…), which only root can remove:  @(sudo clean)',
  mayBeMeasured:
    'cgroups of {n, plural, one {# run} other {# runs}} ({runs}), which may still be measured; once that is over:  @(clean)',
});

/**
 * Longest possible trial, ms: a workload's steps and the end of its container may take an hour each; ten minutes exceed what
 * any runtime may take to create, start, stop and remove a container.
 */
const longestTrialMs = 2 * maxTimeoutMs + 10 * 60_000;

/** Time for the end of a trial, ms: its last output is awaited for 10 s, and Kata may take 90 s to remove it. */
const trialEndMs = 100_000;

/**
 * Longest time that the cgroup of a running trial may be empty, ms: while its container starts, which a runtime's configuration
 * on this host may allow more time, or at the end, before the totals are read. A run with a longer `stepLimit` is not
 * considered.
 */
function emptyTrialMs(): number {
  const limits = runtimesOf(null, everyRuntime).map((entry) => startLimitOf(entry, true) ?? 0);
  return Math.max(trialEndMs, ...limits);
}

/** Timeout for the processes of a cgroup to end before its removal, ms. */
const overheadLimitMs = 2_000;

/** Removes the overhead cgroups that Kata left of these containers, and those that the run itself recorded. */
export async function removeOverheads(
  runId: string,
  containerIds: readonly string[],
): Promise<readonly Message[]> {
  // The id comes from a container's label, which can hold anything.
  if (!isRoot() || !runIdSchema.safeParse(runId).success) return [];
  const known = runsWithKataOverheads(runtimeDirectory).includes(runId);
  if (!known && containerIds.length === 0) return [];
  const overheads = openKataOverheads(detectCgroupLayout(), kataOverheadsFile(runtimeDirectory, runId));
  const { removed, left } = await overheads.remove(containerIds, overheadLimitMs);
  if (left.length > 0) return [text.kataCgroupsExcept({ run: runId, n: left.length })];
  return removed.length > 0 ? [text.kataCgroups({ run: runId })] : [];
}

/** A slice's name has `_` for `-` (systemd.slice(5)). */
function slicePart(runId: string): string {
  return runId.replaceAll('-', '_');
}

/**
 * Removes unused cgroups of runs whose process cannot be seen from here: no record names it (a user of group docker, or another
 * host that measures through this host's daemon, whose cgroups dockerd made), or it is in another PID namespace. The cgroup of
 * a trial is removed if it is empty and the trial cannot still be running; a run that is still running makes new ones. A run's
 * own cgroup is removed with the last cgroup below it, unless a record names the run: dockerd recreates it with the next trial.
 */
export async function removeUnusedCgroups(
  layout: CgroupLayout,
  runs: readonly { readonly runId: string; readonly isRecorded: boolean }[],
  { now, settle }: LeftoverSearch,
): Promise<Leftovers> {
  // biome-ignore lint/plugin: the kernel dates directories by no other clock.
  const isOld = ({ seenAtMs }: CgroupObservation) => now.getTime() - seenAtMs >= longestTrialMs;
  const first = new Map(runs.map(({ runId }) => [runId, lookAtRun(layout, runId)]));
  const young = runs.filter(({ runId, isRecorded }) =>
    first
      .get(runId)
      ?.some((each) => !each.isPopulated && (each.kind === 'trial' || !isRecorded) && !isOld(each)),
  );
  const isSettled = young.length > 0 && ((await settle?.(young.length, emptyTrialMs())) ?? false);
  const before = new Map([...first.values()].flat().map((each) => [each.path, each]));
  const isOver = (each: CgroupObservation) => {
    const then = before.get(each.path);
    const isSame = then !== undefined && !then.isPopulated && then.state === each.state;
    return !each.isPopulated && (isOld(each) || (isSettled && isSame));
  };
  const removed: Message[] = [];
  const left: string[] = [];
  for (const { runId, isRecorded } of runs) {
    const looks = lookAtRun(layout, runId);
    // The run has ended meanwhile.
    if (looks.length === 0) continue;
    const isRunOver = !isRecorded && looks.every(isOver);
    const containers = isRunOver ? kataContainersOf(layout, runId) : [];
    const gone: CgroupObservation[] = [];
    for (const each of looks)
      if ((isRunOver || (each.kind === 'trial' && isOver(each))) && (await removeUnused(layout, each)))
        gone.push(each);
    const trials = gone.filter(({ kind }) => kind === 'trial').length;
    if (gone.length === looks.length)
      removed.push(...(await removeOverheads(runId, containers)), text.cgroups({ run: runId }));
    else {
      left.push(runId);
      if (trials > 0) removed.push(text.trialCgroups({ n: trials, run: runId }));
    }
  }
  if (left.length === 0) return { removed, leftAlone: [] };
  return {
    removed,
    leftAlone: [text.mayBeMeasured({ n: left.length, runs: listed(left.slice(0, 3)) })],
  };
}

/** Removes the cgroups of ended runs. The caller holds the host's lock. */
export async function removeCgroups(scratch: ScratchDirectories, look: LeftoverSearch): Promise<Leftovers> {
  const layout = detectCgroupLayout();
  if (!isRoot()) {
    const alive = new Set(scratch.alive.map(({ runId }) => slicePart(runId)));
    const stay = staleRuns(layout).filter((runId) => !alive.has(slicePart(runId)));
    const told = text.cgroupsForRoot({ n: stay.length, runs: listed(stay.slice(0, 3)) });
    return { removed: [], leftAlone: stay.length > 0 ? [told] : [] };
  }
  const removed: Message[] = [];
  const known = new Map<string, Liveness>();
  /** Runs with cgroups that could not be removed. */
  const busy = new Set<string>();
  for (const { runId } of scratch.stale) known.set(slicePart(runId), 'gone');
  for (const { runId } of scratch.alive) known.set(slicePart(runId), 'running');
  const registered = await registeredRuns();
  for (const [runId, liveness] of registered) known.set(slicePart(runId), liveness);
  const runs = staleRuns(layout).map((runId) => ({ runId, liveness: known.get(slicePart(runId)) }));
  for (const { runId, liveness } of runs) {
    if (liveness !== 'gone') continue;
    const containers = kataContainersOf(layout, runId);
    // A daemon of the host may still have started a container for a client that was killed; no client will end it.
    await endProcessesOf(layout, runId, killLimitMs);
    const left = await removeRunCgroups(layout, runId);
    if (left.length > 0) busy.add(slicePart(runId));
    removed.push(...(await removeOverheads(runId, containers)));
    removed.push(
      left.length === 0
        ? text.cgroups({ run: runId })
        : text.cgroupsExcept({ run: runId, left: listed(left, 'semicolon') }),
    );
  }
  const unseen = runs.filter(({ liveness }) => liveness === undefined || liveness === 'unknown');
  const unused = await removeUnusedCgroups(
    layout,
    unseen.map(({ runId, liveness }) => ({ runId, isRecorded: liveness !== undefined })),
    look,
  );
  removed.push(...unused.removed);
  // A run that ended normally has no record, but its list of Kata's overheads names the cgroups that were still busy at its
  // end.
  for (const runId of runsWithKataOverheads(runtimeDirectory)) {
    const liveness = known.get(slicePart(runId)) ?? 'gone';
    if (liveness === 'gone') removed.push(...(await removeOverheads(runId, [])));
  }
  // The record stays while cgroups do: without it, nobody could tell later that the run has ended.
  for (const [runId, liveness] of registered)
    if (liveness === 'gone' && !busy.has(slicePart(runId))) await unregisterRun(runId);
  return { removed, leftAlone: unused.leftAlone };
}
