import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { programInRoot } from '../../../../src/features/layers/floor/engine.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ocibench-root-'));
  await mkdir(join(root, 'usr/bin'), { recursive: true });
  await writeFile(join(root, 'usr/bin/busybox'), '');
  await symlink('usr/bin', join(root, 'bin'));
  await symlink('/usr/bin/busybox', join(root, 'usr/bin/echo'));
  await symlink('../../../../../usr/bin/busybox', join(root, 'usr/bin/far'));
  await symlink('loop', join(root, 'usr/bin/loop'));
  await symlink('/nothing', join(root, 'usr/bin/gone'));
});
afterEach(() => rm(root, { recursive: true }));

test.each(['/bin/busybox', '/bin/echo', '/usr/bin/echo', '/bin/far', '/../bin/echo'])(
  '%s is found in the root, wherever its links lead',
  async (path) => {
    expect(await programInRoot(root, path)).toBe(join(root, 'usr/bin/busybox'));
  },
);

test.each(['/bin/loop', '/bin/gone', '/bin/none'])('%s is not there', async (path) => {
  await expect(programInRoot(root, path)).rejects.toThrow();
});
