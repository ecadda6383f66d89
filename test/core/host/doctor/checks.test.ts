import { describe, expect, it, test } from 'vitest';
import { engineChecks } from '../../../../src/core/host/doctor/engine-checks.ts';
import { familyChecks } from '../../../../src/core/host/doctor/family-checks.ts';
import type { CheckInputs } from '../../../../src/core/host/doctor/host-check.ts';
import { hostChecks, unseenHostChecks } from '../../../../src/core/host/doctor/host-checks.ts';
import { checkSchema, type EngineFacts, type HostFacts } from '../../../../src/core/model/machine/host.ts';

const fit: HostFacts = {
  hostname: 'h',
  os: 'Debian',
  kernel: '6.12.1',
  arch: 'x86_64',
  cpuModel: 'x',
  cpus: 4,
  microcode: null,
  memoryBytes: 8 * 1024 ** 3,
  cgroup: 'v2',
  controllers: ['cpu', 'cpuset', 'io', 'memory', 'pids'],
  hypervisor: null,
  emulation: null,
  clocksource: 'tsc',
  governor: 'performance',
  turbo: false,
  smt: false,
  thpShmem: 'advise',
  ksm: false,
  swapUsedBytes: 0,
  loadAverage1: 0.1,
  mitigations: { meltdown: 'Mitigation: PTI', spectre_v2: 'Mitigation: Retpolines', tsa: 'Not affected' },
};
const calm: CheckInputs = {
  root: true,
  otherContainers: 0,
  freeBytes: 50 * 1024 ** 3,
  clockStepNs: 30,
  foreignSandboxes: 0,
};
const engine: EngineFacts = {
  kind: 'docker',
  endpoint: 'unix:///var/run/docker.sock',
  transport: 'unix',
  local: true,
  version: '26.1.5',
  apiVersion: '1.45',
  cgroupVersion: '2',
  cgroupDriver: 'systemd',
  storageDriver: 'overlay2',
  defaultRuntime: 'runc',
  containerdVersion: '1.7.24',
};
const hostCheck = (id: string, host: Partial<HostFacts>, around: CheckInputs = calm) =>
  hostChecks({ ...fit, ...host }, around).find((check) => check.id === id);
const engineCheck = (
  id: string,
  change: Partial<EngineFacts>,
  host: Partial<HostFacts> = {},
  families: Parameters<typeof engineChecks>[2] = [],
) => engineChecks({ ...engine, ...change }, { ...fit, ...host }, families).find((check) => check.id === id);

