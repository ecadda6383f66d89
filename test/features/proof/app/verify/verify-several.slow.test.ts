import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { reportRun } from '../../../../../src/app/report.ts';
import { writeManifest } from '../../../../../src/core/store/manifest.ts';
import { isCollection, verifySeveral } from '../../../../../src/features/proof/app/verify/verify-several.ts';
import { submissionsCsv, submissionsTable } from '../../../../../src/features/proof/verify/table.ts';
import { entriesOf, entryOf, writeArchive } from '../../../../core/artefact/archives.ts';
import { testContext } from '../../../../support/app-context.ts';
import { blankPictures, ScriptedWorld } from '../../../../support/scripted-world.ts';

/** Are artefacts read by processes of their own, as for a user? */
const apart = vi.hoisted(() => ({ isReal: false }));
vi.mock('../../../../../src/app/apart/apart.ts', async (original) => {
  const { readingHere } = await import('../../../../support/read-here.ts');
  return readingHere(await original<object & { readApart: unknown }>(), () => apart.isReal);
});
afterEach(() => {
  apart.isReal = false;
});

const runId = '20261125-205804-e1d4';
const stored = join(import.meta.dirname, '../../../../contracts/stored-run', runId);

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-class-'));
});
afterEach(() => rm(place, { recursive: true, force: true }));

const contextIn = (workingDirectory: string) => {
  const app = testContext({ pictures: blankPictures });
  return { ...app, environment: { ...app.environment, version: '0.1.0', workingDirectory } };
};
const judge = async (...paths: readonly string[]) =>
  (await verifySeveral(contextIn(place), paths, {})).map(({ submission }) => submission);

/** A run as a student hands it in, with figures; `id`: of its host, `shift`: added to its times, so that it is one of its own. */
async function handIn(name: string, id: string, shift: number): Promise<string> {
  const out = join(place, name);
  const directory = join(out, 'results', runId);
  await cp(stored, directory, { recursive: true });
  const run = JSON.parse(await readFile(join(directory, 'run.json'), 'utf8'));
  await writeFile(join(directory, 'run.json'), JSON.stringify({ ...run, host: { ...run.host, id } }));
  const lines = (await readFile(join(directory, 'trials.jsonl'), 'utf8')).trim().split('\n');
  const moved = lines.map((line) => {
    const trial = JSON.parse(line);
    return JSON.stringify({
      ...trial,
      iterationNs: trial.iterationNs === null ? null : trial.iterationNs + shift,
    });
  });
  await writeFile(join(directory, 'trials.jsonl'), `${moved.join('\n')}\n`);
  await reportRun(contextIn(place), runId, { in: out });
  return directory;
}

test('a class of submissions: each has its line, and what is wrong with one is told of that one', async () => {
  apart.isReal = true;
  const ada = await handIn('class/ada', 'a'.repeat(16), 0);
  const bob = await handIn('class/bob', 'b'.repeat(16), 1000);
  const eve = await handIn('eve', 'e'.repeat(16), 0);
  await writeFile(join(bob, 'summary.csv'), 'mine');
  const files = (await readdir(eve)).filter((name) => name !== 'report.html');
  await writeArchive(join(place, 'class'), 'eve', '.tar.zst', await entriesOf(eve, files, runId));
  await writeArchive(join(place, 'class'), 'bad', '.tgz', [entryOf('run', 'symlink', { linkname: '/etc' })]);
  await mkdir(join(place, 'class/zoe/results/x'), { recursive: true });
  await writeFile(join(place, 'class/zoe/results/x/run.json'), '{"schemaVersion":7}');
  const found = await judge('class/');
  expect(found.map(({ origin, host, state, trials }) => [origin, host, state, trials])).toEqual([
    [`class/ada/results/${runId}`, 'host-aaaaaaaa', 'copied', 24],
    ['class/bad.tgz', null, 'unreadable', 0],
    [`class/bob/results/${runId}`, 'host-bbbbbbbb', 'edited', 24],
    ['class/eve.tar.zst', 'host-eeeeeeee', 'copied', 24],
    ['class/zoe/results/x', null, 'unreadable', 0],
  ]);
  expect(found.map(({ reasons }) => reasons[0]?.text)).toEqual([
    '24 trials are also in class/eve.tar.zst',
    'run is neither a file nor a directory: symlink',
    'summary.csv does not match the manifest',
    `24 trials are also in class/ada/results/${runId}`,
    'run.json: schemaVersion: is 7; this ocibench reads 2',
  ]);
  const table = submissionsTable(found, { lang: 'en', width: 140 });
  expect(table).toContain('5 runs: copied: 2, unreadable: 2, edited: 1.');
  expect(table).toContain('A manifest is not a signature');
  const csv = submissionsCsv(found, 'en').trim().split('\n');
  expect(csv).toHaveLength(6);
  expect(csv[0]).toBe('origin,host,run_id,started_at,preset,runtimes,trials,manifest,state,reasons');
  expect(csv[1]).toContain(`host-aaaaaaaa,${runId},2026-11-25T`);
  // The name of the host is nowhere: its owner may not want the class to read it.
  const { host } = JSON.parse(await readFile(join(ada, 'run.json'), 'utf8'));
  expect(`${table}${csv.join('')}`).not.toMatch(new RegExp(`\\b${host.hostname}\\b`));
}, 240_000);

