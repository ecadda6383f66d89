import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Problem } from '../../../src/core/model/failure/error.ts';
import { refuseForeignFiles } from '../../../src/features/move/stack/found-files.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'found-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** A directory with these files, each empty. */
async function placeOf(name: string, ...files: readonly string[]): Promise<string> {
  const place = join(directory, name);
  await mkdir(place, { recursive: true });
  for (const file of files) await writeFile(join(place, file), '');
  return place;
}

/** What is refused, and its fix. */
async function refused(files: readonly string[], place: string, env: NodeJS.ProcessEnv = {}) {
  const error: unknown = await refuseForeignFiles(files, place, env).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error === null) return [];
  expect(error).toMatchObject({ exitCode: 2 });
  return (error as { problems: readonly Problem[] }).problems.map(({ file, fix }) => `${file}: ${fix}`);
}

test('files of this user alone are found as by Compose', async () => {
  const place = await placeOf('own', 'compose.yaml', 'compose.override.yml', '.env');
  expect(await refused([], place)).toEqual([]);
  expect(await refused([], await placeOf('none'))).toEqual([]);
});

test.each(['compose.yaml', 'docker-compose.yml', 'compose.override.yaml'])(
  '%s that another user can write is used only where it is named',
  async (name) => {
    const place = await placeOf(`foreign-${name}`, 'compose.yaml', name);
    await chmod(join(place, name), 0o666);
    const fix = `${join(place, name)}: read it; to use it, name it as an argument:  ${join(place, name)}`;
    expect(await refused([], place)).toEqual([fix]);
    // Compose looks for it upwards.
    expect(await refused([], await placeOf(`foreign-${name}/below`))).toEqual([fix]);
    expect(await refused([join(place, name)], place)).toEqual([]);
    expect(await refused([], place, { COMPOSE_FILE: join(place, name) })).toEqual([]);
  },
);

test('variables that another user can write are used only where they are named', async () => {
  const place = await placeOf('variables', 'compose.yaml', '.env');
  await chmod(join(place, '.env'), 0o666);
  const fix = `${join(place, '.env')}: read it; to use it, name it:  COMPOSE_ENV_FILES=${join(place, '.env')}`;
  const elsewhere = await placeOf('elsewhere');
  expect(await refused([], place)).toEqual([fix]);
  expect(await refused([join(place, 'compose.yaml')], elsewhere)).toEqual([fix]);
  // Those of the directory choose a stack.
  expect(await refused([join(elsewhere, 'compose.yaml')], place)).toEqual([fix]);
  expect(await refused([], place, { COMPOSE_ENV_FILES: join(place, '.env') })).toEqual([]);
  expect(await refused([], place, { COMPOSE_DISABLE_ENV_FILE: 'true' })).toEqual([]);
});

test.skipIf(process.geteuid?.() !== 0)('what belongs to another user is not used by root', async () => {
  const place = await placeOf('chowned', 'compose.yaml', '.env');
  await chown(join(place, 'compose.yaml'), 65_534, 65_534);
  expect(await refused([], place)).toHaveLength(1);
  await chown(place, 65_534, 65_534);
  expect(await refused([], place)).toHaveLength(2);
});
