import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writerMark } from '../../../src/core/files/temporary.ts';
import { OcibenchError } from '../../../src/core/model/failure/error.ts';
import { schemaVersion } from '../../../src/core/model/run/run.ts';
import type { Reading } from '../../../src/core/model/trial/trial.ts';
import { removeTemporaries, writeAtomically } from '../../../src/core/store/files.ts';
import { maxLineBytes } from '../../../src/core/store/lines.ts';
import { findRun, findRunToResume, loadRun, openRun } from '../../../src/core/store/run-directory.ts';
import { newestRun } from '../../../src/core/store/run-ids.ts';
import { goldenRun } from '../analyze/golden-run.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'run-'));
});
afterEach(() => rm(directory, { recursive: true }));

const { run, trials } = goldenRun();
const at = (name: string) => join(directory, name);
const reading = (trialId: string, atNs: number): Reading => ({ trialId, atNs, costNs: 1, figures: {} });

/** A run with these trials, each with two readings. */
async function written(count: number): Promise<void> {
  const writer = await openRun(directory);
  await writer.saveRun({ ...run, status: 'running' });
  for (const trial of trials.slice(0, count)) {
    writer.appendReadings([reading(trial.trialId, 1), reading(trial.trialId, 2)]);
    writer.appendTrial(trial);
  }
  writer.close();
}

async function reopened() {
  const writer = await openRun(directory);
  writer.close();
  return writer;
}

/** What a promise that must reject rejects with. */
async function refusal(promise: Promise<unknown>): Promise<OcibenchError> {
  const error = await promise.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (error instanceof OcibenchError) return error;
  throw new Error(`not refused: ${error}`);
}

test('a trial of a workload that run.json does not plan is refused by file and trial', async () => {
  await written(2);
  const [trial] = trials;
  if (trial === undefined) throw new Error('the golden run has trials');
  const other = { ...trial, cell: { ...trial.cell, workload: 'hasOwnProperty' } };
  await writeFile(at('trials.jsonl'), `${JSON.stringify(other)}\n`);
  const { problems } = await refusal(loadRun(directory));
  expect(problems).toMatchObject([
    { file: at('trials.jsonl'), key: trial.trialId, message: expect.stringContaining('hasOwnProperty') },
  ]);
});

test.each([
  ['is cut off', '{"trialId":"x","cell":{"run'],
  ['is filled with zeros', '\0'.repeat(512)],
  ['lost its text and kept its newline', `${'\0'.repeat(90)}"}\n`],
  ['is cut off in the midst of a character', Buffer.from('{"trialId":"é').subarray(0, -1)],
])(
  'a last line that %s is moved into a file beside it, and told; what was whole stays byte for byte',
  async (_, end) => {
    await written(3);
    const before = await readFile(at('trials.jsonl'));
    await writeFile(at('trials.jsonl'), Buffer.concat([before, Buffer.from(end)]));
    const found = await loadRun(directory);
    expect([found.trials.length, found.torn]).toEqual([3, ['trials.jsonl']]);
    const { setAside } = await reopened();
    const bytes = Buffer.from(end).length;
    expect(setAside).toEqual([{ file: at('trials.jsonl'), bytes, keptIn: at('trials.jsonl.torn') }]);
    expect(await readFile(at('trials.jsonl'))).toEqual(before);
    expect((await readFile(at('trials.jsonl.torn'))).subarray(0, bytes)).toEqual(Buffer.from(end));
    expect((await reopened()).setAside).toEqual([]);
  },
);

test('what two crashes cut off is kept, one line each', async () => {
  for (const torn of ['{"a', '{"b']) {
    await written(0);
    await writeFile(at('schedule.jsonl'), torn);
    await reopened();
  }
  expect(await readFile(at('schedule.jsonl.torn'), 'utf8')).toBe('{"a\n{"b\n');
});

