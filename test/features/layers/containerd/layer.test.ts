import { expect, test } from 'vitest';
import type { ContainerRequest, Workload } from '../../../../src/core/model/workload/workload.ts';
import containerdLayer from '../../../../src/features/layers/adapters/containerd.ts';
import { lineWorkload, runtimeFacts } from '../../../support/records.ts';

const asking = (request: Partial<ContainerRequest>, more: Partial<Workload> = {}) => {
  const container = () => ({ command: ['true'], timeoutMs: 1_000, ...request });
  return { workload: { ...lineWorkload('io/a'), container, ...more }, params: {} };
};
const why = (subject: ReturnType<typeof asking>) =>
  containerdLayer.unsupported(subject, runtimeFacts('runc'))?.text ?? null;

const noNetwork = 'containerd makes no network: its callers do (Docker, CNI plugins)';
test.each([
  ['a network', asking({ network: 'bridge' }), noNetwork],
  ['a peer', asking({}, { peer: () => ({ image: 'base', command: ['true'] }) }), noNetwork],
  ['a volume', asking({ mounts: [{ type: 'volume', target: '/v' }] }), 'containerd has no volumes'],
  ['a log', asking({ log: 'local' }), 'containerd has no log driver'],
  [
    'an image that was pulled',
    asking({}, { image: { reference: 'alpine:3' } }),
    'the image is one of Docker’s own, which containerd does not have',
  ],
])('%s is not to be had', (_, subject, reason) => {
  expect(why(subject)).toBe(reason);
});

test('mounts, limits and shims are', () => {
  const mounts = [
    { type: 'bind', target: '/b' },
    { type: 'tmpfs', target: '/t' },
  ] as const;
  const subject = asking({ mounts, cpus: 1, memoryBytes: 2 ** 26 });
  expect(why(subject)).toBeNull();
  const shim = {
    entry: { name: 'kata', runtimeType: 'io.containerd.kata.v2', origin: 'daemon.json' },
  } as const;
  expect(containerdLayer.unsupported(subject, shim)).toBeNull();
});

test('a checkpoint needs the shim of runc’s command line, and a runtime that knows its options', () => {
  const subject = asking({ checkpoint: true });
  const entry = { origin: 'daemon.json' } as const;
  const said = (more: { name: string; path?: string; runtimeType?: string }) =>
    containerdLayer.unsupported(subject, { entry: { ...entry, ...more } })?.text ?? null;
  expect(said({ name: 'runsc', runtimeType: 'io.containerd.runsc.v1' })).toBe(
    'the containerd shim io.containerd.runsc.v1 takes no options for a checkpoint',
  );
  expect(said({ name: 'crun', path: '/usr/bin/crun' })).toContain('crun does not know');
  expect(said({ name: 'runc', path: '/usr/bin/runc' })).toBeNull();
  expect(said({ name: 'runc', runtimeType: 'io.containerd.runc.v2' })).toBeNull();
});
