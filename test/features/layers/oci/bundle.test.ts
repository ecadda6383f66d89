import { expect, test } from 'vitest';
import type { ContainerSpec } from '../../../../src/core/engine/engine.ts';
import { defaultMemoryBytes, droppedCapabilities } from '../../../../src/core/model/workload/workload.ts';
import { bundleConfig } from '../../../../src/features/layers/oci/bundle.ts';

const place = { id: 'ab'.repeat(32), rootfs: '/scratch/rootfs', limitsSwap: true };
const spec = (request: Partial<ContainerSpec['request']> = {}): ContainerSpec => ({
  name: 'ocibench-run-trial',
  image: 'base',
  runtime: 'runc',
  request: { command: ['/bin/echo', 'hello'], timeoutMs: 1_000, ...request },
  cgroupParent: '/ocibench/run/trial',
  bindSources: { '/data': '/scratch/trials/0' },
  labels: { 'io.ocibench.run': 'run' },
});

test('a container gets its command, its limits and its own cgroup, and no more than it asks for', () => {
  const config = bundleConfig(spec({ env: { A: 'b=c' } }), '/ocibench/run/trial/ct/id', place);
  expect(config.process).toMatchObject({
    args: ['/bin/echo', 'hello'],
    noNewPrivileges: true,
    terminal: false,
  });
  expect(config.process.env).toContain('A=b=c');
  expect(config.root).toEqual({ path: '/scratch/rootfs', readonly: false });
  const { linux } = config;
  expect(linux.cgroupsPath).toBe('/ocibench/run/trial/ct/id');
  expect(linux.namespaces.map(({ type }) => type)).toEqual(['pid', 'network', 'ipc', 'uts', 'mount']);
  expect(linux.resources).toEqual({
    devices: [{ allow: false, access: 'rwm' }],
    memory: { limit: defaultMemoryBytes, swap: defaultMemoryBytes },
    pids: { limit: 1024 },
  });
  const { bounding } = config.process.capabilities;
  for (const name of droppedCapabilities) expect(bounding).not.toContain(`CAP_${name}`);
});

test('where the kernel does not account for swap there is no limit of it, and a CPU limit is a quota', () => {
  const config = bundleConfig(spec({ cpus: 0.5, memoryBytes: 2 ** 26 }), null, {
    ...place,
    limitsSwap: false,
  });
  expect(config.linux.resources).toMatchObject({
    memory: { limit: 2 ** 26 },
    cpu: { period: 100_000, quota: 50_000 },
  });
  expect(config.linux.resources.memory).not.toHaveProperty('swap');
  expect(config.linux).not.toHaveProperty('cgroupsPath');
});

test('a capability is kept where the workload says why', () => {
  const needs = { because: 'it opens a port below 1024', capabilities: ['NET_BIND_SERVICE'] as const };
  const { bounding } = bundleConfig(spec({ needs }), null, place).process.capabilities;
  expect(bounding).toContain('CAP_NET_BIND_SERVICE');
});

test('bind and tmpfs mounts come after the usual ones, as they were asked for', () => {
  const mounts = [
    { type: 'bind', target: '/data' },
    { type: 'tmpfs', target: '/small', bytes: 4096, readOnly: true },
  ] as const;
  expect(bundleConfig(spec({ mounts }), null, place).mounts.slice(-2)).toEqual([
    { destination: '/data', type: 'bind', source: '/scratch/trials/0', options: ['rbind', 'rprivate', 'rw'] },
    {
      destination: '/small',
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['noexec', 'nosuid', 'nodev', 'ro', 'size=4096'],
    },
  ]);
});

test('a container that may be checkpointed is refused io_uring and nothing else; any other has no filter', () => {
  const { linux } = bundleConfig(spec({ checkpoint: true }), null, place);
  expect(linux).toMatchObject({
    seccomp: {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [
        { names: ['io_uring_setup', 'io_uring_enter', 'io_uring_register'], action: 'SCMP_ACT_ERRNO' },
      ],
    },
  });
  expect(bundleConfig(spec(), null, place).linux).not.toHaveProperty('seccomp');
});
