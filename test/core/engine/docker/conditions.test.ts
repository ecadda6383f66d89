import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { daemonConditions } from '../../../../src/core/engine/docker/conditions.ts';
import { engineConditionsSchema } from '../../../../src/core/model/machine/host.ts';

const info = {
  SecurityOptions: ['name=apparmor', 'name=seccomp,profile=builtin', 'name=cgroupns'],
  LiveRestoreEnabled: false,
  LoggingDriver: 'json-file',
  DriverStatus: [
    ['Backing Filesystem', 'extfs'],
    ['Supports d_type', 'true'],
  ],
};
const bridge = { Options: { 'com.docker.network.bridge.enable_icc': 'true' } };
const of = (changes: object, network: unknown = bridge) =>
  daemonConditions({ info: { ...info, ...changes }, bridge: network, otherContainers: 2 });

describe('conditions of a daemon', () => {
  test('out of its answers', () => {
    expect(of({})).toEqual({
      seccomp: 'builtin',
      securityModule: 'apparmor',
      noNewPrivileges: false,
      liveRestore: false,
      icc: true,
      logDriver: 'json-file',
      backingFileSystem: 'extfs',
      otherContainers: 2,
    });
  });

  test('that production sets otherwise', () => {
    expect(
      of(
        {
          SecurityOptions: [
            'name=seccomp,profile=/etc/docker/seccomp.json',
            'name=no-new-privileges',
            'name=selinux',
          ],
          LiveRestoreEnabled: true,
        },
        { Options: { 'com.docker.network.bridge.enable_icc': 'false' } },
      ),
    ).toMatchObject({
      seccomp: '/etc/docker/seccomp.json',
      securityModule: 'selinux',
      noNewPrivileges: true,
      liveRestore: true,
      icc: false,
    });
    expect(of({ SecurityOptions: ['name=seccomp,profile=unconfined'] }).seccomp).toBe('unconfined');
    expect(of({ SecurityOptions: ['name=seccomp,profile=default'] }).seccomp).toBe('builtin');
    expect(of({ SecurityOptions: [] })).toMatchObject({ seccomp: 'none', securityModule: 'none' });
  });

  test('that it does not tell are absent', () => {
    expect(daemonConditions({ info: {}, bridge: undefined, otherContainers: 0 })).toEqual({
      otherContainers: 0,
    });
    expect(of({ DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']] })).not.toHaveProperty(
      'backingFileSystem',
    );
    expect(of({}, { Options: null })).not.toHaveProperty('icc');
  });

  test('of a hostile daemon are cut, or absent', () => {
    expect(of({ LoggingDriver: 'x'.repeat(1e6) }).logDriver).toHaveLength(200);
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(info)), fc.jsonValue()),
        fc.jsonValue(),
        (changes, network) => {
          const found = of(changes, network);
          expect(engineConditionsSchema.strict().parse(found)).toEqual(found);
        },
      ),
    );
  });
});
