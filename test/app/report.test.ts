import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compareStoredRuns } from '../../src/app/compare.ts';
import { type ReportFlags, reportRun } from '../../src/app/report.ts';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import { goldenRun } from '../core/analyze/golden-run.ts';
import { testContext } from '../support/app-context.ts';

const { run, trials, workloads } = goldenRun();
const runId = '20260101-120000-abcd';
/** Those of the golden run are none of ours: they are asked for by a configuration. */
const unknown = workloads.map(({ id }) => id);

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ocibench-report-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});
const at = (...names: string[]) => join(directory, ...names);

/** A run of no workload in `results/<name>`, and its path. */
async function stored(name: string, change: Partial<RunRecord> = {}): Promise<string> {
  const path = at('results', name);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'run.json'), JSON.stringify({ ...run, runId, subjects: [], ...change }));
  await writeFile(join(path, 'trials.jsonl'), '');
  return path;
}

const app = testContext();
const report = (path: string, flags: ReportFlags = {}) => reportRun(app, path, flags);
const compare = (before: string, after: string) => compareStoredRuns(app, [before, after], {});

test('a directory without trials.jsonl keeps the report that it has', async () => {
  const path = await stored(runId);
  await rm(join(path, 'trials.jsonl'));
  await writeFile(join(path, 'report.md'), 'good');
  await expect(report(path)).rejects.toMatchObject({
    exitCode: 2,
    problems: [{ file: join(path, 'trials.jsonl'), message: 'does not exist' }],
  });
  expect((await readdir(path)).toSorted()).toEqual(['report.md', 'run.json']);
  await expect(compare(path, path)).rejects.toMatchObject({ exitCode: 2 });
});

test('a run with unknown workloads keeps its report until they are named', async () => {
  const path = await stored(runId, { subjects: run.subjects });
  await writeFile(join(path, 'trials.jsonl'), trials.map((trial) => `${JSON.stringify(trial)}\n`).join(''));
  for (const ask of [() => report(path), () => compare(path, path)])
    await expect(ask()).rejects.toMatchObject({
      exitCode: 2,
      problems: [{ key: unknown.join(', '), fix: expect.stringContaining('--config FILE') }],
    });
  expect((await readdir(path)).toSorted()).toEqual(['run.json', 'trials.jsonl']);
});

test('--out is where reports go, of a run that is named by its path too', async () => {
  const path = await stored(runId);
  await report(path, { out: at('elsewhere') });
  expect((await readdir(path)).toSorted()).toEqual(['run.json', 'trials.jsonl']);
  await access(at('elsewhere/results', runId, 'report.html'));
  await report(path);
  await access(join(path, 'report.html'));
});

test('another run of that name below --out is left alone', async () => {
  const path = await stored(runId);
  await mkdir(at('elsewhere'));
  await rename(at('results'), at('elsewhere/results'));
  await stored(runId);
  await expect(report(path, { out: at('elsewhere') })).rejects.toMatchObject({
    exitCode: 2,
    problems: [{ file: at('elsewhere/results', runId) }],
  });
});

test('a run that calls itself by another name, or whose charts are a link, changes nothing there', async () => {
  const chart = at('charts', runId, 'overview.svg');
  await mkdir(at('charts', runId), { recursive: true });
  await writeFile(chart, 'of another run');
  const impostor = await stored('20260202-120000-abcd');
  await expect(report(impostor)).rejects.toMatchObject({
    exitCode: 2,
    problems: [{ file: join(impostor, 'run.json'), key: 'runId' }],
  });
  const linked = await stored('20260202-120000-abcd', { runId: '20260202-120000-abcd' });
  await symlink(runId, at('charts/20260202-120000-abcd'));
  await expect(report(linked)).rejects.toMatchObject({
    problems: [
      {
        file: at('charts/20260202-120000-abcd'),
        message: `${at('charts/20260202-120000-abcd')} is a symbolic link`,
      },
    ],
  });
  expect(await readFile(chart, 'utf8')).toBe('of another run');
});
