import { describe, expect, it } from 'vitest';
import {
  gvisorFromArgs,
  gvisorFromToml,
  gvisorRelease,
  runscNetworkFails,
} from '../../../../src/core/runtimes/runsc/settings.ts';

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
    ['runsc version release-20260817.0-70-g3c5eee17d', 20260817],
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