test('runs of one’s own are no copies of each other, and hold', async () => {
  await handIn('ada', 'a'.repeat(16), 0);
  await handIn('bob', 'b'.repeat(16), 1000);
  expect((await judge('ada', 'bob')).map(({ state }) => state)).toEqual([
    'measured-elsewhere',
    'measured-elsewhere',
  ]);
}, 240_000);

test('a record that breaks a reader is a reason of its own', async () => {
  const ada = await handIn('ada', 'a'.repeat(16), 0);
  await writeFile(join(ada, 'trials.jsonl'), `${'['.repeat(100_000)}\n{}\n`);
  await writeManifest(ada);
  const [found] = await judge('ada');
  expect(found).toMatchObject({
    state: 'unreadable',
    reasons: [{ text: expect.stringContaining('trials.jsonl') }],
  });
});

describe('figures of another version', () => {
  /** What another ocibench left: figures of another version, without a column and a file of this one. */
  async function foreign(): Promise<string> {
    const ada = await handIn('ada', 'a'.repeat(16), 0);
    const change = async (name: string, how: (text: string) => string) =>
      writeFile(join(ada, name), how(await readFile(join(ada, name), 'utf8')));
    await change('analysis.json', (text) => text.replace(/(?<="figures": ")[0-9a-f]+/, '0123456789abcdef'));
    await change('summary.csv', (text) => text.replaceAll(/,[^,\n]*$/gm, ''));
    await rm(join(ada, 'effects.csv'));
    await writeManifest(ada);
    return ada;
  }
  const judged = async () => (await judge('ada'))[0];

  test('are no edited ones', async () => {
    await foreign();
    const found = await judged();
    expect(found?.state).toMatch(/^measured-/);
    expect(found?.reasons).toEqual([]);
  }, 240_000);

  test('are edited where the manifest says so', async () => {
    await writeFile(join(await foreign(), 'summary.csv'), 'mine');
    expect((await judged())?.state).toBe('edited');
  }, 240_000);

  test('and those of this version are edited where they do not follow, whoever hashed them', async () => {
    const ada = await handIn('ada', 'a'.repeat(16), 0);
    await writeFile(join(ada, 'summary.csv'), 'mine');
    await writeManifest(ada);
    expect((await judged())?.state).toBe('edited');
  }, 240_000);

  test('are what this project has published', async () => {
    const published = join(import.meta.dirname, '../../../../../results/published');
    const found = await judge(published);
    expect(found.length).toBeGreaterThan(0);
    for (const { state, manifest } of found)
      expect([state, manifest]).toEqual([expect.stringMatching(/^measured-/), 'whole']);
  }, 240_000);
});

describe('which names mean several', () => {
  test.each([
    ['a run directory', runId, false],
    ['what is not there', 'gone', false],
    ['a directory of runs', '.', true],
    ['a file', 'x.tgz', true],
  ])('%s: %s', async (_, name, expected) => {
    await cp(stored, join(place, runId), { recursive: true });
    await writeFile(join(place, 'x.tgz'), '');
    expect(await isCollection(contextIn(place), name)).toBe(expected);
  });
});

test('the command: one archive in detail, several as a table, and the exit codes', async () => {
  await using world = await ScriptedWorld.open();
  const ada = await handIn('ada', 'a'.repeat(16), 0);
  const one = await writeArchive(place, 'ada', '.tar.gz', await entriesOf(ada, await readdir(ada), runId));
  const detail = await world.command(['verify', one]);
  expect(detail.stdout).toContain(`${runId}: 24 recorded trials, analysed again`);
  // Another version of ocibench than the world's own, whose figures are the same.
  expect(detail.stdout).toContain('Conclusion: measured elsewhere');
  expect(detail.exitCode, detail.stderr).toBe(0);
  const several = await world.command(['verify', one, join(place, 'gone')]);
  expect(several.stdout).toContain('2 runs: measured elsewhere: 1, unreadable: 1.');
  expect(several.exitCode).toBe(1);
  const json = JSON.parse((await world.command(['verify', one, one, '--json'])).stdout);
  expect(json.submissions.map(({ state }: { state: string }) => state)).toEqual(['copied', 'copied']);
  const csv = await world.command(['verify', one, '--csv', '--lang', 'fr']);
  expect([csv.exitCode, csv.stdout.split('\n').length]).toEqual([0, 3]);
}, 240_000);