test('readings whose trial was in flight are set aside: the trial is measured again under the same id', async () => {
  await written(3);
  const before = await readFile(at('readings.jsonl'), 'utf8');
  const next = trials[3]?.trialId ?? '';
  const lines = [reading(next, 1), reading(next, 2)].map((each) => `${JSON.stringify(each)}\n`).join('');
  await writeFile(at('readings.jsonl'), `${before}${lines}{"trialId`);
  await reopened();
  expect(await readFile(at('readings.jsonl'), 'utf8')).toBe(before);
  expect(await readFile(at('readings.jsonl.torn'), 'utf8')).toBe(`{"trialId\n${lines}`);
});

test.each([
  ['is no file', () => mkdir(at('trials.jsonl'))],
  ['is a link', () => symlink('elsewhere.jsonl', at('trials.jsonl'))],
  [
    'has a line without an end',
    async () => {
      await writeFile(at('trials.jsonl'), '');
      await truncate(at('trials.jsonl'), maxLineBytes * 4);
    },
  ],
])('where trials.jsonl %s, no reading is taken for an orphan, and nothing is written', async (_, make) => {
  await written(2);
  const before = await readFile(at('readings.jsonl'));
  const trialsText = await readFile(at('trials.jsonl'));
  await rename(at('trials.jsonl'), at('elsewhere.jsonl'));
  await make();
  expect((await refusal(openRun(directory))).problems).toMatchObject([{ file: at('trials.jsonl') }]);
  expect(await readFile(at('readings.jsonl'))).toEqual(before);
  expect(await readFile(at('elsewhere.jsonl'))).toEqual(trialsText);
  expect((await readdir(directory)).filter((name) => name.endsWith('.torn'))).toEqual([]);
});

test('a damaged line in the middle is refused with file and line, and nothing is changed', async () => {
  await written(4);
  const lines = (await readFile(at('trials.jsonl'), 'utf8')).split('\n');
  lines[1] = lines[1]?.slice(0, 40) ?? '';
  await writeFile(at('trials.jsonl'), lines.join('\n'));
  const { message, problems, exitCode } = await refusal(loadRun(directory));
  expect(exitCode).toBe(2);
  expect(message).toContain(`${at('trials.jsonl')}, line 2`);
  expect(problems).toMatchObject([
    { file: at('trials.jsonl'), key: 'line 2', fix: expect.stringMatching(/.{10}/) },
  ]);
  await reopened();
  expect(await readFile(at('trials.jsonl'), 'utf8')).toBe(lines.join('\n'));
});

test.each([
  ['an older one', { schemaVersion: 0 }, 'is 0'],
  ['a newer one', { schemaVersion: 99 }, 'is 99'],
  ['none', { schemaVersion: undefined }, 'is missing'],
])('a run of another schema version is refused by name: %s', async (_, change, found) => {
  await writeFile(
    at('run.json'),
    JSON.stringify({ ...run, ...change, harnessVersion: '0.0.7', runtimes: 'other' }),
  );
  const { problems, exitCode, message } = await refusal(loadRun(directory));
  expect(exitCode).toBe(2);
  expect(message).toContain(directory);
  expect(problems).toEqual([
    {
      file: at('run.json'),
      key: 'schemaVersion',
      message: `${found}; this ocibench reads ${schemaVersion}`,
      fix: 'read it with ocibench 0.0.7 that wrote it, or measure again',
      messages: {
        message: expect.objectContaining({ id: 'stored.otherSchema' }),
        fix: { id: 'stored.otherSchema.fix', values: expect.objectContaining({ writer: 'ocibench 0.0.7' }) },
      },
    },
  ]);
});

