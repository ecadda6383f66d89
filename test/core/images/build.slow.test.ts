import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildImage, recipeHash } from '../../../src/core/images/build.ts';
import base from '../../../workloads/images/base.ts';

const root = process.getuid?.() === 0;

test('the hash of a recipe goes by what decides the content, not by words or order', () => {
  const hash = recipeHash({ ...base, packages: ['a', 'b'] }, 'x64');
  expect(recipeHash({ ...base, packages: ['b', 'a'], description: 'other', id: 'other' }, 'x64')).toBe(hash);
  expect(recipeHash({ ...base, packages: ['a', 'c'] }, 'x64')).not.toBe(hash);
  expect(recipeHash({ ...base, packages: ['a', 'b'] }, 'arm64')).not.toBe(hash);
  expect(recipeHash({ ...base, packages: ['a', 'b'], suite: 'bookworm' }, 'x64')).not.toBe(hash);
  expect(recipeHash({ ...base, packages: ['a', 'b'], hooks: [] }, 'x64')).toBe(hash);
  const hooked = recipeHash({ ...base, packages: ['a', 'b'], hooks: ['one', 'two'] }, 'x64');
  expect(hooked).not.toBe(hash);
  expect(recipeHash({ ...base, packages: ['a', 'b'], hooks: ['two', 'one'] }, 'x64')).not.toBe(hooked);
});

describe.skipIf(!root)('an image built from Debian packages', () => {
  let cacheDir = '';
  const lines: string[] = [];
  const build = () => buildImage({ recipe: base, cacheDir, log: ({ text }) => lines.push(text) });
  beforeAll(async () => {
    cacheDir = await mkdtemp(join(tmpdir(), 'images-'));
  });
  afterAll(() => rm(cacheDir, { recursive: true }));

  test('is built once, then taken from the cache, and again when the file was damaged', async () => {
    const first = await build();
    expect(lines.join('\n')).toContain('busybox-static');
    expect((await stat(first.tarPath)).size).toBe(first.bytes);
    const listing = (await execa('tar', ['tf', first.tarPath])).stdout.split('\n');
    for (const path of ['./usr/bin/busybox', './usr/bin/echo', './usr/bin/sleep', './bin'])
      expect(listing).toContain(path);
    expect(listing.filter((path) => path.startsWith('./usr/share/doc/'))).toEqual([]);

    const said = lines.length;
    expect(await build()).toEqual(first);
    expect(lines).toHaveLength(said);

    const content = await readFile(first.tarPath);
    await writeFile(first.tarPath, content.subarray(0, content.length / 2));
    const third = await build();
    expect(lines.length).toBeGreaterThan(said);
    expect(third.contentHash).toBe(first.contentHash);
    expect((await readdir(cacheDir)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  }, 120_000);

  test('hooks run in order in the unpacked root file system, before anything is removed', async () => {
    const recipe = {
      ...base,
      id: 'hooked',
      hooks: [
        'test -L "$1/usr/bin/echo"; echo one > "$1/kept"; echo one > "$1/dropped"',
        'chroot "$1" /usr/bin/busybox sh -c "echo two >> /kept"',
      ],
      remove: [...base.remove, 'dropped'],
    };
    const { tarPath } = await buildImage({ recipe, cacheDir, log: () => undefined });
    expect((await execa('tar', ['xOf', tarPath, './kept'])).stdout).toBe('one\ntwo');
    expect((await execa('tar', ['tf', tarPath])).stdout.split('\n')).not.toContain('./dropped');
  }, 120_000);

  test('a hook of which any command fails makes no image', async () => {
    const recipe = { ...base, id: 'failing', hooks: ['echo this went wrong >&2; false; true'] };
    const failing = buildImage({ recipe, cacheDir, log: () => undefined });
    await expect(failing).rejects.toMatchObject({ exitCode: 3 });
    expect((await readdir(cacheDir)).filter((name) => name.startsWith('failing'))).toEqual([]);
  }, 120_000);

  test('a package that does not exist is an error with the words of the tool and what would help', async () => {
    const recipe = { ...base, id: 'none', packages: ['no-such-package-anywhere'] };
    const failing = buildImage({ recipe, cacheDir, log: () => undefined });
    await expect(failing).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(/no-such-package-anywhere[\s\S]*/),
    });
    await expect(failing).rejects.toThrow('apt-get update');
  }, 120_000);
});
