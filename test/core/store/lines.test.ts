import { open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { LongLineError, linesBackward, linesOf, maxLineBytes } from '../../../src/core/store/lines.ts';

const path = join(tmpdir(), `ocibench-lines-${process.pid}`);
afterAll(() => rm(path, { force: true }));

type Reader = typeof linesOf;

/** Every line of the first `size` bytes as text, with its place. */
async function read(reader: Reader, size: number): Promise<[number, string][]> {
  await using handle = await open(path);
  const lines: [number, string][] = [];
  for await (const { start, bytes } of reader(handle, size)) lines.push([start, bytes.toString('latin1')]);
  return lines;
}

/** What the lines of a text are, by a way of its own. */
function expected(text: string): [number, string][] {
  return [...text.matchAll(/[^\n]*\n|[^\n]+$/g)].map((match) => [match.index, match[0]]);
}

const chunk = 256 * 1024;

test.each([
  ['nothing', ''],
  ['a newline', '\n'],
  ['empty lines', '\n\n\n'],
  ['no newline at the end', 'a\nbc\ndef'],
  ['lines that end with a chunk', `${'a'.repeat(chunk - 1)}\n${'b'.repeat(chunk - 1)}\n`],
  ['a newline that begins a chunk', `${'a'.repeat(chunk)}\nb\n`],
  ['a line over several chunks', `x\n${'a'.repeat(5 * chunk + 7)}\n${'b'.repeat(3)}\n`],
  ['many lines', Array.from({ length: 60_000 }, (_, i) => `${'n'.repeat(i % 17)}\n`).join('')],
])('%s is read alike from either end', async (_, text) => {
  await writeFile(path, text);
  expect(await read(linesOf, text.length)).toEqual(expected(text));
  expect((await read(linesBackward, text.length)).toReversed()).toEqual(expected(text));
});

test('what is appended meanwhile is left for the next time', async () => {
  await writeFile(path, 'a\nb\nc\n');
  expect(await read(linesOf, 4)).toEqual(expected('a\nb\n'));
  expect(await read(linesBackward, 4)).toEqual(expected('a\nb\n').toReversed());
});

test.each([linesOf, linesBackward])('a line without an end is not read to its end: %o', async (reader) => {
  await writeFile(path, 'a\n');
  {
    await using handle = await open(path, 'r+');
    await handle.truncate(maxLineBytes * 40);
  }
  await expect(read(reader, maxLineBytes * 40)).rejects.toBeInstanceOf(LongLineError);
});
