import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diskShortage } from '../../src/execute/disk-room.ts';

// Where there is too little, test/e2e/disk-full.test.ts has real disks.
test.each([true, false])(
  'where there is room nothing is told, and nothing is left (ours: %s)',
  async (ours) => {
    const directory = await mkdtemp(join(tmpdir(), 'ocibench-room-'));
    try {
      expect(await diskShortage(directory, ours)).toBeNull();
      expect(await readdir(directory)).toEqual([]);
    } finally {
      await rm(directory, { recursive: true });
    }
  },
);

test('a directory that is not there tells of no shortage', async () => {
  expect(await diskShortage('/nonexistent', true)).toBeNull();
});
