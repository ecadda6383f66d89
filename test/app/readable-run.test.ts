import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findReadable } from '../../src/app/readable-run.ts';
import { diskStore } from '../../src/app/store.ts';
import { OcibenchError } from '../../src/core/model/failure/error.ts';
import { entriesOf, fileEntry, writeArchive } from '../core/artefact/archives.ts';
import { ScriptedWorld } from '../support/scripted-world.ts';

const runId = '20261125-205804-e1d4';
const stored = join(import.meta.dirname, '../contracts/stored-run', runId);
const reference = join(import.meta.dirname, '../../results/reference');
const app = { store: diskStore };

let place = '';
let archive = '';
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-readable-'));
  archive = await writeArchive(
    place,
    'run',
    '.tar.zst',
    await entriesOf(stored, await readdir(stored), runId),
  );
});
afterEach(() => rm(place, { recursive: true, force: true }));

async function refusal(name: string): Promise<OcibenchError> {
  const error = await findReadable(app, name, place).catch((thrown: unknown) => thrown);
  if (!(error instanceof OcibenchError)) throw error;
  expect(error.exitCode).toBe(2);
  return error;
}

describe('a run that is only read', () => {
  test('is a directory', async () => {
    expect(await findReadable(app, stored, place)).toEqual({ path: stored, archive: null });
  });

  test('is an archive, which is unpacked once for all who read it', async () => {
    const found = await findReadable(app, archive, place);
    expect(found.archive).toBe(archive);
    expect((await diskStore.loadRun(found.path)).trials).toHaveLength(24);
    expect(await findReadable(app, archive, place)).toEqual(found);
    expect(await findReadable(app, found.path, place)).toEqual(found);
  });

  test('is the reference run of this clone, from anywhere, with its trials', async () => {
    const { path } = await findReadable(app, 'reference', place);
    const { run, trials } = await diskStore.loadRun(path);
    expect(run).toEqual(await diskStore.readRun(reference));
    expect(trials.length).toBeGreaterThan(0);
    expect((await findReadable(app, reference, place)).path).toBe(path);
  });

  test('is neither an archive of several nor one of none', async () => {
    const run = await readFile(join(stored, 'run.json'), 'utf8');
    const two = ['a', 'b'].map((name) => fileEntry(`${name}/run.json`, run));
    const several = await refusal(await writeArchive(place, 'two', '.tar.gz', two));
    expect(several.problems[0]?.message).toContain('several runs');
    const none = await refusal(await writeArchive(place, 'none', '.tar', [fileEntry('a', 'b')]));
    expect(none.problems[0]?.message).toContain('it contains no run');
    const evil = await refusal(await writeArchive(place, 'evil', '.tar', [fileEntry('../run.json', run)]));
    expect(evil.problems[0]?.message).toContain('leads outside the archive');
  });
});

describe('a refused archive', () => {
  test.each([
    ['that is damaged', () => '{'],
    ['with a value of another type', (run: string) => run.replace(/"seed": \d+/, '"seed": "x"')],
    ['with workloads of nobody', (run: string) => run.replaceAll('startup/echo', 'evil/none')],
  ])('%s is named as the user named it, and by nothing that it holds alone', async (_, change) => {
    const run = await readFile(join(stored, 'run.json'), 'utf8');
    const others = await entriesOf(stored, ['trials.jsonl', 'schedule.jsonl'], runId);
    const entries = [fileEntry(`${runId}/run.json`, change(run)), ...others];
    const bad = await writeArchive(place, 'bad', '.tar.gz', entries);
    await using world = await ScriptedWorld.open();
    for (const words of [
      ['report', bad],
      ['compare', bad, archive],
      ['capacity', 'overhead', bad],
    ]) {
      const { stderr, exitCode } = await world.command(words);
      expect(exitCode, stderr).toBe(2);
      expect(stderr.split('\n')[0]).toContain(bad);
      expect(stderr).not.toContain('ocibench-artefact');
    }
  });

  test('is named also where both are one run', async () => {
    await using world = await ScriptedWorld.open();
    const { stderr } = await world.command(['compare', archive, archive]);
    expect(stderr.split('\n')[0]).toContain(archive);
  });
});

describe('the report of an archive', () => {
  test('is printed, and writes nothing where no place is named', async () => {
    await using world = await ScriptedWorld.open();
    const before = await readdir(world.path, { recursive: true });
    const { stdout, stderr, exitCode } = await world.command(['report', archive]);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('startup/echo');
    expect(stdout).not.toMatch(/--resume|report\.md/);
    expect(stdout).toMatch(
      /to write it and the charts here: {2}(sudo )?ocibench report .*run\.tar\.zst --out \./,
    );
    expect(await readdir(world.path, { recursive: true })).toEqual(before);
  });

  test('is written below --out', async () => {
    await using world = await ScriptedWorld.open();
    const { stderr, exitCode } = await world.command(['report', archive, '--out', place]);
    expect(exitCode, stderr).toBe(0);
    const made = await readdir(join(place, 'results', runId));
    expect(made).toEqual(expect.arrayContaining(['report.html', 'summary.csv']));
    expect(made).not.toContain('trials.jsonl');
  });

  test('says how to compare it, alone there is nothing before it', async () => {
    await using world = await ScriptedWorld.open();
    const { stderr, exitCode } = await world.command(['compare', archive]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('name both runs');
  });
});
