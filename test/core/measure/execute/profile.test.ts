import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ContainerSpec, Engine } from '../../../../src/core/engine/engine.ts';
import { trialRunner } from '../../../../src/core/measure/execute/runner.ts';
import type { ContainerProfile } from '../../../../src/core/model/runtime/container-profile.ts';
import type { Workload } from '../../../../src/core/model/workload/workload.ts';
import { EngineError, fakeEngine, fakeWorkload } from './support.ts';

const profiles: readonly ContainerProfile[] = [
  { name: 'default' },
  { name: 'user', user: '65534:7' },
  { name: 'nobody', user: '65534' },
];

/** Runs a trial of a cell under a profile; what the engine was asked for, and who owned its bind mount then. */
async function under(profile: string) {
  const scratch = await mkdtemp(join(tmpdir(), 'ocibench-profile-'));
  const specs: ContainerSpec[] = [];
  const owners: (readonly [number, number])[] = [];
  const scripted = fakeEngine({}, []);
  const engine: Engine = {
    ...scripted,
    async create(spec, signal) {
      specs.push(spec);
      const { uid, gid } = await stat(spec.bindSources['/data'] ?? '');
      owners.push([uid, gid]);
      const stats = () => Promise.reject(new EngineError('no stats', 404));
      return { ...(await scripted.create(spec, signal)), stats };
    },
  };
  const workload: Workload = {
    ...fakeWorkload(),
    container: () => ({ command: ['work'], mounts: [{ type: 'bind', target: '/data' }], timeoutMs: 500 }),
  };
  const run = trialRunner({
    engine,
    runId: 'r',
    scratch,
    hostPlace: null,
    profiles,
    prober: { ask: async () => process.hrtime.bigint(), ready: async () => {}, close: () => {} },
    images: new Map([['base', 'ocibench/base:1']]),
    subjects: [{ workload, params: {} }],
    explain: (_, message) => ({ code: 'explained', message }),
    interrupt: new AbortController().signal,
  });
  const cell = { runtime: 'runc', profile, layer: 'docker' as const, workload: workload.id, params: '' };
  try {
    await run({ trialId: 'b001p000', position: 0, cell }, { block: 1, phase: 'measure', attempt: 1 });
    return { spec: specs[0], owner: owners[0] };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

test('a container gets the options of its cell’s profile, and the default one has none', async () => {
  expect((await under('user')).spec?.profile).toEqual({ name: 'user', user: '65534:7' });
  expect((await under('default')).spec).not.toHaveProperty('profile');
  await expect(under('other')).rejects.toThrow('there is no profile other');
});

test.skipIf(process.getuid?.() !== 0)('what its user is to write to is that user’s', async () => {
  expect((await under('user')).owner).toEqual([65534, 7]);
  expect((await under('nobody')).owner).toEqual([65534, 0]);
  expect((await under('default')).owner).toEqual([0, 0]);
});
