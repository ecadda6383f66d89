import { describe, expect, it } from 'vitest';
import {
  gvisorFromArgs,
  gvisorFromToml,
  gvisorRelease,
  runscNetworkFails,
  runtimeBinary,
  runtimeFamily,
  shimBinary,
} from '../../src/host/runtime-family.ts';
import type { RuntimeEntry } from '../../src/model/runtime.ts';

const entry = (fields: Partial<RuntimeEntry>): RuntimeEntry => ({
  name: 'x',
  origin: 'daemon.json',
  ...fields,
});

describe('runtimeFamily', () => {
  it.each([
    ['runc', { name: 'runc', origin: 'built-in' }],
    ['runc', { path: '/usr/sbin/runc' }],
    ['crun', { path: '/usr/bin/crun' }],
    ['crun', { name: 'runc-fast', path: '/opt/crun-1.21' }],
    ['runsc', { path: '/usr/local/bin/runsc' }],
    ['runsc', { name: 'gvisor', path: '/opt/wrapper.sh' }],
    ['runsc', { runtimeType: 'io.containerd.runsc.v1' }],
    ['kata', { path: '/usr/bin/kata-runtime' }],
    ['kata', { runtimeType: 'io.containerd.kata-fc.v2' }],
    ['kata', { runtimeType: '/opt/kata/bin/containerd-shim-kata-v2' }],
    ['youki', { path: 'youki' }],
    ['crun', { runtimeType: 'io.containerd.runc.v2', options: { BinaryName: '/usr/bin/crun' } }],
    ['runc', { runtimeType: 'io.containerd.runc.v2' }],
    ['other', { path: '/usr/bin/nvidia-container-runtime', name: 'nvidia' }],
    ['runc', { path: '/opt/runsc/bin/runc', name: 'y' }],
    ['other', { runtimeType: 'io.containerd.wasmedge.v1' }],
  ] as const)('%s: %j', (family, fields) => expect(runtimeFamily(entry(fields))).toBe(family));
});

describe('shim and binary names', () => {
  it.each([
    ['io.containerd.kata.v2', 'containerd-shim-kata-v2'],
    ['io.containerd.runsc.v1', 'containerd-shim-runsc-v1'],
    ['/opt/kata/bin/containerd-shim-kata-v2', '/opt/kata/bin/containerd-shim-kata-v2'],
    ['foo', null],
    ['foo.', null],
  ])('%s → %s', (type, shim) => expect(shimBinary(type)).toBe(shim));

  it('asks the OCI runtime behind a runc shim, not the shim', () => {
    expect(
      runtimeBinary(
        entry({ runtimeType: 'io.containerd.runc.v2', options: { BinaryName: '/usr/bin/crun' } }),
      ),
    ).toBe('/usr/bin/crun');
    expect(runtimeBinary(entry({ runtimeType: 'io.containerd.kata.v2' }))).toBe('containerd-shim-kata-v2');
    expect(runtimeBinary(entry({ path: 'crun' }))).toBe('crun');
    expect(runtimeBinary(entry({ name: 'runc' }))).toBe('runc');
    expect(runtimeBinary(entry({}))).toBeNull();
  });
});

describe('gVisor settings', () => {
  it.each([
    [[], 'systrap', 'sandbox'],
    [['--platform=kvm', '--network=host'], 'kvm', 'host'],
    [['-platform', 'ptrace', '--network', 'none'], 'ptrace', 'none'],
    [['--platform=kvm', '--platform=systrap'], 'systrap', 'sandbox'],
    [['--platform_device_path=/dev/kvm'], 'systrap', 'sandbox'],
  ])('%j → %s, %s', (args, platform, network) => expect(gvisorFromArgs(args)).toEqual({ platform, network }));

  it('reads runsc.toml, only its [runsc_config]', () => {
    const toml =
      'log_path = "/x"\nplatform = "wrong"\n[runsc_config]\n  platform = "kvm"\n  # network = "none"\n"network" = \'host\'\n[other]\nplatform = "wrong"\n';
    expect(gvisorFromToml(toml)).toEqual({ platform: 'kvm', network: 'host' });
    expect(gvisorFromToml('[runsc_config]\n')).toEqual({ platform: 'systrap', network: 'sandbox' });
    expect(gvisorFromToml('')).toEqual({ platform: 'systrap', network: 'sandbox' });
  });
});

describe('the runsc network bug', () => {
  it.each([
    ['runsc version 0.0~20240729.0', 20240729],
    ['runsc version release-20250820.0', 20250820],
    ['runsc version VERSION_MISSING', null],
    ['commit 1202407291', null],
  ])('release of %s', (version, release) => expect(gvisorRelease(version)).toBe(release));

  it.each([
    ['0.0~20240729.0', true, '6.12.0', true],
    ['0.0~20240729.0', false, '6.12.0', false],
    ['release-20240807.0', true, '6.12.0', false],
    ['release-20240729.0', null, '6.11.0-1-amd64', true],
    ['release-20240729.0', null, '6.6.87', false],
    ['release-20240729.0', null, '7.0.1', true],
    ['no date', true, '6.12.0', false],
  ])('%s, seen in a namespace: %s, Linux %s → %s', (version, visible, kernel, fails) =>
    expect(runscNetworkFails(version, visible, kernel)).toBe(fails),
  );
});
