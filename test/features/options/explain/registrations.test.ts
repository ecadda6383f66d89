import { expect, test } from 'vitest';
import { registrationsOf } from '../../../../src/features/options/explain/registrations.ts';

const installed = ['/usr/bin/crun', '/usr/bin/runsc', 'containerd-shim-runsc-v1', 'containerd-shim-spin-v2'];
const isInstalled = async (program: string) => installed.includes(program);
const origin = 'daemon.json' as const;

test('each registration in its column, and what Docker makes of the name', async () => {
  const registrations = await registrationsOf(
    {
      file: [
        { name: 'crun', path: '/usr/bin/crun', origin },
        { name: 'runsc', path: '/usr/bin/runsc', runtimeArgs: ['--platform=kvm'], origin },
        { name: 'gone', path: '/opt/gone', origin },
        { name: 'kata', runtimeType: 'io.containerd.kata.v2', origin },
        { name: 'spin', runtimeType: 'io.containerd.spin.v2', origin },
      ],
      daemon: [
        { name: 'runc', path: 'runc' },
        { name: 'crun', path: '/usr/bin/crun' },
        { name: 'runsc', path: '/usr/bin/runsc', runtimeArgs: ['--platform=systrap'] },
        { name: 'spin' },
        { name: 'flagged', path: '/usr/bin/crun' },
      ],
    },
    isInstalled,
  );
  expect(registrations.map(({ name, file, daemon, use, about }) => [name, file, daemon, use, about])).toEqual(
    [
      ['runc', null, 'runc', 'built-in', 'runc'],
      ['crun', '/usr/bin/crun', '/usr/bin/crun', 'usable', '/usr/bin/crun'],
      [
        'runsc',
        '/usr/bin/runsc --platform=kvm',
        '/usr/bin/runsc --platform=systrap',
        'not-loaded',
        '/usr/bin/runsc',
      ],
      ['gone', '/opt/gone', null, 'no-program', '/opt/gone'],
      ['kata', 'io.containerd.kata.v2', null, 'no-shim', 'containerd-shim-kata-v2'],
      ['spin', 'io.containerd.spin.v2', '', 'usable', 'containerd-shim-spin-v2'],
      ['flagged', null, '/usr/bin/crun', 'not-in-file', '/usr/bin/crun'],
    ],
  );
});

test.each([
  ['/usr/bin/containerd-shim-kata-v2', 'io.containerd.kata.v2'],
  ['/opt/containerd-shim-runsc-v1', 'io.containerd.runsc.v1'],
])('%s is no path that Docker can use, although it is installed', async (path, type) => {
  const file = [{ name: 'mine', path, origin }];
  const daemon = [{ name: 'mine', path }];
  const [, mine] = await registrationsOf({ file, daemon }, async () => true);
  expect([mine?.use, mine?.about]).toEqual(['shim-by-path', type]);
});

test('without a daemon nothing is said of what it has read', async () => {
  const file = [{ name: 'crun', path: '/usr/bin/crun', origin }];
  const registrations = await registrationsOf({ file, daemon: null }, isInstalled);
  expect(registrations.map(({ use }) => use)).toEqual(['built-in', 'unasked']);
});
