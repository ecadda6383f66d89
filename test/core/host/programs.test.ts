import { chmod, copyFile, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runProgram } from '../../../src/core/host/programs.ts';

/** Runs a copy of /bin/true that stays open for writing for so long, ms. */
async function busyFor(ms: number, timeoutMs: number) {
  await using place = await mkdtemp(join(tmpdir(), 'busy-')).then((path) => ({
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  }));
  const program = join(place.path, 'true');
  await copyFile('/bin/true', program);
  await chmod(program, 0o755);
  const writer = await open(program, 'r+');
  const running = runProgram(program, ['--version'], { timeoutMs });
  await sleep(ms);
  await writer.close();
  return await running;
}

test('a program that a fork of its writer still holds open is started once that lets go', async () => {
  expect(await busyFor(300, 20_000)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('true') });
});

test('a program that stays open for writing is given up after the timeout', async () => {
  expect(await busyFor(300, 100)).toMatchObject({ exitCode: null, stdout: '' });
});

test('a program that is not there is no reason to wait', async () => {
  const began = performance.now();
  expect(await runProgram('/nowhere/program', [])).toMatchObject({ exitCode: null });
  expect(performance.now() - began).toBeLessThan(5_000);
});

test.each([
  ['that it waits for', 'sleep 20', null],
  ['that it leaves behind', 'echo out; sleep 20 &', 0],
])('a program is given up with the one %s', async (_, script, exitCode) => {
  const began = performance.now();
  expect(await runProgram('/bin/sh', ['-c', `${script}\n:`], { timeoutMs: 500 })).toMatchObject({ exitCode });
  expect(performance.now() - began).toBeLessThan(10_000);
});
