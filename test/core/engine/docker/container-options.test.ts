import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import own from '../../../../examples/own-workload.config.ts';
import { loadWorkloads } from '../../../../src/core/config/workloads.ts';
import { containerOptions } from '../../../../src/core/engine/docker/container-options.ts';
import type { ContainerSpec } from '../../../../src/core/engine/engine.ts';
import type { ContainerProfile } from '../../../../src/core/model/runtime/container-profile.ts';
import {
  type ContainerRequest,
  droppedCapabilities,
  type Workload,
} from '../../../../src/core/model/workload/workload.ts';

const scratch = '/var/tmp/ocibench-run/trials/b000p000';

/** The create call as the runner makes it: every bind mount has a directory of its own below the trial's. */
function optionsOf(request: ContainerRequest, more: Partial<ContainerSpec> = {}) {
  const binds = (request.mounts ?? []).filter(({ type }) => type === 'bind');
  const spec: ContainerSpec = {
    name: 'ocibench-run-b000p000',
    image: 'ocibench/base:1',
    runtime: 'runc',
    request,
    cgroupParent: '/ocibench/run/b000p000',
    bindSources: Object.fromEntries(binds.map(({ target }, index) => [target, `${scratch}/${index}`])),
    labels: { 'io.ocibench.run': 'run' },
    ...more,
  };
  return containerOptions(spec);
}

/** All that is ever set: whatever gives a container more of the host is not among it. */
const hostKeys = new Set([
  'Runtime',
  'NetworkMode',
  'Memory',
  'MemorySwap',
  'PidsLimit',
  'SecurityOpt',
  'CapDrop',
  'LogConfig',
  'CgroupParent',
  'NanoCpus',
  'Mounts',
  'Binds',
  'Tmpfs',
]);

function expectLimits(request: ContainerRequest): void {
  const { HostConfig: host = {}, ...rest } = optionsOf(request);
  expect(Object.keys(host).filter((key) => !hostKeys.has(key))).toEqual([]);
  expect(host.Memory).toBeGreaterThan(0);
  expect(host.MemorySwap).toBe(host.Memory);
  expect(host.PidsLimit).toBe(1024);
  expect(host.SecurityOpt).toEqual(['no-new-privileges']);
  expect(['none', 'bridge']).toContain(host.NetworkMode);
  const kept = new Set<string>(request.needs?.capabilities ?? []);
  expect(host.CapDrop).toEqual(droppedCapabilities.filter((name) => !kept.has(name)));
  for (const bind of host.Binds ?? []) expect(bind).toMatch(new RegExp(`^${scratch}/\\d+:/[^:]+$`));
  for (const mount of host.Mounts ?? []) expect(mount).toMatchObject({ Type: 'volume', Source: '' });
  expect(JSON.stringify(rest)).not.toContain('docker.sock');
  expect(request.timeoutMs).toBeGreaterThan(0);
  expect(request.timeoutMs).toBeLessThanOrEqual(3_600_000);
}

test('every container of every workload, built in or of the documented example, is limited', async () => {
  const workloads = await loadWorkloads((own.ownWorkloads ?? []) as Workload[]);
  let requests = 0;
  for (const workload of workloads)
    for (const params of Object.values(workload.presets).flat()) {
      expectLimits(workload.container(params));
      requests++;
    }
  expect(requests).toBeGreaterThan(100);
});

test('without being asked for there is no log driver, and with one a limit', () => {
  const logOf = (log?: 'json-file' | 'local') =>
    optionsOf({ command: ['true'], timeoutMs: 1, ...(log === undefined ? {} : { log }) }).HostConfig
      ?.LogConfig;
  expect(logOf()).toEqual({ Type: 'none', Config: {} });
  expect(logOf('local')).toEqual({
    Type: 'local',
    Config: { 'max-size': '64m', 'max-file': '1', compress: 'false' },
  });
});

test('those that need more say why', async () => {
  const more = new Map<string, string>();
  for (const workload of await loadWorkloads())
    for (const params of Object.values(workload.presets).flat()) {
      const { needs } = workload.container(params);
      if (needs !== undefined) more.set(workload.id, needs.because);
    }
  expect([...more.keys()].toSorted()).toEqual([
    'app/postgres',
    'isolation/facts',
    'memory/sized',
    'syscall/stress-ng',
  ]);
  for (const because of more.values()) expect(because.length).toBeGreaterThan(20);
});

