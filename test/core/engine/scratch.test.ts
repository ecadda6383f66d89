import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  engineScratchName,
  findScratch,
  makeScratch,
  removeStaleScratch,
} from '../../../src/core/engine/scratch.ts';
import { ownIdentity } from '../../../src/core/host/process-identity.ts';

const runId = '20260101-000000-abcd';
let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-scratch-'));
  vi.stubEnv('OCIBENCH_STATE', place);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(place, { recursive: true });
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
