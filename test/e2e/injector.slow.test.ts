import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RuntimeEntry } from '../../src/core/model/runtime/runtime.ts';
import { injections, registerInjectors } from './injector.ts';

let directory: string;
let entries: readonly RuntimeEntry[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ocibench-injector-'));
  const real = join(directory, 'real');
  // A runtime that only writes down what it is called with.
  await writeFile(real, '#!/bin/sh\necho "$@"\n');
  await chmod(real, 0o755);
  entries = await registerInjectors(directory, real);
});
afterAll(() => rm(directory, { recursive: true }));

async function call(name: string, ...args: string[]) {
  const entry = entries.find((each) => each.name === name);
  const begin = performance.now();
  const { stdout } = await execa(entry?.path ?? '', [...(entry?.runtimeArgs ?? []), ...args]);
  return { stdout, ms: performance.now() - begin };
}

test('the real runtime is called with its own arguments, whatever is injected', async () => {
  for (const { name } of Object.values(injections)) {
    expect((await call(name, '--version')).stdout).toBe('--version');
    expect((await call(name, '--root', '/r', 'state', 'abc')).stdout).toBe('--root /r state abc');
  }
});

test('a delay is added to its own verb alone', async () => {
  // On a busy host any call may take long; without a delay one of several does not.
  const startMs = async (name: string) => (await call(name, 'start', 'x')).ms;
  await expect
    .poll(() => startMs(injections.none.name), { timeout: 20_000 })
    .toBeLessThan(injections.start.startMs);
  expect(await startMs(injections.start.name)).toBeGreaterThanOrEqual(injections.start.startMs);
  expect((await call(injections.create.name, 'create', 'x')).ms).toBeGreaterThanOrEqual(
    injections.create.createMs,
  );
});

test('the holder lives from create to delete and holds its memory', async () => {
  await call(injections.hold.name, 'create', 'held');
  const pidFile = join(directory, 'injector.held.pid');
  const pid = Number(await readFile(pidFile, 'utf8'));
  const rss = async () => /VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
  expect(Number(await rss()) * 1024).toBeGreaterThanOrEqual(injections.hold.bytes);
  await call(injections.hold.name, 'delete', 'held');
  // What is not this process's child stays a zombie until its adopter has reaped it: it has no memory then.
  const after = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  expect(after).not.toMatch(/VmRSS/);
  await expect(readFile(pidFile)).rejects.toThrow();
});
