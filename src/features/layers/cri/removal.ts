import { readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError } from '../../../core/engine/engine.ts';
import { killSeen, processesOfUser } from '../../../core/host/process-identity.ts';
import type { ContainerdClient } from '../containerd/client.ts';
import { unlessGone } from '../containerd/errors.ts';
import { nameLabel } from './pod.ts';

/**
 * Kills the shim of a container and its children: a hanging runtime blocks the shim, and the shim blocks the CRI plugin.
 * containerd then cleans up after the shim. `address`: of the private containerd, which is on its shims' command lines.
 */
async function killShim(address: string, id: string): Promise<void> {
  const all = await processesOfUser(() => true);
  for (const { pid, argv } of all) {
    if (!basename(argv[0] ?? '').startsWith('containerd-shim') || !argv.includes(address)) continue;
    // gVisor's shim of 2024 has the id only in its working directory; later ones also on the command line.
    const isOf = argv.includes(id) || (await readlink(`/proc/${pid}/cwd`).catch(() => '')).endsWith(`/${id}`);
    if (!isOf) continue;
    const doomed = new Set([pid]);
    for (let before = -1; before !== doomed.size; ) {
      before = doomed.size;
      for (const each of all) if (doomed.has(each.parent)) doomed.add(each.pid);
    }
    killSeen(all.filter((each) => doomed.has(each.pid)));
  }
}

/** Polling interval, and the time without a match after which all is removed, ms: an aborted call is still cleaning up. */
const lookMs = 100;
const quietMs = 500;

/** Removes a pod with its containers, running or not. Rejects with EngineError. */
export async function removePod(
  client: ContainerdClient,
  podSandboxId: string,
  signal: AbortSignal,
): Promise<void> {
  await unlessGone(client.call('runtime', 'StopPodSandbox', { podSandboxId }, { signal }));
  await unlessGone(client.call('runtime', 'RemovePodSandbox', { podSandboxId }, { signal }));
}

/**
 * Removes the remains of pods with this name after an aborted creation, until none has appeared for half a second. `address`:
 * of the containerd. Rejects with EngineError, or with AbortError if `signal` is aborted first.
 */
export async function removeNamed(
  client: ContainerdClient,
  address: string,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  interface PodList {
    readonly id: string;
  }
  const filter = { labelSelector: { [nameLabel]: name } };
  const filters = [`labels.${JSON.stringify(nameLabel)}==${JSON.stringify(name)}`];
  const tried = (removal: Promise<void>) =>
    removal.catch((error: unknown) => {
      if (signal.aborted || (error instanceof EngineError && error.connectionLost)) throw error;
    });
  for (let since = performance.now(); performance.now() - since < quietMs; ) {
    const { items } = await client.call<{ readonly items: readonly PodList[] }>(
      ...(['runtime', 'ListPodSandbox', { filter }, { signal }] as const),
    );
    for (const { id } of items) await tried(removePod(client, id, signal));
    const { containers } = await client.call<{ readonly containers: readonly PodList[] }>(
      ...(['containers', 'List', { filters }, { signal }] as const),
    );
    // The plugin no longer lists the pod of these containers: it is cleaning up, and waits for a hanging runtime.
    for (const { id } of containers) await killShim(address, id);
    if (items.length + containers.length > 0) since = performance.now();
    await sleep(lookMs, undefined, { signal });
  }
}