test.each([
  ['not JSON', '{"schemaVersion": 1,', '', 'not JSON'],
  ['no object', 'null', 'schemaVersion', 'missing'],
  ['of this version with something else in it', JSON.stringify({ ...run, seed: 'x' }), 'seed', 'number'],
  ['missing a key', JSON.stringify({ ...run, host: {} }), 'host.hostname', 'string'],
])('a run.json that is %s is refused with its key, in a sentence', async (_, text, key, word) => {
  await writeFile(at('run.json'), text);
  const { problems } = await refusal(loadRun(directory));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({ file: at('run.json'), key, message: expect.stringContaining(word) });
  expect(problems[0]?.message).not.toMatch(/[{[\n]/);
});

test('a temporary file that a process of another PID namespace writes is left alone, whatever its id is here', async () => {
  const name = (mark: string) => `.00000000-0000-0000-0000-000000000000.${mark}.tmp`;
  const gone = 2 ** 22 + 1;
  const [, namespace, host] = writerMark().split('.');
  const here = `${gone}.${namespace}.${host}`;
  for (const mark of [`${gone}.1.${host}`, here, writerMark()]) await writeFile(at(name(mark)), '');
  expect(await removeTemporaries(directory)).toEqual([at(name(here))]);
});

test('temporary files of processes that are gone are removed, those of the living and other files are not', async () => {
  const mark = writerMark().slice(String(process.pid).length);
  const name = (pid: number) => `.00000000-0000-0000-0000-000000000000.${pid}${mark}.tmp`;
  await writeAtomically(join(directory, 'a', 'b.csv'), 'x');
  const [gone, living] = [join(directory, 'a', name(2 ** 22 + 1)), join(directory, 'a', name(process.pid))];
  for (const path of [gone, living, at('.tmp'), at(name(2 ** 22 + 2))]) await writeFile(path, '');
  expect([...(await removeTemporaries(directory))].toSorted()).toEqual(
    [at(name(2 ** 22 + 2)), gone].toSorted(),
  );
  expect((await readdir(directory, { recursive: true })).toSorted()).toEqual(
    ['.tmp', 'a', `a/${name(process.pid)}`, 'a/b.csv'].toSorted(),
  );
});

test('a write removes what a killed process left beside its target, and nothing else', async () => {
  const mark = writerMark().slice(String(process.pid).length);
  const name = (pid: number) => `.00000000-0000-0000-0000-000000000000.${pid}${mark}.tmp`;
  await writeFile(at(name(2 ** 22 + 1)), '');
  await mkdir(at(name(2 ** 22 + 2)));
  await writeFile(at(name(process.pid)), '');
  await writeAtomically(at('a.csv'), 'x');
  const present = (await readdir(directory)).filter((each) => each === 'a.csv' || each.endsWith('.tmp'));
  expect(present.toSorted()).toEqual(['a.csv', name(2 ** 22 + 2), name(process.pid)].toSorted());
});

test('the run to go on with is the newest, not the newest that has a report; what is no run is passed over', async () => {
  expect(await newestRun(at('results'))).toBeNull();
  expect((await refusal(findRunToResume('latest', at('results')))).problems[0]?.fix).toContain(
    'measure first',
  );
  const ids = ['20260101-000000-abcd', '20260102-000000-abcd'];
  for (const runId of ids) {
    const writer = await openRun(at(`results/${runId}`));
    await writer.saveRun({ ...run, runId, status: 'running' });
    writer.close();
  }
  await mkdir(at('results/20260103-000000-abcd'));
  await mkdir(at('results/calibration-20260104-000000-abcd'));
  const path = (which: number) => at(`results/${ids[which]}`);
  expect(await findRun('latest', at('results'))).toBe(path(1));
  await symlink(ids[0] ?? '', at('results/latest'));
  expect(await newestRun(at('results'))).toBe(path(1));
  expect(await findRunToResume('latest', at('results'))).toBe(path(1));
  expect(await findRunToResume(ids[0] ?? '', at('results'))).toBe(path(0));
  expect(await findRun('latest', at('results'))).toBe(at('results/latest'));
  expect((await refusal(findRun('20260103-000000-abcd', at('results')))).problems[0]?.fix).toContain(ids[1]);
});
