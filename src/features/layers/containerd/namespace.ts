import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError } from '../../../core/engine/engine.ts';
import { labelled, namespaceOf, runLabel } from '../../../core/engine/labels.ts';
import { notices } from '../../../core/messages/define.ts';
import { type ContainerdClient, containerdClient } from './client.ts';
import { unlessGone } from './errors.ts';

const text = notices('layer.containerd', { stillRuns: 'a container in it does not end' });

const sigkill = 9;
/** Timeout of the removal of a namespace, and pause between two attempts, ms. */
const removeMs = 20_000;
const retryMs = 200;
/** Label with the snapshotter of a run. */
const snapshotterLabel = 'io.ocibench.snapshotter';

/** The labels of a run's namespace. */
export function namespaceLabels(labels: Readonly<Record<string, string>>, snapshotter: string) {
  return { ...labels, [snapshotterLabel]: snapshotter };
}

interface ListedNamespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** All namespaces of a containerd. Rejects with EngineError. */
async function listNamespaces(client: ContainerdClient): Promise<readonly ListedNamespace[]> {
  const signal = AbortSignal.timeout(removeMs);
  const answer = await client.call<{ readonly namespaces: readonly ListedNamespace[] }>(
    ...(['namespaces', 'List', {}, { signal }] as const),
  );
  return answer.namespaces;
}

/** Namespaces of ocibench's runs, recognised by both name and labels. Rejects with EngineError. */
export async function runNamespaces(client: ContainerdClient) {
  const all = await listNamespaces(client);
  return all
    .filter(({ name, labels }) => labels[runLabel] !== undefined && name === namespaceOf(labels[runLabel]))
    .map(({ name, labels }) => ({
      ...labelled(name, labels),
      snapshotter: labels[snapshotterLabel] ?? null,
    }));
}

/** Number of running tasks in namespaces other than those of runs. Rejects with EngineError. */
export async function tasksOfOthers(client: ContainerdClient): Promise<number> {
  const own = new Set((await runNamespaces(client)).map(({ id }) => id));
  let count = 0;
  for (const { name } of await listNamespaces(client)) {
    if (own.has(name)) continue;
    type Tasks = { readonly tasks: readonly { readonly status: string }[] };
    const { tasks } = await client.call<Tasks>('tasks', 'List', {}, { namespace: name });
    count += tasks.filter(({ status }) => status === 'RUNNING' || status === 'PAUSED').length;
  }
  return count;
}

/** Collects the items of a stream of answers. */
async function streamed<T>(
  client: ContainerdClient,
  service: 'snapshots' | 'content',
  request: object,
): Promise<T[]> {
  const found: T[] = [];
  await client.follow(service, 'List', request, (message) => {
    found.push(...(message as { readonly info: readonly T[] }).info);
  }).ended;
  return found;
}

/** One attempt to remove the content of a namespace. false where a task has not ended yet. */
async function removeContent(client: ContainerdClient, snapshotter: string | null): Promise<boolean> {
  const signal = AbortSignal.timeout(removeMs);
  const attempt = async (...call: Parameters<ContainerdClient['call']>) => {
    const [service, name, request] = call;
    await unlessGone(client.call(service, name, request, { signal })).catch((error: unknown) => {
      if (!(error instanceof EngineError) || error.connectionLost || signal.aborted) throw error;
    });
  };
  type Tasks = { readonly tasks: readonly { readonly id: string }[] };
  const tasksNow = async () => (await client.call<Tasks>('tasks', 'List', {}, { signal })).tasks;
  for (const { id: containerId } of await tasksNow()) {
    await attempt('tasks', 'Kill', { containerId, signal: sigkill, all: true });
    await attempt('tasks', 'Delete', { containerId });
  }
  // containerd would forget a container whose shim still runs.
  if ((await tasksNow()).length > 0) return false;
  type Containers = { readonly containers: readonly { readonly id: string }[] };
  const { containers } = await client.call<Containers>('containers', 'List', {}, { signal });
  for (const { id } of containers) await attempt('containers', 'Delete', { id });
  if (snapshotter !== null) {
    const snapshots = await streamed<{ readonly name: string; readonly parent: string }>(
      client,
      'snapshots',
      {
        snapshotter,
      },
    );
    // Parents of other snapshots are removed last.
    const parents = new Set(snapshots.map(({ parent }) => parent));
    for (const { name: key } of snapshots.toSorted(
      (a, b) => Number(parents.has(a.name)) - Number(parents.has(b.name)),
    ))
      await attempt('snapshots', 'Remove', { snapshotter, key });
  }
  for (const { digest } of await streamed<{ readonly digest: string }>(client, 'content', {}))
    await attempt('content', 'Delete', { digest });
  type Leases = { readonly leases: readonly { readonly id: string }[] };
  const { leases } = await client.call<Leases>('leases', 'List', {}, { signal });
  for (const { id } of leases) await attempt('leases', 'Delete', { id, sync: true });
  return true;
}

/**
 * Removes a run's namespace with its content; kills tasks first. The caller must have checked that it is a run's namespace.
 * Rejects with EngineError where that does not succeed in time.
 */
export async function removeNamespace(
  address: string,
  { id: name, snapshotter }: { readonly id: string; readonly snapshotter: string | null },
): Promise<void> {
  const client = containerdClient(address, name);
  const deadline = performance.now() + removeMs;
  try {
    for (;;) {
      const isEmpty = await removeContent(client, snapshotter);
      try {
        if (isEmpty) return void (await unlessGone(client.call('namespaces', 'Delete', { name })));
        if (performance.now() > deadline) throw new EngineError(text.stillRuns, null);
      } catch (error) {
        // An object that was just removed may still be visible.
        if (performance.now() > deadline) throw error;
      }
      await sleep(retryMs);
    }
  } finally {
    client.close();
  }
}