describe('hostChecks', () => {
  it('finds nothing to say against a fit host', () => {
    const checks = hostChecks(fit, calm);
    expect(checks.filter((check) => check.status !== 'ok')).toEqual([]);
    expect(new Set(checks.map((check) => check.id)).size).toBe(checks.length);
    expect(checks.map((check) => check.id).slice(0, 3)).toEqual(['cgroup', 'cgroup-controllers', 'governor']);
  });

  it.each([
    ['cgroup', { cgroup: 'hybrid' }, 'warn', 'crun'],
    ['cgroup', { cgroup: 'v1' }, 'warn', 'fallback'],
    ['cgroup', { cgroup: 'unknown' }, 'fail', 'cannot start'],
    ['cgroup-controllers', { controllers: ['cpu', 'memory', 'pids'] }, 'warn', 'missing: io'],
    ['cgroup-controllers', { controllers: ['cpu', 'io', 'pids'] }, 'fail', 'missing: memory'],
    [
      'cgroup-controllers',
      { cgroup: 'hybrid', controllers: ['cpu', 'cpuacct', 'memory'] },
      'warn',
      'missing: blkio, pids',
    ],
    ['governor', { governor: 'powersave' }, 'warn', 'powersave'],
    ['governor', { governor: null }, 'unknown', 'no cpufreq'],
    ['turbo', { turbo: true }, 'warn', 'on'],
    ['smt', { smt: null }, 'unknown', 'cannot'],
    [
      'mitigations',
      { mitigations: { meltdown: 'Vulnerable', spectre_v2: 'Vulnerable' } },
      'warn',
      'meltdown and spectre_v2',
    ],
    ['mitigations', { mitigations: {} }, 'unknown', 'vulnerabilities'],
    ['load', { loadAverage1: 2 }, 'warn', '2.00'],
    ['load', { loadAverage1: 9 }, 'fail', '9.00'],
    ['swap', { swapUsedBytes: 1024 ** 3 }, 'warn', '1024 MiB'],
    ['swap', { swapUsedBytes: null }, 'unknown', 'meminfo'],
    ['clocksource', { clocksource: 'hpet' }, 'warn', 'hpet'],
    ['virtualisation', { hypervisor: 'kvm' }, 'warn', 'kvm'],
    ['emulation', { emulation: 'QEMU TCG' }, 'fail', 'Ratios do not carry over'],
    ['ksm', { ksm: true }, 'warn', 'merges'],
  ] as const)('%s of %j: %s', (id, host, status, words) => {
    const check = hostCheck(id, { ...host } as Partial<HostFacts>);
    expect(check?.status).toBe(status);
    expect(check?.detail).toContain(words);
  });

  it.each([
    ['other-containers', { otherContainers: 3 }, 'warn'],
    ['privileges', { root: false }, 'warn'],
    ['foreign-sandboxes', { foreignSandboxes: 0 }, 'ok'],
    ['foreign-sandboxes', { foreignSandboxes: 2 }, 'warn'],
    ['clock-step', { clockStepNs: 40 }, 'ok'],
    ['clock-step', { clockStepNs: 10_000 }, 'warn'],
    ['clock-step', { clockStepNs: 4_000_000 }, 'fail'],
    ['clock-step', { clockStepNs: Number.POSITIVE_INFINITY }, 'fail'],
    ['docker-disk', { dockerDisk: { path: '/var/lib/docker', freeBytes: 2e8 } }, 'fail'],
    ['docker-disk', { dockerDisk: { path: '/var/lib/docker', freeBytes: 1e9 } }, 'warn'],
    ['docker-disk', { dockerDisk: { path: '/var/lib/docker', freeBytes: 1e11 } }, 'ok'],
    ['disk', { freeBytes: 1024 ** 3 }, 'fail'],
    ['disk', { freeBytes: 3 * 1024 ** 3 }, 'warn'],
  ] as const)('%s with %j: %s', (id, around, status) => {
    expect(hostCheck(id, {}, { ...calm, ...around })?.status).toBe(status);
  });

  it('tells how much room the disk of Docker has', () => {
    const dockerDisk = { path: '/var/lib/docker', freeBytes: 2.5 * 1024 ** 3 };
    expect(hostCheck('docker-disk', {}, { ...calm, dockerDisk })?.detail).toBe(
      '2.50 GiB free in /var/lib/docker',
    );
  });

  it.each([
    ['its load', { loadAverage1: 2 }, {}, 'its load average is 2.00 on 4 CPUs. ocibench run --set duet=true'],
    ['its hypervisor', {}, { stealShare: 0.02 }, 'has given 2.0% of its CPU time to others since boot. '],
  ])('proposes duets on a host that is shared, by %s', (_, host, around, words) => {
    expect(hostCheck('duet', host, { ...calm, ...around })?.detail).toContain(words);
    expect(hostCheck('duet', host, { ...calm, ...around })?.status).toBe('ok');
    for (const unfit of [{ cpus: 1 }, { controllers: ['cpu'] }])
      expect(hostCheck('duet', { ...host, ...unfit }, { ...calm, ...around })).toBeUndefined();
  });

  it('proposes no duets on a host of one’s own', () => {
    expect(hostCheck('duet', {}, { ...calm, stealShare: 0.0005 })).toBeUndefined();
    expect(hostCheck('duet', { loadAverage1: null }, { ...calm, stealShare: null })).toBeUndefined();
  });

  it('does not take "not looked at" for "fine"', () => {
    const checks = hostChecks(fit);
    for (const id of ['other-containers', 'privileges', 'disk', 'clock-step', 'foreign-sandboxes'])
      expect(checks.find((check) => check.id === id)?.status).toBe('unknown');
  });

  it('says of every doubt how much it matters and what would mend it', () => {
    const bad = hostChecks(
      {
        ...fit,
        cgroup: 'hybrid',
        controllers: [],
        governor: 'ondemand',
        turbo: true,
        smt: true,
        thpShmem: 'never',
        ksm: true,
        loadAverage1: 3,
        swapUsedBytes: 1e9,
        clocksource: 'acpi_pm',
        hypervisor: 'kvm',
        mitigations: { meltdown: 'Vulnerable' },
      },
      {
        root: false,
        otherContainers: 2,
        freeBytes: 1,
        clockStepNs: 1e7,
        foreignSandboxes: 1,
      },
    );
    for (const check of bad) {
      expect(checkSchema.parse(check)).toEqual(check);
      if (check.status === 'ok') continue;
      expect(check.fix, check.id).toBeTruthy();
      if (check.id !== 'disk') expect(check.detail, check.id).toMatch(/Impact: /);
    }
  });
});

