import { describe, expect, test } from 'vitest';
import { entryFailure } from '../../../../src/core/host/preflight/explain.ts';
import { shimBinary, shimType } from '../../../../src/core/runtimes/entry.ts';

const origin = 'daemon.json' as const;
const failure = (path: string, version: string | null, name = 'mine') =>
  entryFailure({ entry: { name, path, origin }, daemonJson: '/srv/daemon.json' }, version);

describe('an entry that cannot work, before anything is started', () => {
  test.each([
    ['/opt/kata/bin/containerd-shim-kata-v2', 'io.containerd.kata.v2'],
    ['/usr/local/bin/containerd-shim-runsc-v1', 'io.containerd.runsc.v1'],
    ['/usr/bin/containerd-shim-runc-v2', 'io.containerd.runc.v2'],
    ['containerd-shim-spin-v2', 'io.containerd.spin.v2'],
    ['/opt/containerd-shim-kata-qemu-v2', 'io.containerd.kata-qemu.v2'],
    ['io.containerd.kata.v2', 'io.containerd.kata.v2'],
  ])('%s as a path: the shim is registered as %s', (path, type) => {
    const found = failure(path, null);
    expect([found?.code, found?.message.text]).toEqual(['shim-by-path', expect.stringContaining(path)]);
    expect(found?.fix.text).toContain(
      `write "mine": {"runtimeType": "${type}"} under "runtimes" in /srv/daemon.json`,
    );
  });

  test.each([
    ['kata-runtime', '3.25.0'],
    ['my-kata-wrapper', '2.5.2'],
    ['kata-runtime', '4.1.0'],
  ])('%s of Kata %s as a path: a tool', (name, version) => {
    const found = failure(`/usr/bin/${name}`, version, 'kata');
    expect([found?.code, found?.message.text]).toEqual([
      'kata-not-oci',
      expect.stringContaining(`${name} is a tool`),
    ]);
    expect(found?.fix.text).toContain('"kata": {"runtimeType": "io.containerd.kata.v2"}');
  });

  test.each([
    ['/usr/bin/kata-runtime', '1.12.1'],
    ['/usr/bin/kata-runtime', null],
    // A wrapper that is named after Kata prints the version of what it calls.
    ['/opt/kata-test', 'runsc version release-20240729.0'],
    ['/usr/bin/runsc', 'release-20240729.0'],
    ['/usr/bin/runc', '1.3.0'],
    ['/opt/shims/containerd-shimmy', '3.0.0'],
  ])('%s of version %s may work', (path, version) => {
    expect(failure(path, version)).toBeNull();
  });

  test('a runtimeType is never one', () => {
    const entry = { name: 'kata', runtimeType: '/opt/kata/bin/containerd-shim-kata-v2', origin };
    expect(entryFailure({ entry }, '3.25.0')).toBeNull();
  });
});

test.each(['io.containerd.kata.v2', 'io.containerd.runsc.v1', 'io.containerd.kata-qemu.v2'])(
  'the type of the shim of %s is that type',
  (type) => expect(shimType(`/opt/bin/${shimBinary(type)}`)).toBe(type),
);
