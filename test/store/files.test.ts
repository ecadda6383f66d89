import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pointLatest, writeAtomically, writeTogether } from '../../src/store/files.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'files-'));
});
afterEach(() => rm(root, { recursive: true }));

test('latest points to the run named last', async () => {
  for (const name of ['a', 'b']) {
    await mkdir(join(root, name));
    await pointLatest(root, name);
    expect(await readlink(join(root, 'latest'))).toBe(name);
  }
});

test('a run without such a directory changes nothing, be there an older one or none at all', async () => {
  await pointLatest(join(root, 'charts'), 'a');
  expect(await readdir(root)).toEqual([]);
  await mkdir(join(root, 'a'));
  await pointLatest(root, 'a');
  await pointLatest(root, 'b');
  expect(await readlink(join(root, 'latest'))).toBe('a');
});

test('a latest that is not a link is left alone', async () => {
  for (const name of ['a', 'latest']) await mkdir(join(root, name));
  await pointLatest(root, 'a');
  expect((await readdir(root)).toSorted()).toEqual(['a', 'latest']);
});

test('a failed write is reported with its path, and nothing is left', async () => {
  await writeAtomically(join(root, 'report.md'), 'old');
  await mkdir(join(root, 'report.html'));
  await expect(writeAtomically(join(root, 'report.html'), 'new')).rejects.toThrow();
  await expect(writeAtomically(join(root, 'report.md', 'below'), 'new')).rejects.toMatchObject({
    problems: [expect.objectContaining({ file: join(root, 'report.md', 'below') })],
  });
  expect((await readdir(root)).toSorted()).toEqual(['report.html', 'report.md']);
  expect(await readFile(join(root, 'report.md'), 'utf8')).toBe('old');
});

test('of several files all are written, or every one stays as it was', async () => {
  const [first, second] = [join(root, 'a.csv'), join(root, 'below', 'b.csv')];
  const files = (text: string) => new Map([first, second].map((path) => [path, text]));
  await writeTogether(files('old'));
  await rm(join(root, 'below'), { recursive: true });
  await writeFile(join(root, 'below'), 'in the way');
  await expect(writeTogether(files('new'))).rejects.toMatchObject({ problems: [{ file: second }] });
  expect(await readFile(first, 'utf8')).toBe('old');
  expect((await readdir(root)).toSorted()).toEqual(['a.csv', 'below']);
});
