import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RuntimeEntry } from '../../../../src/core/model/runtime/runtime.ts';
import {
  runtimeScript,
  shimRuntime,
  shimRuntimes,
} from '../../../../src/features/layers/containerd/runtime.ts';

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-shims-'));
});
afterAll(() => rm(place, { recursive: true }));

const origin = 'daemon.json';
const root = '/scratch/crun';

test('a program is called by runc’s shim, which works in the trial’s cgroup', () => {
  const at = { program: '/usr/bin/crun', root, shimCgroup: '/ocibench/r/t/rt' };
  expect(shimRuntime({}, at)).toEqual({
    name: 'io.containerd.runc.v2',
    options: {
      type: 'containerd.runc.v1.Options',
      value: { root, binaryName: '/usr/bin/crun', shimCgroup: '/ocibench/r/t/rt', systemdCgroup: false },
    },
  });
});

test('a runtime that is registered as a shim goes to containerd as it is', () => {
  const at = { program: null, root, shimCgroup: '/ocibench/r/t/rt' };
  const kata = { runtimeType: 'io.containerd.kata.v2' };
  expect(shimRuntime(kata, at)).toEqual({ name: 'io.containerd.kata.v2', options: null });
  expect(shimRuntime({ ...kata, options: { ConfigPath: '/etc/kata.toml' } }, at)).toEqual({
    name: 'io.containerd.kata.v2',
    options: { type: 'runtimeoptions.v1.Options', value: { configPath: '/etc/kata.toml' } },
  });
  const own = { BinaryName: '/opt/youki', SystemdCgroup: true, Root: '/run/youki' };
  expect(shimRuntime({ runtimeType: 'io.containerd.runc.v2', options: own }, at).options?.value).toEqual({
    binaryName: '/opt/youki',
    root: '/run/youki',
    systemdCgroup: false,
    shimCgroup: '/ocibench/r/t/rt',
  });
});

test('a script hands its arguments on, whatever is in those that are registered', async () => {
  const file = join(place, 'words.sh');
  await writeFile(file, runtimeScript(['/usr/bin/printf', '%s|', "it's", '$HOME', 'a b']), { mode: 0o700 });
  expect(execFileSync(file, ['create', '--bundle', 'x y'], { encoding: 'utf8' })).toBe(
    "it's|$HOME|a b|create|--bundle|x y|",
  );
});

test('a script is written once for a runtime with arguments, closed to others; none for one without', async () => {
  const entries: RuntimeEntry[] = [
    { name: 'plain', path: '/bin/true', origin },
    { name: 'with', path: '/bin/true', runtimeArgs: ['--debug'], origin },
  ];
  const runtimes = shimRuntimes(place, entries);
  const programOf = async (name: string) =>
    ((await runtimes.of(name, null)).options?.value as { binaryName?: string } | undefined)?.binaryName;
  expect(await programOf('plain')).toBe('/bin/true');
  const script = await programOf('with');
  expect(script).toBe(join(place, 'with.sh'));
  expect(await programOf('with')).toBe(script);
  expect(await readFile(script ?? '', 'utf8')).toBe(`#!/bin/sh\nexec '/bin/true' '--debug' "$@"\n`);
  expect((await stat(script ?? '')).mode & 0o777).toBe(0o700);
});

test('a shim is no program, and nothing is looked for', async () => {
  const kata: RuntimeEntry = { name: 'kata', runtimeType: 'io.containerd.kata.v2', origin };
  expect(await shimRuntimes(place, [kata]).of('kata', '/t/rt')).toEqual({
    name: 'io.containerd.kata.v2',
    options: null,
  });
});

test('a runtime that is not registered, or not installed, is named', async () => {
  const runtimes = shimRuntimes(place, [{ name: 'gone', path: '/nowhere/gone', origin }]);
  for (const name of ['gone', 'unknown'])
    await expect(runtimes.of(name, null)).rejects.toThrow(
      `no program is registered for the runtime ${name}, or it is not installed`,
    );
});