it('who is not root is told of cgroups that stay only where trials are placed in any', () => {
  const said = (engineIsLocal: boolean) =>
    hostCheck('privileges', {}, { ...calm, root: false, engineIsLocal });
  expect(said(true)).toMatchObject({
    detail: expect.stringContaining("The trials' cgroups stay"),
    fix: 'sudo ocibench run',
  });
  expect(said(false)?.detail).not.toMatch(/cgroups|the same as with root/);
  expect(said(false)?.fix).toContain('--engine embedded');
});

describe('an engine behind TCP', () => {
  const said = (endpoint: string, hidden: EngineFacts['hidden']) =>
    engineCheck('engine-local', { endpoint, transport: 'tls', local: false, ...(hidden && { hidden }) });

  it('on the loopback is not called another machine: a port can be forwarded', () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      const check = said(`tcp://${host}:2376`, 'remote');
      expect(check?.detail).toContain('may be a forwarded port');
      expect(check?.fix).toContain('only root can see who accepts');
    }
    for (const host of ['10.0.0.7', '127.0.0.1.example', 'localhost.example'])
      expect(said(`tcp://${host}:2376`, 'remote')?.detail).toContain('is another machine');
    expect(said('tcp://127.0.0.1:2376', 'other-kernel')?.detail).toContain('another kernel');
  });
});

describe("the daemon's settings for all containers", () => {
  const said = (seccomp: string, change: Partial<EngineFacts> = {}) =>
    engineCheck('engine-conditions', {
      conditions: { seccomp, defaultUlimits: 'nofile=1:2', logDriver: 'json-file' },
      ...change,
    });

  it('are a line, and no doubt where they are Docker’s own', () => {
    expect(said('builtin')).toMatchObject({
      status: 'ok',
      detail:
        'seccomp profile builtin; default ulimits nofile=1:2; log driver json-file, which measured containers do not use',
    });
    expect(engineCheck('engine-conditions', {})).toBeUndefined();
    expect(said('builtin', { kind: 'embedded' })).toBeUndefined();
  });

  it('are an error with a limit that has no name, and say not that it applies', () => {
    const conditions = {
      seccomp: 'builtin',
      defaultUlimits: 'nofile (no "Name")=1:2',
      logDriver: 'json-file',
    };
    expect(said('builtin', { conditions })).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('no container starts'),
      fix: expect.stringContaining('"Name": "nofile"'),
    });
  });

  it('are a doubt without a filter, and with another one, with how to change that', () => {
    expect(said('unconfined')).toMatchObject({
      status: 'warn',
      detail: expect.stringContaining('less safe'),
    });
    expect(said('none')).toMatchObject({ status: 'warn', detail: expect.stringContaining('less safe') });
    const own = said('/etc/docker/s.json (sha256 c0ffee)');
    expect(own).toMatchObject({ status: 'warn', detail: expect.stringContaining('/etc/docker/s.json') });
    expect(own?.fix).toContain('/etc/docker/daemon.json; then: systemctl restart docker');
    const rootless = said('unconfined', { local: false, hidden: 'rootless' });
    expect(rootless?.fix).toMatch(/~\/\.config\/docker\/daemon\.json; .*systemctl --user restart docker/);
    expect(said('/usr/share/containers/seccomp.json', { product: 'Podman' })?.status).toBe('ok');
  });
});

