import { readdirSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { namedPipes, outputPipes } from '../../src/features/layers/containerd/fifos.ts';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-fifos-'));
});
afterEach(() => rm(place, { recursive: true }));

/** What a shim does: opens both ends for writing, and writes. */
async function write(path: string, ...chunks: readonly string[]): Promise<void> {
  const file = await open(path, 'w');
  for (const chunk of chunks) await file.write(chunk);
  await file.close();
}

function collector() {
  const chunks: string[] = [];
  let first = 0;
  return {
    chunks,
    firsts: () => first,
    onFirstByte: () => {
      first++;
    },
    onData: (stream: string, chunk: Buffer) => {
      chunks.push(`${stream} ${chunk}`);
    },
  };
}

test('what is written before anybody listens comes when somebody does, the end after all of it', async () => {
  const pipes = await (await outputPipes(place)).take();
  await write(pipes.stdout, 'early');
  const sink = collector();
  const closed = pipes.pour(sink);
  await write(pipes.stderr, 'late');
  await closed;
  expect(sink.chunks.toSorted()).toEqual(['stderr late', 'stdout early']);
  expect(sink.firsts()).toBe(1);
  await pipes.release();
});

test('pipes are used again once all has come, and removed where a writer may still be there', async () => {
  const pool = await outputPipes(place);
  const all = readdirSync(place).length;
  const whole = await pool.take();
  const closed = whole.pour(collector());
  for (const path of [whole.stdout, whole.stderr]) await write(path);
  await closed;
  await whole.release();
  expect(readdirSync(place)).toHaveLength(all);

  const unread = await pool.take();
  await unread.release();
  expect(readdirSync(place)).toHaveLength(all - 2);

  const taken = [];
  while (taken.length < all) taken.push(await pool.take());
  const paths = new Set(taken.map(({ stdout }) => stdout));
  expect(paths.size).toBe(all);
  expect(paths.has(whole.stdout)).toBe(true);
  expect(paths.has(unread.stdout)).toBe(false);
  for (const each of taken) await each.release();
});

test('where no pipe can be made the reason is said', async () => {
  await expect(outputPipes(join(place, 'nowhere'))).rejects.toThrow(
    'the pipe for output could not be created: mkfifo',
  );
});

test('pipes are made anew before the last ones are taken, when they are topped up', async () => {
  const pool = await namedPipes(place);
  const made = () => readdirSync(place).length;
  const all = made();
  const take = async (count: number) => {
    for (let taken = 0; taken < count; taken++) await pool.take();
  };
  await take(all / 2);
  await pool.topUp();
  expect(made()).toBe(all);
  await take(1);
  await pool.topUp();
  expect(made()).toBe(2 * all);
  await take(all);
  expect(made()).toBe(2 * all);
});
