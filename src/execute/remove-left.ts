import { setTimeout as sleep } from 'node:timers/promises';
import { copyName } from './group.ts';
import type { TrialContext, TrialState } from './trial-context.ts';

/**
 * How long the engine may take to remove a container before its processes are ended, ms. While a runtime hangs in create,
 * start or kill, dockerd holds its lock on the container, and the removal would wait as long as the runtime does.
 */
const patienceMs = 2_000;
/** How long the removal may take once they were ended, ms: containerd cleans up after a dead shim for 5 s at most. */
const afterEndMs = 10_000;

/**
 * Removes what was created and not removed; by name, since the engine may not even have said that it had created it.
 * Where the removal hangs, whatever works for the containers is ended first. Never rejects, and takes
 * {@link patienceMs} + {@link afterEndMs} at most beside the time in which processes are ended.
 */
export async function removeLeft(context: TrialContext, state: TrialState): Promise<void> {
  const { engine, container, workload, params, observer } = context;
  if (state.removed) return;
  const group = workload.group?.(params);
  const names =
    group === undefined
      ? [state.containers[0]?.id ?? container.name]
      : Array.from({ length: group.count }, (_, index) => copyName(container.name, index));
  const giveUp = new AbortController();
  const removal = Promise.all(
    names.map((name) => engine.forceRemove(name, giveUp.signal).catch(() => undefined)),
  );
  const removedWithin = (ms: number) =>
    Promise.race([removal.then(() => true), sleep(ms, false, { ref: false })]);
  if (await removedWithin(patienceMs)) return;
  await observer.endProcesses();
  await removedWithin(afterEndMs);
  giveUp.abort();
}
