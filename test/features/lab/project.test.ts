import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dependencyPaths } from '../../../src/features/lab/project.ts';

let root: string;
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'project-')));
});
afterAll(() => rm(root, { recursive: true }));

/** Makes a package; returns its directory. */
async function put(path: string, manifest: object): Promise<string> {
  const directory = join(root, path);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'package.json'), JSON.stringify(manifest));
  return directory;
}

describe('what a package depends on', () => {
  test('its dependencies and theirs, not what it is developed with, nor what is not installed', async () => {
    const own = await put('a', {
      dependencies: { one: '1' },
      optionalDependencies: { native: '1', absent: '1' },
      devDependencies: { tool: '1' },
    });
    const one = await put('a/node_modules/one', { dependencies: { '@s/two': '1' } });
    const two = await put('a/node_modules/@s/two', { dependencies: { one: '1' } });
    const native = await put('a/node_modules/native', {});
    await put('a/node_modules/tool', {});
    expect(await dependencyPaths(own)).toEqual([two, native, one]);
  });

  test('what a checkout needs beside its dependencies, with what that needs', async () => {
    const own = await put('d', { dependencies: { one: '1' }, devDependencies: { bundler: '1', tool: '1' } });
    const one = await put('d/node_modules/one', {});
    const bundler = await put('d/node_modules/bundler', { optionalDependencies: { native: '1' } });
    const native = await put('d/node_modules/native', {});
    await put('d/node_modules/tool', {});
    expect(await dependencyPaths(own, ['bundler'])).toEqual([bundler, native, one]);
  });

  test('packages that are hoisted above it, or nested in another', async () => {
    const own = await put('b/node_modules/ocibench', { dependencies: { one: '1' } });
    const one = await put('b/node_modules/one', { dependencies: { two: '1' } });
    await put('b/node_modules/one/node_modules/two', {});
    expect(await dependencyPaths(own)).toEqual([one]);
  });

  test('links, as pnpm makes them, with what they lead to', async () => {
    const own = await put('c', { dependencies: { one: '1' } });
    const real = await put('c/node_modules/.pnpm/one@1/node_modules/one', { dependencies: { two: '1' } });
    const two = await put('c/node_modules/.pnpm/two@1/node_modules/two', {});
    const link = join(own, 'node_modules/one');
    await symlink('.pnpm/one@1/node_modules/one', link);
    await symlink('../../two@1/node_modules/two', join(dirname(real), 'two'));
    expect([...(await dependencyPaths(own))].toSorted()).toEqual(
      [link, real, join(dirname(real), 'two'), two].toSorted(),
    );
  });
});
