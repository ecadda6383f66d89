import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ApartJob, type ApartLimits, readApart } from '../../../src/app/apart/apart.ts';
import { removeTemporaryDirectories } from '../../../src/core/files/temporary.ts';

const program = new URL('./apart-fake.ts', import.meta.url);
const limits: ApartLimits = { heapMiB: 64, residentMiB: 300, runSeconds: 2, archiveSeconds: 10 };

/** What the fake reader answers. */
interface Answer {
  readonly origin: string;
  readonly pid: number;
}

const never = () => ({ signal: new AbortController().signal, [Symbol.dispose]: () => undefined });
const read = (origins: readonly string[]) =>
  readApart<ApartJob, Answer>(
    { interrupts: never },
    origins.map((origin) => ({ origin, reader: '' })),
    { program, limits },
  );

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'ocibench-apart-'));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

test.each([
  ['slow', 'reading it takes more CPU time than 2 s'],
  ['values', 'reading it takes more memory than 64 MiB'],
  ['text', 'reading it takes more memory than 64 MiB'],
  ['buffers', 'reading it takes more memory than 300 MiB'],
  ['end', 'the process that read it was ended by exit'],
])(
  'an artefact of the kind %s costs nothing but itself',
  async (bad, why) => {
    const found = await read(['a', bad, 'b', 'c']);
    expect(found.map(({ answers }) => answers.map(({ origin }) => origin))).toEqual([
      ['a'],
      [bad],
      ['b'],
      ['c'],
    ]);
    expect(found.map(({ problem }) => problem?.text ?? null)).toEqual([null, why, null, null]);
  },
  120_000,
);

test('one process reads what fits, and none is left', async () => {
  const found = await read(['a', 'b', 'c']);
  const pids = new Set(found.flatMap(({ answers }) => answers.map(({ pid }) => pid)));
  expect(pids.size).toBe(1);
  for (const pid of pids) expect(existsSync(`/proc/${pid}`)).toBe(false);
}, 60_000);

/** A process that reads until it is ended, with its reader's pid, once the second artefact keeps that busy. */
async function started() {
  const parent = spawn(process.execPath, [join(import.meta.dirname, 'apart-parent.ts')], {
    env: { ...process.env, TMPDIR: scratch },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(parent, 'close');
  const said: string[] = [];
  const { promise, resolve } = Promise.withResolvers<number>();
  parent.stdout.on('data', (text) => {
    said.push(String(text));
    const [answer] = /\[\{.*\}\]/.exec(said.join('')) ?? [];
    if (answer !== undefined) resolve((JSON.parse(answer) as Answer[])[0]?.pid ?? 0);
  });
  ended.then(() => resolve(0));
  const pid = await promise;
  expect(pid).toBeGreaterThan(0);
  return { parent, pid, ended, said };
}

const gone = async (pid: number) => {
  while (existsSync(`/proc/${pid}`)) await sleep(20);
};

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends the readers, and removes what was unpacked',
  async (signal) => {
    const { parent, pid, ended, said } = await started();
    expect(await readdir(scratch)).toHaveLength(1);
    parent.kill(signal);
    expect(await ended).toEqual([130, null]);
    expect(said.join('')).toContain('stopped before everything was read');
    await gone(pid);
    expect(await readdir(scratch)).toEqual([]);
  },
  60_000,
);

test('kill -9 ends the readers too, and the next command removes what was unpacked', async () => {
  const { parent, pid, ended } = await started();
  parent.kill('SIGKILL');
  await ended;
  await gone(pid);
  const [left] = await readdir(scratch);
  expect(left).toMatch(/^ocibench-artefact-/);
  expect(await removeTemporaryDirectories(scratch)).toEqual([join(scratch, left ?? '')]);
  expect(await readdir(scratch)).toEqual([]);
}, 60_000);
