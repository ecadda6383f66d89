import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { headlineLine, nightLine } from '../../../../support/history-lines.ts';
import { ScriptedWorld } from '../../../../support/scripted-world.ts';

const [kept, removed] = ['20261031-020000-0001', '20261030-020000-0001'];

async function worldWithNights(): Promise<ScriptedWorld> {
  const world = await ScriptedWorld.open();
  await mkdir(join(world.path, 'history'));
  await mkdir(join(world.path, 'results', kept), { recursive: true });
  const lines = ['2026-10-30', '2026-10-31'].flatMap((night) => [headlineLine(night), nightLine(night)]);
  await writeFile(
    join(world.path, 'history/2026-10.ndjson'),
    [...lines.map((line) => JSON.stringify(line)), 'torn'].join('\n'),
  );
  return world;
}

test('nightly page writes a page beside the nights, and says where', async () => {
  await using world = await worldWithNights();
  const { exitCode, stdout, stderr } = await world.command(['nightly', 'page']);
  expect(exitCode, stderr).toBe(0);
  const page = join(world.path, 'history/report.html');
  expect(stdout.trim()).toBe(page);
  const text = await readFile(page, 'utf8');
  expect(text).toContain('line 5 is skipped');
  expect(text).toContain(`<a href="../results/${kept}">${kept}</a>`);
  expect(text).not.toContain(`../results/${removed}`);
});

test('elsewhere it leads to the same runs, and to the report of a run that has one', async () => {
  await using world = await worldWithNights();
  await writeFile(join(world.path, 'results', kept, 'report.html'), '');
  const { exitCode, stderr } = await world.command(['nightly', 'page', '--to', 'a/b']);
  expect(exitCode, stderr).toBe(0);
  const text = await readFile(join(world.path, 'a/b/report.html'), 'utf8');
  expect(text).toContain(`<a href="../../results/${kept}/report.html">`);
});

test('a link in the place of the page is replaced, and what it leads to stays', async () => {
  await using world = await worldWithNights();
  const elsewhere = join(world.path, 'elsewhere');
  await writeFile(elsewhere, 'mine');
  await symlink(elsewhere, join(world.path, 'history/report.html'));
  expect((await world.command(['nightly', 'page'])).exitCode).toBe(0);
  expect(await readFile(elsewhere, 'utf8')).toBe('mine');
  expect(await readdir(join(world.path, 'history'))).toContain('report.html');
});
