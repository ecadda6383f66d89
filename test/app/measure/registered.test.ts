import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../../../src/app/measure/engine-session.ts';
import { runtimesOfEngine } from '../../../src/app/measure/registered.ts';
import type { EngineFacts } from '../../../src/core/model/machine/host.ts';
import type { RuntimeEntry } from '../../../src/core/model/runtime/runtime.ts';
import { fakeEngine } from '../../core/measure/execute/support.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ocibench-registered-'));
  vi.stubEnv('XDG_CONFIG_HOME', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

const entry = (name: string, more: Partial<RuntimeEntry> = {}): RuntimeEntry => ({
  name,
  origin: 'daemon.json',
  ...more,
});
/** Of the system's daemon: crun, and a Kata that was never installed. */
const system = {
  file: '/etc/docker/daemon.json',
  entries: [
    entry('runc'),
    entry('crun', { path: '/usr/bin/crun' }),
    entry('kata-runtime', { path: '/no/kata' }),
  ],
  notes: [],
};
const here = `unix:///run/user/${process.getuid?.()}/docker.sock`;

async function names(
  listed: readonly { readonly name: string; readonly path?: string }[],
  facts: Partial<EngineFacts>,
  {
    registered = system,
    ...config
  }: { registered?: typeof system; runtimes?: string[]; baseline?: string } = {},
) {
  const engine = {
    facts: { ...fakeEngine({}, []).facts, kind: 'docker', ...facts },
    runtimes: async () => listed,
  } as unknown as Session['engine'];
  const chosen = { runtimes: config.runtimes ?? null, baseline: config.baseline ?? 'runc' };
  return runtimesOfEngine(engine, registered, chosen);
}
const runc = { name: 'runc', path: 'runc' };

describe('the runtimes of a daemon', () => {
  test('of the system are those that it lists and those of its file', async () => {
    const found = await names([runc], {});
    expect(found.map(({ name }) => name)).toEqual(['runc', 'crun', 'kata-runtime']);
  });

  test('that is rootless are not those of the system’s file', async () => {
    const found = await names([runc], { local: false, hidden: 'rootless', endpoint: here });
    expect(found.map(({ name }) => name)).toEqual(['runc']);
    const named = { ...system, file: '/srv/daemon.json' };
    const own = await names(
      [runc],
      { local: false, hidden: 'rootless', endpoint: here },
      { registered: named },
    );
    expect(own.map(({ name }) => name)).toContain('crun');
  });

  test('that is rootless and this user’s are completed from its own file', async () => {
    mkdirSync(join(home, 'docker'));
    const kata = { runtimeType: 'io.containerd.kata.v2' };
    writeFileSync(join(home, 'docker/daemon.json'), JSON.stringify({ runtimes: { kata } }));
    const listed = [runc, { name: 'kata' }];
    const rootless = { local: false, hidden: 'rootless' } as const;
    expect(await names(listed, { ...rootless, endpoint: here })).toMatchObject([
      runc,
      { name: 'kata', ...kata },
    ]);
    const [, others] = await names(listed, { ...rootless, endpoint: 'unix:///run/user/77777/docker.sock' });
    expect(others).not.toHaveProperty('runtimeType');
  });
});

/** What podman 5.4 lists on Debian, whatever is installed. */
const ofPodman = [
  ['crun', 'crun'],
  ['crun-vm', 'crun-vm'],
  ['crun-wasm', 'crun-wasm'],
  ['kata', 'kata-runtime'],
  ['krun', 'krun'],
  ['ocijail', 'ocijail'],
  ['runc', 'runc'],
  ['runj', 'runj'],
  ['runsc', 'runsc'],
  ['youki', 'youki'],
  ['true', 'true'],
].map(([name = '', program]) => ({ name, path: `/usr/bin/${program}` }));

test('of podman’s list there are its default, what is installed, and what is asked for', async () => {
  vi.stubEnv('PATH', '');
  const podman = { product: 'Podman', defaultRuntime: 'youki' } as const;
  const found = await names(ofPodman, podman, { baseline: 'youki' });
  const all = found.map(({ name }) => name);
  expect(all).toContain('true');
  expect(all[0]).toBe('youki');
  for (const absent of ['ocijail', 'runj', 'crun-vm', 'kata-runtime']) expect(all).not.toContain(absent);
  const asked = await names(ofPodman, podman, { baseline: 'youki', runtimes: ['runj'] });
  expect(asked.map(({ name }) => name)).toEqual(['youki', 'runj']);
  const far = await names(ofPodman, { ...podman, local: false, hidden: 'remote' }, { baseline: 'youki' });
  expect(far.map(({ name }) => name)).toEqual(['youki']);
});
