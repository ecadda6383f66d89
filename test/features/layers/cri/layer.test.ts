import { expect, test } from 'vitest';
import type { RuntimeEntry } from '../../../../src/core/model/runtime/runtime.ts';
import type { ContainerRequest, Workload } from '../../../../src/core/model/workload/workload.ts';
import criLayer from '../../../../src/features/layers/adapters/cri.ts';

const runc = { entry: { name: 'runc', path: '/usr/bin/runc', origin: 'built-in' } satisfies RuntimeEntry };
const workload = (request: Partial<ContainerRequest>, more: Partial<Workload> = {}) => ({
  workload: {
    image: 'base',
    container: () => ({ command: ['true'], timeoutMs: 1, ...request }),
    ...more,
  } as unknown as Workload,
  params: {},
});
const why = (...asked: Parameters<typeof workload>) =>
  criLayer.unsupported(workload(...asked), runc)?.text ?? null;

test('what the CRI has words for is measured', () => {
  expect(why({ mounts: [{ type: 'bind', target: '/data' }], memoryBytes: 1, cpus: 1 })).toBeNull();
  expect(why({}, { steps: () => [{ do: 'stop', graceSeconds: 1 }] })).toBeNull();
});

test('what it has none for is told', () => {
  expect(why({ network: 'bridge' })).toContain('CNI');
  expect(why({ mounts: [{ type: 'volume', target: '/data' }] })).toContain('volumes');
  expect(why({ mounts: [{ type: 'tmpfs', target: '/data' }] })).toContain('tmpfs');
  expect(why({ log: 'local' })).toContain('log');
  expect(why({}, { steps: () => [{ do: 'pause' }, { do: 'unpause' }] })).toContain('pause a container');
  expect(why({}, { image: { reference: 'redis:7' } })).toContain('Docker');
});

test('gVisor by its program needs its own shim in a pod; by runtimeType containerd says so itself', () => {
  const path = process.env.PATH;
  try {
    process.env.PATH = '/nowhere';
    const asked = (entry: RuntimeEntry) => criLayer.unsupported(workload({}), { entry })?.text ?? null;
    const origin = 'daemon.json';
    expect(asked({ name: 'sandboxed', path: '/opt/runsc', origin })).toMatch(
      /^pods of sandboxed need containerd-shim-runsc-v1, which is not installed/,
    );
    expect(asked({ name: 'runsc', runtimeType: 'io.containerd.runsc.v1', origin })).toBeNull();
    expect(asked({ name: 'kata', runtimeType: 'io.containerd.kata.v2', origin })).toBeNull();
  } finally {
    process.env.PATH = path;
  }
});
