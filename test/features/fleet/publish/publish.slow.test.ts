import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reportRun } from '../../../../src/app/report.ts';
import { openArtefact } from '../../../../src/core/artefact/artefact.ts';
import { identifiedFacts } from '../../../../src/core/host/facts.ts';
import { hostIdentity, pseudonymOf } from '../../../../src/core/host/host-identity.ts';
import { publishRun } from '../../../../src/features/fleet/publish/publish.ts';
import { verifySeveral } from '../../../../src/features/proof/app/verify/verify-several.ts';
import { recorder, testContext } from '../../../support/app-context.ts';
import { blankPictures, ScriptedWorld } from '../../../support/scripted-world.ts';

const runId = '20261125-205804-e1d4';
const stored = join(import.meta.dirname, '../../../contracts/stored-run');

let place: string;
let out: string;
const file = (name: string) => join(out, 'results', runId, name);
const contextWith = () => {
  const app = testContext({ reporter: recorder(), pictures: blankPictures });
  return {
    ...app,
    environment: { ...app.environment, version: '0.1.0', workingDirectory: place, userNames: ['alice_9'] },
  };
};

/** What must be in no file of the bundle. */
const secrets = [
  'blackbox7',
  'secretcorp',
  'alice_9',
  'robert9',
  '10.1.2.3',
  '/home/',
  '/srv/',
  'labelled',
  hostIdentity(),
];

/** A run that tells of its host, people, addresses and paths: in its record, its trials and what containers printed. */
async function tellingRun(): Promise<void> {
  await cp(stored, join(out, 'results'), { recursive: true });
  const run = JSON.parse(await readFile(file('run.json'), 'utf8'));
  // A host is known by these, too, and that of the stored run had others.
  const { arch, cpuModel, memoryBytes } = await identifiedFacts();
  const here = { arch, cpuModel, memoryBytes, id: hostIdentity(), hostname: 'blackbox7.secretcorp.example' };
  const told = {
    ...run,
    host: { ...run.host, ...here },
    checks: [
      ...run.checks,
      { id: 'x', status: 'warn', title: 'x', detail: 'alice_9 at 10.1.2.3 in /home/robert9/x' },
    ],
  };
  await writeFile(file('run.json'), JSON.stringify(told));
  const lines = (await readFile(file('trials.jsonl'), 'utf8')).trim().split('\n');
  const words = 'blackbox7: /home/robert9/bin/kata, /srv/data by Alice_9 from 10.1.2.3';
  const trials = lines.map((line, n) => {
    const trial = JSON.parse(line);
    const output = { ...trial.output, stderr: n === 3 ? words : trial.output.stderr };
    return JSON.stringify({ ...trial, output });
  });
  await writeFile(file('trials.jsonl'), `${trials.join('\n')}\n`);
  await reportRun(contextWith(), runId, { in: out });
}

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-publish-'));
  out = join(place, 'mine');
});
afterEach(() => rm(place, { recursive: true, force: true }));

test('the bundle tells of nobody, is whole, and its figures follow from the records in it', async () => {
  await tellingRun();
  const app = contextWith();
  const published = await publishRun(app, runId, { in: out });
  expect(published).toMatchObject({ licence: 'CC0-1.0', host: { id: pseudonymOf(hostIdentity()) } });
  expect(published.file).toBe(join(place, `ocibench-${runId}.tar.zst`));
  const texts: string[] = [];
  for await (const each of openArtefact(published.file)) {
    if ('problem' in each) throw new Error(each.problem.text);
    expect(each.manifest).toMatchObject({ state: 'whole' });
    const names = await readdir(each.directory);
    expect(names).toEqual(
      expect.arrayContaining(['trials.jsonl', 'README.md', 'DATA-LICENSE', 'MANIFEST.sha256']),
    );
    for (const name of names) texts.push(await readFile(join(each.directory, name), 'utf8'));
  }
  const planted = await readFile(file('trials.jsonl'), 'utf8');
  for (const secret of secrets.slice(0, 1)) expect(planted).toContain(secret);
  const whole = texts.join('\n').toLowerCase();
  expect(secrets.filter((secret) => whole.includes(secret))).toEqual([]);
  expect(whole).toContain('spdx-license-identifier: cc0-1.0');

  const [judged] = await verifySeveral(app, [published.file], {});
  expect(judged?.submission).toMatchObject({
    state: 'measured-here',
    reasons: [],
    trials: 24,
    manifest: 'whole',
  });
}, 60_000);