test('nothing that a request holds beside what is known reaches the daemon', () => {
  const asked = fc.record(
    {
      privileged: fc.constant(true),
      Privileged: fc.constant(true),
      CapAdd: fc.constant(['SYS_ADMIN']),
      Binds: fc.constant(['/:/host', '/var/run/docker.sock:/docker.sock']),
      Devices: fc.constant([{ PathOnHost: '/dev/kvm' }]),
      PidMode: fc.constant('host'),
      HostConfig: fc.constant({ Privileged: true }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(asked, (extra) => {
      const request = { command: ['true'], timeoutMs: 1_000, ...extra };
      expectLimits(request);
      expect(JSON.stringify(optionsOf(request))).not.toMatch(/rivileged":true|\/host|kvm|SYS_ADMIN/);
    }),
  );
});

describe('with a profile', () => {
  const under = (profile: Omit<ContainerProfile, 'name'>, request: Partial<ContainerRequest> = {}) =>
    containerOptions({
      name: 'x',
      image: 'i',
      runtime: 'runc',
      cgroupParent: null,
      bindSources: {},
      labels: { ours: '1' },
      request: { command: [], timeoutMs: 1, ...request },
      profile: { name: 'x', ...profile },
    });

  test('a container has what docker run gives it, and keeps the limits that protect the host', () => {
    expect(under({}).HostConfig).toEqual({
      Runtime: 'runc',
      NetworkMode: 'none',
      Memory: 512 * 2 ** 20,
      MemorySwap: 512 * 2 ** 20,
      PidsLimit: 1024,
      SecurityOpt: [],
    });
  });

  test('each option is one of Docker’s', () => {
    const rules = { defaultAction: 'SCMP_ACT_ERRNO' };
    expect(
      under({
        seccomp: { file: 'f', sha256: 's', rules },
        apparmor: 'mine',
        capDrop: ['ALL'],
        capAdd: ['CHOWN'],
        noNewPrivileges: true,
        readonlyRootfs: true,
        user: '65534:1',
        pidsLimit: 'unlimited',
        memoryBytes: 'unlimited',
        cpus: 1.5,
        ulimits: { nofile: { soft: 1, hard: 2 } },
        init: true,
        tmpfs: { '/tmp': 9 },
        log: 'none',
        labels: { a: 'b', ours: 'theirs' },
      }),
    ).toMatchObject({
      User: '65534:1',
      Labels: { a: 'b', ours: '1' },
      HostConfig: {
        SecurityOpt: ['no-new-privileges', `seccomp=${JSON.stringify(rules)}`, 'apparmor=mine'],
        CapDrop: ['ALL'],
        CapAdd: ['CHOWN'],
        ReadonlyRootfs: true,
        NanoCpus: 1.5e9,
        Ulimits: [{ Name: 'nofile', Soft: 1, Hard: 2 }],
        Init: true,
        Tmpfs: { '/tmp': 'size=9' },
        LogConfig: { Type: 'none', Config: {} },
      },
    });
    const { HostConfig: host } = under({
      pidsLimit: 'unlimited',
      memoryBytes: 'unlimited',
      seccomp: 'unconfined',
    });
    expect(host).toEqual({ Runtime: 'runc', NetworkMode: 'none', SecurityOpt: ['seccomp=unconfined'] });
  });

  test('a workload that measures a log driver keeps it', () => {
    expect(under({}, { log: 'local' }).HostConfig?.LogConfig?.Type).toBe('local');
  });
});

test('a filter in the place of the daemon’s changes nothing else, and yields to that of a profile', () => {
  const request = { command: ['true'], timeoutMs: 1_000 };
  const [usual, unfiltered] = [{}, { seccomp: 'unconfined' as const }].map((more) =>
    optionsOf(request, more),
  );
  expect(unfiltered?.HostConfig).toEqual({
    ...usual?.HostConfig,
    SecurityOpt: ['no-new-privileges', 'seccomp=unconfined'],
  });
  const profile: ContainerProfile = { name: 'own', seccomp: { file: 'f', sha256: '', rules: { own: true } } };
  const security = (more: Partial<ContainerSpec>) => optionsOf(request, more).HostConfig?.SecurityOpt;
  expect(security({ seccomp: 'unconfined', profile })).toEqual(['seccomp={"own":true}']);
  expect(security({ seccomp: 'unconfined', profile: { name: 'plain' } })).toEqual(['seccomp=unconfined']);
});
