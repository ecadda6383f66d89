import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pointLatest, writeAtomically, writeTogether } from '../../../src/core/store/files.ts';
import { loadRun, openRun } from '../../../src/core/store/run-directory.ts';
import { goldenRun } from '../analyze/golden-run.ts';

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

/** What another user would do between the check and the write. */
test('a run that is open is written where it was opened, whatever its path leads to by then', async () => {
  const { run, trials } = goldenRun();
  const path = join(root, 'theirs/results/run');
  const writer = await openRun(path);
  await mkdir(join(root, 'victim/results/run'), { recursive: true });
  await rename(join(root, 'theirs'), join(root, 'moved'));
  await symlink(join(root, 'victim'), join(root, 'theirs'));
  await writer.saveRun(run);
  for (const trial of trials.slice(0, 2)) writer.appendTrial(trial);
  writer.close();
  expect(await readdir(join(root, 'victim/results/run'))).toEqual([]);
  const moved = await loadRun(join(root, 'moved/results/run'));
  expect(moved.run).toEqual(run);
  expect(moved.trials).toEqual(trials.slice(0, 2));
});
