import { setTimeout as sleep } from 'node:timers/promises';
import { copyName } from './group.ts';
import type { TrialContext, TrialState } from './trial-context.ts';

/**
 * Time for the engine to remove a container before its processes are killed, ms. While a runtime hangs in create, start
 * or kill, dockerd holds its lock on the container, and the removal would wait for the runtime.
 */
const removeTimeoutMs = 2_000;
/** Timeout of the removal after they were killed, ms: containerd cleans up after a dead shim for 5 s at most. */
const removeAfterKillTimeoutMs = 10_000;

/**
 * Removes the containers that were created and not removed. Removes them by name, since the engine may not have
 * reported the creation. Where the removal hangs, kills the processes of the containers first. Never rejects. Takes at
 * most {@link removeTimeoutMs} + {@link removeAfterKillTimeoutMs}, plus the time to end processes.
 */
export async function removeContainers(context: TrialContext, state: TrialState): Promise<void> {
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
  if (await removedWithin(removeTimeoutMs)) return;
  await observer.endProcesses();
  await removedWithin(removeAfterKillTimeoutMs);
  giveUp.abort();
}
