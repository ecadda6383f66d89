import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeGuestDirectory, removeStaleGuests } from '../../../src/features/lab/lab.ts';
import { removeSystemDisks } from '../../../src/features/lab/system-disk.ts';

let lab: string;
beforeEach(async () => {
  lab = await mkdtemp(join(tmpdir(), 'lab-'));
});
afterEach(() => rm(lab, { recursive: true }));

test('the directory of a living process stays, also when another once had its number', async () => {
  const own = await makeGuestDirectory(lab);
  const other = `guest-${process.pid}-1`;
  for (const name of [other, 'guest-99999999-5', 'system-abc']) await mkdir(join(lab, name));
  expect([...(await removeStaleGuests(lab))].toSorted()).toEqual(
    [join(lab, 'guest-99999999-5'), join(lab, other)].toSorted(),
  );
  expect((await readdir(lab)).toSorted()).toEqual([basename(own), 'system-abc'].toSorted());
});

test('disks are removed, except one that is being built', async () => {
  const building = `system-abc.${process.pid}.tmp`;
  for (const name of ['system-abc', building, 'system-abc.99999999.tmp', 'guest-1-1'])
    await mkdir(join(lab, name));
  await removeSystemDisks(lab);
  expect((await readdir(lab)).toSorted()).toEqual(['guest-1-1', building].toSorted());
});

test('where there is no lab there is nothing to remove', async () => {
  expect(await removeStaleGuests(join(lab, 'none'))).toEqual([]);
  expect(await removeSystemDisks(join(lab, 'none'))).toEqual([]);
});
