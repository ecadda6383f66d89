import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { removeCgroup } from '../../../../src/core/collect/cgroup/files.ts';

const rmdir = vi.hoisted(() => ({ calls: 0, answers: [] as string[] }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const rmdirSync: typeof fs.rmdirSync = (path) => {
    rmdir.calls++;
    const code = rmdir.answers.shift();
    if (code === undefined) fs.rmdirSync(path);
    else throw Object.assign(new Error(code), { code });
  };
  return { ...fs, rmdirSync };
});

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cgroup-files-'));
  mkdirSync(join(root, 'trial/container'), { recursive: true });
  Object.assign(rmdir, { calls: 0, answers: [] });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test.each(['EACCES', 'EPERM', 'EROFS'])(
  '%s never passes: each cgroup is tried once, and told',
  async (code) => {
    rmdir.answers = Array(100).fill(code);
    const left = await removeCgroup(join(root, 'trial'), 200);
    expect(left).toEqual(['trial/container', 'trial'].map((name) => `rmdir ${join(root, name)}: ${code}`));
    expect(rmdir.calls).toBe(2);
  },
);

test('a cgroup that is busy for a while is tried again', async () => {
  rmdir.answers = ['EBUSY', 'EBUSY', 'EBUSY', 'EBUSY'];
  expect(await removeCgroup(join(root, 'trial'))).toEqual([]);
  expect(rmdir.calls).toBe(6);
});
