import { describe, expect, test } from 'vitest';
import type { ContainerSpec } from '../../../../src/core/engine/engine.ts';
import { containerdProtocol } from '../../../../src/features/layers/containerd/protocol.ts';
import { podLimits, podRequests } from '../../../../src/features/layers/cri/pod.ts';

const spec: ContainerSpec = {
  name: 'ocibench-1-b000p000',
  image: 'ocibench/base:0011',
  runtime: 'crun',
  request: { command: ['/bin/echo', 'hi'], timeoutMs: 1_000 },
  cgroupParent: '/ocibench/run/b000p000',
  bindSources: {},
  labels: { 'io.ocibench.run': 'run' },
};
const place = {
  uid: 'u',
  logDirectory: '/scratch/log',
  logPath: '1',
  isOneSandbox: false,
  limitsSwap: true,
};
const made = (over: Partial<ContainerSpec> = {}, at: Partial<typeof place> = {}) => {
  const requests = podRequests({ ...spec, ...over }, { ...place, ...at });
  return { sandbox: requests.sandbox, ...requests.container('pod') };
};

describe('what the CRI is asked for', () => {
  test('the handler is the runtime, and the image is the one of ocibench', () => {
    const { sandbox, config } = made();
    expect(sandbox.runtimeHandler).toBe('crun');
    expect(config.image).toEqual({ image: 'localhost/ocibench/base:0011' });
    expect(config.command).toEqual(['/bin/echo', 'hi']);
  });

  test('isolation is that of other layers, and a pod has no network of its own', () => {
    const { sandbox, config } = made();
    const { securityContext } = config.linux;
    expect(securityContext).toMatchObject({
      noNewPrivs: true,
      seccomp: { profileType: 'RuntimeDefault' },
      namespaceOptions: { network: 'NODE', pid: 'CONTAINER', ipc: 'POD' },
    });
    expect(securityContext.capabilities.dropCapabilities).toEqual(['ALL']);
    expect(securityContext.capabilities.addCapabilities).not.toContain('NET_RAW');
    expect(securityContext.maskedPaths).toContain('/proc/kcore');
    expect(sandbox.config.linux.securityContext.readonlyRootfs).toBe(true);
  });

  test('a capability comes back only where a workload needs it', () => {
    const needs = { because: 'it changes its root', capabilities: ['SYS_CHROOT'] as const };
    const { config } = made({ request: { ...spec.request, needs } });
    expect(config.linux.securityContext.capabilities.addCapabilities).toContain('SYS_CHROOT');
  });

  test('limits, CPUs and directories of the trial', () => {
    const request = {
      ...spec.request,
      memoryBytes: 2 ** 26,
      cpus: 0.5,
      mounts: [{ type: 'bind', target: '/data' } as const],
    };
    const { config } = made({ request, cpuset: '1', bindSources: { '/data': '/scratch/data' } });
    expect(config.linux.resources).toEqual({
      memoryLimitInBytes: 2 ** 26,
      memorySwapLimitInBytes: 2 ** 26,
      cpuPeriod: 100_000,
      cpuQuota: 50_000,
      cpusetCpus: '1',
    });
    expect(config.mounts).toEqual([
      { containerPath: '/data', hostPath: '/scratch/data', propagation: 'PROPAGATION_PRIVATE' },
    ]);
    expect(made({}, { limitsSwap: false }).config.linux.resources).not.toHaveProperty(
      'memorySwapLimitInBytes',
    );
  });

  test('the pod’s own container is beside the program’s, unless both are in one sandbox', () => {
    const parents = ({ sandbox, sandboxConfig }: ReturnType<typeof made>) => [
      sandbox.config.linux.cgroupParent,
      sandboxConfig.linux.cgroupParent,
    ];
    expect(parents(made())).toEqual(['/ocibench/run/b000p000/rt', '/ocibench/run/b000p000/ct']);
    expect(parents(made({}, { isOneSandbox: true }))).toEqual(Array(2).fill('/ocibench/run/b000p000/ct'));
    expect(made({ cgroupParent: null }).sandbox.config.linux).not.toHaveProperty('cgroupParent');
  });

  test('the requests are messages of the CRI, down to their last field', () => {
    const { method } = containerdProtocol();
    const { sandbox, ...container } = made({ cpuset: '0-3,8' });
    const written = (name: string, request: object) =>
      method('runtime', name).encode(request).toString('latin1');
    for (const word of ['ocibench-1-b000p000', 'crun', '/scratch/log', '/ocibench/run/b000p000/rt'])
      expect(written('RunPodSandbox', sandbox)).toContain(word);
    for (const word of ['/bin/echo', 'HOME', '/root', '0-3,8', 'ALL', 'SETUID', '/proc/kcore', '/proc/sys'])
      expect(written('CreateContainer', container)).toContain(word);
  });
});

test('the kubelet’s own limits add up over the pods of a trial', () => {
  expect(podLimits(spec.request, 3)).toEqual({
    'pids.max': '3072',
    'memory.max': String(3 * 2 ** 29),
    'memory.limit_in_bytes': String(3 * 2 ** 29),
  });
});
