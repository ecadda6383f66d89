import { appendFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  checkManifest,
  manifestFile,
  removeManifest,
  writeManifest,
} from '../../../src/core/store/manifest.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ocibench-manifest-'));
  await writeFile(join(directory, 'run.json'), '{}\n');
  await writeFile(join(directory, 'trials.jsonl'), '');
  await mkdir(join(directory, 'pieces'));
  await writeFile(join(directory, 'pieces', 'app-x.json'), '1');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const file = (name: string) => join(directory, name);
const statuses = async () =>
  Object.fromEntries((await checkManifest(directory)).files.map(({ name, status }) => [name, status]));

test('names every regular file but itself, sorted; sha256sum(1) accepts it', async () => {
  await writeFile(file('odd\nname\\.txt'), 'x');
  await symlink('/etc/passwd', file('link'));
  await writeManifest(directory);
  await writeManifest(directory);
  const text = await readFile(file(manifestFile), 'utf8');
  expect(
    text
      .trim()
      .split('\n')
      .map((line) => line.replace(/[0-9a-f]{64}/, 'HASH')),
  ).toEqual([
    '\\HASH  odd\\nname\\\\.txt',
    'HASH  pieces/app-x.json',
    'HASH  run.json',
    'HASH  trials.jsonl',
  ]);
  const checked = await execa('sha256sum', ['-c', '--strict', manifestFile], { cwd: directory });
  expect(checked.exitCode).toBe(0);
  const found = await checkManifest(directory);
  expect(found).toMatchObject({ state: 'whole', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(found.files.map(({ status }) => status)).toEqual(['whole', 'whole', 'whole', 'whole']);
});

describe('says what changed', () => {
  beforeEach(() => writeManifest(directory));

  test('a byte, a file that is gone, a file that came', async () => {
    await appendFile(file('trials.jsonl'), '\n');
    await rm(file('pieces/app-x.json'));
    await writeFile(file('notes.txt'), 'mine');
    expect((await checkManifest(directory)).state).toBe('changed');
    expect(await statuses()).toEqual({
      'notes.txt': 'added',
      'pieces/app-x.json': 'missing',
      'run.json': 'whole',
      'trials.jsonl': 'changed',
    });
  });

  test('a file of one’s own beside the others changes none of them', async () => {
    await writeFile(file('notes.txt'), 'mine');
    expect((await checkManifest(directory)).state).toBe('whole');
  });

  test('a link in place of a file is no file, and is not read', async () => {
    await rm(file('run.json'));
    await symlink('/etc/passwd', file('run.json'));
    expect(await statuses()).toMatchObject({ 'run.json': 'missing' });
  });

  test('none at all, after it was removed', async () => {
    await removeManifest(directory);
    expect(await checkManifest(directory)).toEqual({ state: 'missing', files: [], sha256: null });
    await removeManifest(join(directory, 'nowhere'));
  });

  test.each([
    ['no line of sha256sum', 'hello\n'],
    ['a file twice', `${'0'.repeat(64)}  run.json\n${'1'.repeat(64)}  run.json\n`],
  ])('a manifest with %s', async (_, text) => {
    await writeFile(file(manifestFile), text);
    expect((await checkManifest(directory)).state).toBe('changed');
    expect(await statuses()).toEqual({ [manifestFile]: 'unreadable' });
  });

  test('a name that leads out of the directory is not looked at', async () => {
    await writeFile(
      file(manifestFile),
      `${'0'.repeat(64)}  ../../etc/passwd\n${'0'.repeat(64)}  /etc/passwd\n`,
    );
    expect(await statuses()).toMatchObject({ '../../etc/passwd': 'missing', '/etc/passwd': 'missing' });
  });

  test('a link in place of the manifest is refused', async () => {
    await rm(file(manifestFile));
    await symlink('/etc/passwd', file(manifestFile));
    await expect(checkManifest(directory)).rejects.toMatchObject({ exitCode: 2 });
  });
});
