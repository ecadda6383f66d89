import { describe, expect, it } from 'vitest';
import { machineOf, placeOf } from '../../../../src/core/engine/docker/place.ts';
import { hostFactsSchema } from '../../../../src/core/model/machine/host.ts';

const here = { kernel: '6.12.1', name: 'bench', memoryBytes: 8e9 };
const info = {
  Name: 'bench',
  KernelVersion: '6.12.1',
  MemTotal: 8e9,
  OperatingSystem: 'Debian GNU/Linux 13 (trixie)',
  Architecture: 'x86_64',
  NCPU: 4,
  CgroupVersion: '2',
  SecurityOptions: ['name=seccomp,profile=builtin', 'name=cgroupns'],
  DockerRootDir: '/var/lib/docker',
};
const remapped = {
  ...info,
  SecurityOptions: [...info.SecurityOptions, 'name=userns'],
  DockerRootDir: '/var/lib/docker/100000.100001',
};

describe('where a daemon runs', () => {
  it.each([
    ['at a socket of this machine', info, 'unix', { local: true }],
    ['behind TLS, even on loopback', info, 'tls', { local: false, hidden: 'remote' }],
    ['behind TLS that a dockerd of this machine accepts', info, 'accepted', { local: true }],
    ['the same, but tells nothing', {}, 'accepted', { local: false, hidden: 'other-kernel' }],
    [
      'the same, but tells of another kernel',
      { ...info, KernelVersion: '6.10-linuxkit' },
      'accepted',
      { local: false, hidden: 'other-kernel' },
    ],
    ['behind ssh', info, 'ssh', { local: false, hidden: 'remote' }],
    [
      'under another kernel',
      { ...info, KernelVersion: '6.10-linuxkit' },
      'unix',
      { local: false, hidden: 'other-kernel' },
    ],
    [
      'at a forwarded socket',
      { ...info, Name: 'far', MemTotal: 4e9 },
      'unix',
      { local: false, hidden: 'other-kernel' },
    ],
    ['in a UTS namespace of its own', { ...info, Name: 'far' }, 'unix', { local: true }],
    [
      'rootless',
      { ...info, SecurityOptions: ['name=seccomp,profile=builtin', 'name=rootless'] },
      'unix',
      { local: false, hidden: 'rootless' },
    ],
    ['with userns-remap', remapped, 'unix', { local: true, userns: { uid: 100000, gid: 100001 } }],
    ['old, and tells nothing', {}, 'unix', { local: true }],
    ['without security options', { ...info, SecurityOptions: null }, 'unix', { local: true }],
  ] as const)('%s', (_, told, how, expected) => {
    const reach = how === 'accepted' ? { transport: 'tls' as const, accepted: true } : { transport: how };
    expect(placeOf(told, reach, here)).toEqual(expected);
  });

  it("its machine has the daemon's own facts; missing ones are not made up", () => {
    const machine = hostFactsSchema.parse(machineOf(info));
    expect(machine).toMatchObject({
      hostname: 'bench',
      kernel: '6.12.1',
      cpus: 4,
      memoryBytes: 8e9,
      cgroup: 'v2',
    });
    expect(machine).toMatchObject({
      loadAverage1: null,
      governor: null,
      hypervisor: null,
      cpuModel: 'unknown',
    });
  });
});
