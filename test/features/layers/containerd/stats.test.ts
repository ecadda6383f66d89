import { expect, test } from 'vitest';
import { readStats } from '../../../../src/features/layers/containerd/container.ts';
import { containerdProtocol } from '../../../../src/features/layers/containerd/protocol.ts';

const { any, unpack } = containerdProtocol();
const stats = (type: string, value: object) => readStats(type, unpack(any(type, value)));

test('cgroup v1', () => {
  expect(
    stats('io.containerd.cgroups.v1.Metrics', {
      cpu: { usage: { total: 123_456_789 } },
      memory: { usage: { usage: 4096, max: 8192 } },
      pids: { current: 2 },
    }),
  ).toEqual({ cpuNs: 123_456_789, memoryBytes: 4096, memoryPeakBytes: 8192, pids: 2 });
});

test('cgroup v2 counts CPU in µs, and an older containerd does not know its peak of memory', () => {
  expect(
    stats('io.containerd.cgroups.v2.Metrics', {
      cpu: { usageUsec: 1500 },
      memory: { usage: 4096 },
      pids: { current: 1 },
    }),
  ).toEqual({ cpuNs: 1_500_000, memoryBytes: 4096, memoryPeakBytes: null, pids: 1 });
});

test('what a shim leaves out is unknown', () => {
  expect(stats('io.containerd.cgroups.v1.Metrics', {})).toEqual({
    cpuNs: null,
    memoryBytes: null,
    memoryPeakBytes: null,
    pids: null,
  });
});
