import { expect, test } from 'vitest';
import { writtenDown } from '../../../src/app/measure/used-engine.ts';
import type { Container, ContainerSpec } from '../../../src/core/engine/engine.ts';
import type { RuntimeEntry } from '../../../src/core/model/runtime/runtime.ts';
import { fakeEngine } from '../../core/measure/execute/support.ts';

const origin = 'daemon.json' as const;
const entries: readonly RuntimeEntry[] = [
  { name: 'runc', path: 'runc', origin: 'built-in' },
  { name: 'runsc', path: '/usr/bin/runsc', origin },
  { name: 'kata', runtimeType: 'io.containerd.kata.v2', origin },
  { name: 'mine', path: '/opt/mine', origin },
];
const signal = new AbortController().signal;

test('every container that may leave cgroups of Kata is written down when it exists', async () => {
  const calls: string[] = [];
  const own = fakeEngine({}, calls);
  const create = async (spec: ContainerSpec, of: AbortSignal): Promise<Container> => ({
    ...(await own.create(spec, of)),
    id: spec.name,
  });
  const created: string[] = [];
  const engine = writtenDown({ ...own, create }, { created: (id) => created.push(id) }, entries);
  for (const runtime of ['runc', 'runsc', 'kata', 'mine', 'unknown']) {
    const { id } = await engine.create({ name: runtime, runtime } as ContainerSpec, signal);
    expect(id).toBe(runtime);
  }
  expect(created).toEqual(['kata', 'mine', 'unknown']);
  await engine.forceRemove('kata', signal);
  expect(calls.at(-1)).toBe('force-remove kata');
  expect(engine.facts).toBe(own.facts);
});

test('a container that could not be created is not', async () => {
  const created: string[] = [];
  const engine = writtenDown(
    fakeEngine({ create: new Error('no') }, []),
    { created: (id) => created.push(id) },
    entries,
  );
  await expect(engine.create({ name: 'a', runtime: 'kata' } as ContainerSpec, signal)).rejects.toThrow('no');
  expect(created).toEqual([]);
});
