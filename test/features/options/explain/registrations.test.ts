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
      containerd: [
        { name: 'crun', runtimeType: 'io.containerd.runc.v2', binary: '/usr/bin/crun' },
        { name: 'gvisor', runtimeType: 'io.containerd.runsc.v1', binary: null },
        { name: 'kata-qemu', runtimeType: 'io.containerd.kata.v2', binary: null },
        { name: 'youki', runtimeType: 'io.containerd.runc.v2', binary: '/usr/bin/youki' },
      ],
    },
    isInstalled,
  );
  expect(
    registrations.map(({ name, file, daemon, containerd, use, about }) => [
      name,
      file,
      daemon,
      containerd,
      use,
      about,
    ]),
  ).toEqual([
    ['runc', null, 'runc', null, 'built-in', 'runc'],
    [
      'crun',
      '/usr/bin/crun',
      '/usr/bin/crun',
      'io.containerd.runc.v2 (/usr/bin/crun)',
      'usable',
      '/usr/bin/crun',
    ],
    [
      'runsc',
      '/usr/bin/runsc --platform=kvm',
      '/usr/bin/runsc --platform=systrap',
      null,
      'not-loaded',
      '/usr/bin/runsc',
    ],
    ['gone', '/opt/gone', null, null, 'no-program', '/opt/gone'],
    ['kata', 'io.containerd.kata.v2', null, null, 'no-shim', 'containerd-shim-kata-v2'],
    ['spin', 'io.containerd.spin.v2', '', null, 'usable', 'containerd-shim-spin-v2'],
    ['flagged', null, '/usr/bin/crun', null, 'not-in-file', '/usr/bin/crun'],
    ['gvisor', null, null, 'io.containerd.runsc.v1', 'containerd-shim', 'io.containerd.runsc.v1'],
    ['kata-qemu', null, null, 'io.containerd.kata.v2', 'containerd-no-shim', 'containerd-shim-kata-v2'],
    ['youki', null, null, 'io.containerd.runc.v2 (/usr/bin/youki)', 'containerd-program', '/usr/bin/youki'],
  ]);
});

test.each([
  ['/usr/bin/containerd-shim-kata-v2', 'io.containerd.kata.v2'],
  ['/opt/containerd-shim-runsc-v1', 'io.containerd.runsc.v1'],
])('%s is no path that Docker can use, although it is installed', async (path, type) => {
  const file = [{ name: 'mine', path, origin }];
  const daemon = [{ name: 'mine', path }];
  const [, mine] = await registrationsOf({ file, daemon, containerd: [] }, async () => true);
  expect([mine?.use, mine?.about]).toEqual(['shim-by-path', type]);
});

test('without a daemon nothing is said of what it has read', async () => {
  const file = [{ name: 'crun', path: '/usr/bin/crun', origin }];
  const registrations = await registrationsOf({ file, daemon: null, containerd: [] }, isInstalled);
  expect(registrations.map(({ use }) => use)).toEqual(['built-in', 'unasked']);
});
