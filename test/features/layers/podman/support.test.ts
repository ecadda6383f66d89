import { expect, test } from 'vitest';
import type { ContainerRequest, Workload } from '../../../../src/core/model/workload/workload.ts';
import {
  podmanMissing,
  storageRefusal,
  unsupportedByPodman,
} from '../../../../src/features/layers/podman/support.ts';
import { lineWorkload, runtimeFacts } from '../../../support/records.ts';

const having =
  (...programs: readonly string[]) =>
  async (program: string) =>
    programs.includes(program) ? program : null;

test('what is not installed is named with the command that installs it', async () => {
  const missing = async (...programs: readonly string[]) => (await podmanMissing(having(...programs)))?.text;
  expect(await missing('podman', 'conmon', '/usr/lib/podman/netavark')).toBe(undefined);
  expect(await missing('podman', '/usr/libexec/podman/conmon', 'netavark')).toBe(undefined);
  expect(await missing('podman')).toBe(
    'not installed here: conmon, netavark; fix:  apt-get install -y --no-install-recommends conmon netavark',
  );
  expect(await missing()).toMatch(/^not installed here: podman, conmon, netavark; /);
});

const asking = (request: Partial<ContainerRequest>, more: Partial<Workload> = {}) => {
  const container = () => ({ command: ['true'], timeoutMs: 1_000, ...request });
  return { workload: { ...lineWorkload('io/a'), container, ...more }, params: {} };
};
const runc = runtimeFacts('runc');

test.each([
  ['a network', asking({ network: 'bridge' }), /another kind of bridge network/],
  [
    'a peer',
    asking({}, { peer: () => ({ image: 'base', command: ['true'] }) }),
    /another kind of bridge network/,
  ],
  ['a log', asking({ log: 'local' }), /log drivers/],
  ['an image that was pulled', asking({}, { image: { reference: 'alpine:3' } }), /built from a recipe/],
])('%s is not measured through podman', (_, subject, reason) => {
  expect(unsupportedByPodman(subject, runc)?.text).toMatch(reason);
});

test('volumes and what needs nothing are measured; a containerd shim is not', () => {
  expect(unsupportedByPodman(asking({ mounts: [{ type: 'volume', target: '/v' }] }), runc)).toBeNull();
  expect(unsupportedByPodman(asking({}), runc)).toBeNull();
  const kata = {
    entry: { name: 'kata', runtimeType: 'io.containerd.kata.v2', origin: 'daemon.json' as const },
  };
  expect(unsupportedByPodman(asking({}), kata)?.text).toMatch(/containerd shim/);
});

test('layers that cannot lie where the state is kept: told, with another place', () => {
  // podman 5.4.2 in a container.
  const log =
    "Error: configure storage: 'overlay' is not supported over overlayfs, a mount_program is required: backing file system is unsupported for this graph driver\nocibench: podman info ended with status 125";
  const { text = '' } = storageRefusal(log, '/var/lib/ocibench') ?? {};
  expect(text).toContain('/var/lib/ocibench, which is on overlayfs');
  expect(text).toContain('OCIBENCH_STATE=DIR');
  expect(storageRefusal('Error: no such file', '/var/lib/ocibench')).toBeNull();
});
