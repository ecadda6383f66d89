import { expect, test } from 'vitest';
import { namespaceOf, runLabels } from '../../../../src/core/engine/labels.ts';
import type { ContainerdClient } from '../../../../src/features/layers/containerd/client.ts';
import {
  namespaceLabels,
  runNamespaces,
  tasksOfOthers,
} from '../../../../src/features/layers/containerd/namespace.ts';

const runId = '20260101-000000-abcd';
const labels = namespaceLabels(runLabels(runId), 'overlayfs');
const tasks: Record<string, string[]> = {
  'k8s.io': ['RUNNING', 'STOPPED', 'PAUSED'],
  moby: ['RUNNING'],
  [namespaceOf(runId)]: ['RUNNING'],
};

/** A containerd with these namespaces and tasks, which answers lists alone. */
function containerd(namespaces: readonly object[]): ContainerdClient {
  const call = async (service: string, name: string, _: object, { namespace = '' } = {}) => {
    if (name !== 'List') throw new Error(`${service} ${name}`);
    return service === 'namespaces'
      ? { namespaces }
      : { tasks: (tasks[namespace] ?? []).map((status) => ({ status })) };
  };
  return { call } as unknown as ContainerdClient;
}

test('a namespace is a run’s where name and labels say the same run', async () => {
  const found = await runNamespaces(
    containerd([
      { name: namespaceOf(runId), labels },
      { name: 'k8s.io', labels },
      { name: namespaceOf('20260101-000000-ffff'), labels },
      { name: namespaceOf('20260101-000000-eeee'), labels: {} },
    ]),
  );
  expect(found).toMatchObject([{ id: namespaceOf(runId), runId, snapshotter: 'overlayfs' }]);
});

test('containers of others are those that run in other namespaces', async () => {
  const all = [
    { name: 'k8s.io', labels: {} },
    { name: 'moby', labels: {} },
    { name: namespaceOf(runId), labels },
  ];
  expect(await tasksOfOthers(containerd(all))).toBe(3);
});
