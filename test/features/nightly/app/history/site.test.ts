import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writerMark } from '../../../../../src/core/files/temporary.ts';
import { headlineLine, nightLine } from '../../../../support/history-lines.ts';
import { ScriptedWorld } from '../../../../support/scripted-world.ts';

async function worldWithNights(): Promise<ScriptedWorld> {
  const world = await ScriptedWorld.open();
  await mkdir(join(world.path, 'history'));
  const lines = [headlineLine('2026-10-31'), nightLine('2026-10-31')];
  await writeFile(
    join(world.path, 'history/2026-10.ndjson'),
    [...lines.map((line) => JSON.stringify(line)), 'torn'].join('\n'),
  );
  return world;
}

test('nightly site writes pages beside the nights, and says where', async () => {
  await using world = await worldWithNights();
  const { exitCode, stdout, stderr } = await world.command(['nightly', 'site']);
  expect(exitCode, stderr).toBe(0);
  const site = join(world.path, 'history/site');
  expect(stdout.trim()).toBe(join(site, 'index.html'));
  expect((await readdir(site)).toSorted()).toEqual(['data', 'en.html', 'fr.html', 'index.html']);
  expect(await readdir(join(site, 'data'))).toEqual(['2026-10.html']);
  expect(await readFile(join(site, 'en.html'), 'utf8')).toContain('1 line of the history skipped');
});

test('months that left the history leave the pages, and what a killed process left; what else is there stays', async () => {
  await using world = await worldWithNights();
  await world.command(['nightly', 'site', '--site', 'pages']);
  const data = join(world.path, 'pages/data');
  await writeFile(join(data, '2020-01.html'), '');
  await writeFile(join(data, 'mine.html'), '');
  // No process has this number.
  const mark = writerMark().replace(/^\d+/, '4194305');
  await writeFile(join(data, `.00000000-0000-4000-8000-000000000000.${mark}.tmp`), '');
  const { exitCode } = await world.command(['nightly', 'site', '--site', 'pages']);
  expect(exitCode).toBe(0);
  expect((await readdir(data)).toSorted()).toEqual(['2026-10.html', 'mine.html']);
});

test.each(['site', 'site/data'])('nothing is written through a link: %s', async (place) => {
  await using world = await worldWithNights();
  const elsewhere = join(world.path, 'elsewhere');
  await mkdir(elsewhere);
  if (place === 'site/data') await mkdir(join(world.path, 'history/site'));
  await symlink(elsewhere, join(world.path, 'history', place));
  const { exitCode, stderr } = await world.command(['nightly', 'site']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('is a symbolic link');
  expect(await readdir(elsewhere)).toEqual([]);
});
