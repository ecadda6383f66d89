import { afterEach, expect, test, vi } from 'vitest';
import type { ContainerRequest, Workload } from '../../../../src/core/model/workload/workload.ts';
import { floorKinds, floorRunners } from '../../../../src/features/layers/floor/engine.ts';
import { lineWorkload } from '../../../support/records.ts';

const asking = (request: Partial<ContainerRequest>, more: Partial<Workload> = {}) => {
  const container = () => ({ command: ['/bin/echo', 'a'], timeoutMs: 1_000, ...request });
  return { workload: { ...lineWorkload('startup/a'), container, ...more }, params: {} };
};
const names = (subject: ReturnType<typeof asking>) => floorRunners(subject).map(({ name }) => name);

afterEach(() => vi.unstubAllEnvs());

test('a plain start is run by each tool, from none to most isolation', () => {
  expect(names(asking({}))).toEqual(['fork', 'chroot', 'unshare', 'bwrap', 'nspawn']);
  expect(names(asking({ coldCache: true }))).toHaveLength(5);
});

test.each([
  ['another category', asking({}, { category: 'cpu' })],
  ['an image of another', asking({}, { image: { reference: 'alpine:3' } })],
  ['another recipe', asking({}, { image: 'python' })],
  ['a network', asking({ network: 'bridge' })],
  ['a mount', asking({ mounts: [{ type: 'tmpfs', target: '/t' }] })],
  ['a limit', asking({ memoryBytes: 1e8 })],
  ['steps', asking({}, { steps: () => [{ do: 'stop', graceSeconds: 1 }] })],
  ['a group', asking({}, { group: () => ({ containers: 2 }) as never })],
])('nobody runs a workload that needs %s', (_, subject) => {
  expect(names(subject)).toEqual([]);
});

test('a tool that is not installed says so, and which package has it', () => {
  vi.stubEnv('PATH', '/nowhere');
  const missing = floorRunners(asking({})).flatMap(({ name, missing: why }) =>
    why === null ? [] : [[name, why.text]],
  );
  for (const [name, why] of missing)
    expect(why).toBe(
      name === 'bwrap'
        ? 'bwrap is not installed here; fix: apt-get install bubblewrap'
        : 'systemd-nspawn is not installed here; fix: apt-get install systemd-container',
    );
});

test('each tool is told the root and the command, and nothing runs in between', () => {
  const lines = floorKinds.map(({ tool, words }) => [tool?.program, ...words('/r', ['/bin/echo', 'a'])]);
  for (const line of lines) expect(line.slice(-2)).toEqual(['/bin/echo', 'a']);
  expect(lines[0]).toEqual([undefined, '/bin/echo', 'a']);
  expect(lines[1]).toEqual(['chroot', '/r', '/bin/echo', 'a']);
  for (const line of lines.slice(1)) expect(line).toContain('/r');
});
