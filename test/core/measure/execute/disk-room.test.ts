import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diskShortage } from '../../../../src/core/measure/execute/disk-room.ts';

// Too little room: test/e2e/disk-full.test.ts has real disks.
test.each([true, false])(
  'enough room is no shortage, and nothing is left (writable: %s)',
  async (writable) => {
    const directory = await mkdtemp(join(tmpdir(), 'ocibench-room-'));
    try {
      expect(await diskShortage(directory, writable)).toBeNull();
      expect(await readdir(directory)).toEqual([]);
    } finally {
      await rm(directory, { recursive: true });
    }
  },
);

test('a missing directory has no shortage', async () => {
  expect(await diskShortage('/nonexistent', true)).toBeNull();
});
