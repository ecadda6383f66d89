import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepScratch, removeKept } from '../../../src/core/engine/kept-scratch.ts';
import {
  engineScratchName,
  findScratch,
  makeScratch,
  removeStaleScratch,
  scratchPath,
  writeScratchFile,
} from '../../../src/core/engine/scratch.ts';
import { ownIdentity } from '../../../src/core/host/process-identity.ts';
import { keptDirectory } from '../../../src/core/host/state-directory.ts';

const runId = '20260101-000000-abcd';
let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-kept-'));
  vi.stubEnv('OCIBENCH_STATE', place);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(place, { recursive: true });
});

/** The scratch directory of one session of a run. */
async function session(log: string): Promise<string> {
  const scratch = await makeScratch(runId);
  await writeScratchFile(scratch, 'engine.log', log);
  return scratch;
}

test('what is kept is out of the way of the next session, and closed to other users', async () => {
  const first = await keepScratch(await session('first\n'));
  const second = await keepScratch(await session('second\n'));
  expect([first, second]).toEqual([join(keptDirectory(), runId), join(keptDirectory(), `${runId}.2`)]);
  expect(await readFile(join(first, 'engine.log'), 'utf8')).toBe('first\n');
  expect(await readFile(join(second, 'engine.log'), 'utf8')).toBe('second\n');
  expect((await stat(keptDirectory())).mode & 0o077).toBe(0);
  // It is no leftover, which the next start would remove.
  expect(await findScratch()).toEqual({ alive: [], stale: [], foreign: [] });
});

test('all of it is removed when it is asked for, and nothing else', async () => {
  expect(await removeKept()).toEqual([]);
  const kept = await keepScratch(await session('log\n'));
  await session('of the run that goes on\n');
  expect(await removeKept()).toEqual([kept]);
  expect(await readdir(keptDirectory())).toEqual([]);
  expect(await readFile(join(scratchPath(runId), 'engine.log'), 'utf8')).toBe('of the run that goes on\n');
  expect(await removeKept()).toEqual([]);
});

test.each([
  ['a run', runId],
  ['a further engine', engineScratchName(runId, 2)],
  ['a tunnel', 'ssh-0123abcd'],
])('the directory of %s is known by its name, and removed when its process is gone', async (_, name) => {
  const path = await makeScratch(name);
  expect(await findScratch()).toMatchObject({ alive: [{ path }], stale: [], foreign: [] });
  await writeFile(join(path, 'owner.json'), JSON.stringify({ ...ownIdentity(), startTime: '1' }));
  expect(await findScratch()).toMatchObject({ alive: [], stale: [{ path }], foreign: [] });
});

test('a directory that would not be found again is not made', async () => {
  for (const name of ['explain-7', `${runId}-programs`, '../x', ''])
    await expect(makeScratch(name)).rejects.toThrow(RangeError);
  expect(await readdir(place)).toEqual([]);
});

test('of a process that was killed nothing stays', async () => {
  const source = JSON.stringify(resolve(import.meta.dirname, '../../../src/core/engine/scratch.ts'));
  const script = `
import { makeScratch, writeScratchFile } from ${source};
const path = await makeScratch('${runId}');
await writeScratchFile(path, 'slow', '', 0o700);
setInterval(() => undefined, 1_000);
process.stdout.write(path);
`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const path = String((await once(child.stdout, 'data'))[0]);
  expect(await findScratch()).toMatchObject({ alive: [{ path }], stale: [], foreign: [] });
  child.kill('SIGKILL');
  await ended;
  const { stale, foreign } = await findScratch();
  expect({ stale, foreign }).toMatchObject({ stale: [{ path }], foreign: [] });
  for (const each of stale) expect(await removeStaleScratch(each)).toBe(true);
  expect(await readdir(join(place, 'ocibench-state', 'runs'))).toEqual([]);
});
