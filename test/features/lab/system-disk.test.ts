import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { guestKernels } from '../../../src/features/lab/kernel.ts';
import { labHash } from '../../../src/features/lab/recipe.ts';
import { provideSystemDisk, removeSystemDisks } from '../../../src/features/lab/system-disk.ts';

let cache: string;
let programs: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'system-disk-'));
  programs = join(cache, 'bin');
  vi.stubEnv('PATH', `${programs}:${process.env.PATH}`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true });
});

const disk = (kernel: (typeof guestKernels)[number]) => `system-${labHash(kernel).slice(0, 16)}`;
const [first, second] = guestKernels.map(disk) as [string, string];

async function have(...names: readonly string[]): Promise<void> {
  for (const name of names) await mkdir(join(cache, name));
}

/** A mmdebstrap that ends as one that does not reach the archive. */
async function unreachable(): Promise<void> {
  await mkdir(programs);
  const script = "#!/bin/sh\necho 'Err: http://mirror/debian bookworm Release 404' >&2\nexit 25\n";
  await writeFile(join(programs, 'mmdebstrap'), script, { mode: 0o755 });
}

test('a disk in the cache is used, and no other is touched', async () => {
  await have(first, second, 'system-0123456789abcdef');
  const found = await provideSystemDisk(cache, '6.1', () => undefined);
  expect(found).toMatchObject({ built: false, systemDisk: join(cache, second, 'system.ext4') });
  expect(await readdir(cache)).toHaveLength(3);
});

test.each([
  ['6.1', first],
  ['6.12', second],
] as const)(
  'building %s removes what no recipe makes, and leaves the disk with the other kernel',
  async (kernel, other) => {
    await unreachable();
    // The process 0 builds nothing.
    await have(other, 'system-0123456789abcdef', `${other}.0.tmp`, 'guest-1-1');
    await expect(provideSystemDisk(cache, kernel, () => undefined)).rejects.toMatchObject({ exitCode: 3 });
    expect((await readdir(cache)).toSorted()).toEqual(['bin', 'guest-1-1', other].toSorted());
  },
);

test('an archive that cannot be reached is named with the suites that were asked for', async () => {
  await unreachable();
  const failure = await provideSystemDisk(cache, '6.1', () => undefined).catch((error: Error) => error);
  const { message } = failure as Error;
  expect(message).toContain('the Debian archive with trixie, bookworm must be reachable');
  expect(message).toContain('bookworm Release 404');
  await expect(provideSystemDisk(cache, '6.12', () => undefined)).rejects.toThrow(
    'archive with trixie must be reachable',
  );
});

test('cleaning removes the disks with all kernels, and not one that a living process builds', async () => {
  const building = `${first}.${process.pid}.tmp`;
  await have(first, second, building);
  expect(await removeSystemDisks(cache)).toEqual([first, second].toSorted().map((name) => join(cache, name)));
  expect(await readdir(cache)).toEqual([building]);
});
