import { expect, test } from 'vitest';
import type { ContainerRequest, Workload } from '../../../../src/core/model/workload/workload.ts';
import { runtimeCommand } from '../../../../src/core/runtimes/registry.ts';
import { unsupportedAlone } from '../../../../src/features/layers/oci/container.ts';
import { lineWorkload, runtimeFacts } from '../../../support/records.ts';

test('a runtime is called by its path with its arguments, and gVisor without a network of its own unless one is named', () => {
  const entry = { name: 'it', origin: 'daemon.json' } as const;
  expect(runtimeCommand({ ...entry, name: 'runc' })).toEqual(['runc']);
  expect(runtimeCommand({ ...entry, path: '/opt/crun', runtimeArgs: ['--debug'] })).toEqual([
    '/opt/crun',
    '--debug',
  ]);
  const gvisor = { ...entry, path: '/usr/bin/runsc' };
  expect(runtimeCommand({ ...gvisor, runtimeArgs: ['--platform=kvm'] })).toEqual([
    '/usr/bin/runsc',
    '--platform=kvm',
    '--network=none',
  ]);
  expect(runtimeCommand({ ...gvisor, runtimeArgs: ['--network=host'] })).toEqual([
    '/usr/bin/runsc',
    '--network=host',
  ]);
});

const asking = (request: Partial<ContainerRequest>, more: Partial<Workload> = {}) => {
  const container = () => ({ command: ['true'], timeoutMs: 1_000, ...request });
  return { workload: { ...lineWorkload('io/a'), container, ...more }, params: {} };
};

test.each([
  ['a network', asking({ network: 'bridge' }), 'a runtime called directly creates no bridge network'],
  [
    'a peer',
    asking({}, { peer: () => ({ image: 'base', command: ['true'] }) }),
    'a runtime called directly creates no bridge network',
  ],
  [
    'a volume',
    asking({ mounts: [{ type: 'volume', target: '/v' }] }),
    'a runtime called directly has no volumes',
  ],
  ['a log', asking({ log: 'local' }), 'a runtime called directly has no log driver'],
  [
    'an image that was pulled',
    asking({}, { image: { reference: 'alpine:3' } }),
    'the image is one of Docker’s own; only images built from a recipe are unpacked',
  ],
])('%s is not to be had', (_, subject, why) => {
  expect(unsupportedAlone(subject, runtimeFacts('runc'))?.text).toBe(why);
});

test('a bind mount, a tmpfs and limits are; a shim has no command', () => {
  const mounts = [
    { type: 'bind', target: '/b' },
    { type: 'tmpfs', target: '/t' },
  ] as const;
  const subject = asking({ mounts, cpus: 1, memoryBytes: 2 ** 26 });
  expect(unsupportedAlone(subject, runtimeFacts('runc'))).toBeNull();
  const shim = {
    entry: { name: 'kata', runtimeType: 'io.containerd.kata.v2', origin: 'daemon.json' },
  } as const;
  expect(unsupportedAlone(subject, shim)?.text).toMatch(/containerd shim/);
});