test('what was measured is the same', async () => {
  await tellingRun();
  const own = await readFile(file('measurements.csv'), 'utf8');
  const { file: archive } = await publishRun(contextWith(), runId, { in: out });
  for await (const each of openArtefact(archive))
    if ('directory' in each)
      expect(await readFile(join(each.directory, 'measurements.csv'), 'utf8')).toBe(own);
}, 60_000);

test('a run without one of its tables is published: the figures are computed from its records', async () => {
  await tellingRun();
  await rm(file('facts.csv'));
  expect(await publishRun(contextWith(), runId, { in: out })).toMatchObject({ licence: 'CC0-1.0' });
});

test('the same run gives the same bytes, and tar(1) reads them', async () => {
  await tellingRun();
  const flags = { in: out, gzip: true, license: 'CC-BY-4.0' } as const;
  const first = await publishRun(contextWith(), runId, flags);
  const bytes = await readFile(first.file);
  const second = await publishRun(contextWith(), runId, flags);
  expect(second.file).toBe(first.file);
  expect(await readFile(second.file)).toEqual(bytes);
  await execa('tar', ['-xzf', first.file, '-C', place]);
  const directory = join(place, 'results', runId);
  expect((await execa('sha256sum', ['-c', 'MANIFEST.sha256'], { cwd: directory })).exitCode).toBe(0);
  expect(await readFile(join(directory, 'DATA-LICENSE'), 'utf8')).toContain('CC-BY-4.0');
  expect(await readFile(join(directory, 'README.md'), 'utf8')).toContain(
    `host-${pseudonymOf(hostIdentity()).slice(0, 8)}`,
  );
}, 60_000);

describe('is refused', () => {
  test('a run that does not hold what it shows', async () => {
    await tellingRun();
    await writeFile(file('summary.csv'), 'mine');
    await expect(publishRun(contextWith(), runId, { in: out })).rejects.toMatchObject({
      exitCode: 2,
      problems: [{ message: 'its figures do not follow from its records' }],
    });
  });

  test('a run of services of one’s own', async () => {
    await tellingRun();
    const run = JSON.parse(await readFile(file('run.json'), 'utf8'));
    const service = {
      name: 'shop',
      image: 'shop:1',
      command: [],
      ready: null,
      load: null,
      env: { TOKEN: 'x' },
      memoryBytes: null,
      timeoutMs: 1000,
    };
    await writeFile(
      file('run.json'),
      JSON.stringify({ ...run, config: { ...run.config, services: [service] } }),
    );
    const refused = publishRun(contextWith(), runId, { in: out });
    await expect(refused).rejects.toMatchObject({ exitCode: 2, problems: [{ key: 'shop' }] });
    expect(await readdir(place)).toEqual(['mine']);
  });

  test('a licence that is not one of these', async () => {
    await using world = await ScriptedWorld.open();
    const { exitCode, stderr } = await world.command(['fleet', 'publish', '--license', 'MIT']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('CC0-1.0, CC-BY-4.0');
  });
});

test('a run of before hosts had ids: it is told, and no name is made up', async () => {
  await cp(stored, join(out, 'results'), { recursive: true });
  await reportRun(contextWith(), runId, { in: out });
  const app = contextWith();
  const { host } = await publishRun(app, runId, { in: out });
  expect(host).toEqual({ hostname: 'host' });
  expect((app.reporter as ReturnType<typeof recorder>).said.join()).toContain('has no host id');
}, 60_000);

test('the command says what it wrote, and what to look at', async () => {
  await tellingRun();
  await using world = await ScriptedWorld.open();
  await cp(out, world.path, { recursive: true });
  const { exitCode, stdout, stderr } = await world.command(['fleet', 'publish', runId]);
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toMatch(
    /ocibench-\S+\.tar\.zst: \d+ KiB, \d+ files, licence CC0-1.0; the host is named host-[0-9a-f]{8}/,
  );
  expect(stdout).toContain('Check it before you share it');
});