test('a check says with its texts what they were made from, and of a doubt how much it weighs', () => {
  expect(hostCheck('load', { loadAverage1: 9 })).toEqual({
    id: 'load',
    title: 'other load',
    status: 'fail',
    impact: 'high',
    detail: 'load average 9.00 on 4 CPUs: trials may have to wait for a CPU. Impact: high',
    fix: 'find the cause and stop it:  top -o %CPU',
    messages: {
      title: { id: 'doctor.load.title' },
      detail: {
        id: 'doctor.load.waiting',
        values: {
          average: {
            id: 'doctor.load.average',
            values: { load: { amount: 9, decimals: 2, unit: '' }, cpus: 4 },
          },
          fix: { id: 'doctor.load.find' },
        },
      },
      fix: { id: 'doctor.load.waiting.fix', values: expect.anything() },
    },
  });
  expect(hostCheck('load', {})).not.toHaveProperty('impact');
});

describe('engineChecks', () => {
  it('finds nothing against a usual engine', () => {
    expect(
      engineChecks(engine, fit, ['runc', 'crun', 'runsc', 'kata']).filter((check) => check.status !== 'ok'),
    ).toEqual([]);
  });

  it.each([
    ['engine-cgroup', { cgroupVersion: '1' }, {}, 'warn'],
    ['engine-cgroup', { cgroupVersion: '1' }, { cgroup: 'hybrid' }, 'ok'],
    ['engine-cgroup', { cgroupVersion: 'unknown' }, {}, 'unknown'],
    ['engine-cgroup-driver', { cgroupDriver: 'none' }, {}, 'fail'],
    ['engine-cgroup-driver', { cgroupDriver: 'cgroupfs' }, {}, 'warn'],
    ['engine-cgroup-driver', { cgroupDriver: 'cgroupfs', kind: 'embedded' }, {}, 'ok'],
    ['engine-storage', { storageDriver: 'vfs' }, {}, 'warn'],
    ['engine-local', { local: false }, {}, 'warn'],
    ['engine-local', { local: false, hidden: 'other-kernel' }, {}, 'warn'],
    ['engine-local', { local: false, hidden: 'rootless' }, {}, 'warn'],
    ['engine-transport', { local: false, transport: 'tcp' }, {}, 'warn'],
    ['engine-transport', { local: false, transport: 'tls' }, {}, undefined],
    ['engine-userns', { userns: { uid: 100000, gid: 100000 } }, {}, 'ok'],
  ] as const)('%s of %j on %j: %s', (id, change, host, status) => {
    expect(engineCheck(id, change as Partial<EngineFacts>, host as Partial<HostFacts>)?.status).toBe(status);
  });

  it('of a machine elsewhere nothing is claimed: neither that it is fit nor that it is not', () => {
    const checks = unseenHostChecks(3);
    expect(checks.map(({ id, status }) => [id, status])).toEqual([
      ['host-unseen', 'unknown'],
      ['other-containers', 'warn'],
    ]);
  });

  it("warns of crun on a hybrid host only with crun and an engine that is not ocibench's", () => {
    const hybrid = { ...fit, cgroup: 'hybrid' } as const;
    const check = (change: Partial<EngineFacts>, family: string) =>
      familyChecks([family], [], { ...engine, ...change }, hybrid, null).find(
        ({ id }) => id === 'crun-hybrid',
      );
    expect(check({ cgroupVersion: '1' }, 'crun')?.status).toBe('fail');
    expect(check({ cgroupVersion: '1', kind: 'embedded' }, 'crun')).toBeUndefined();
    expect(check({ cgroupVersion: '1', local: false }, 'crun')).toBeUndefined();
    expect(check({}, 'runsc')).toBeUndefined();
    const [unified] = familyChecks(['crun'], [], engine, { ...fit, cgroup: 'v2' }, null);
    expect(unified?.id).not.toBe('crun-hybrid');
  });
});
