import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadWorkloads } from '../../../../src/core/config/workloads.ts';
import type { RunRecord } from '../../../../src/core/model/run.ts';
import { demandOf } from '../../../../src/features/capacity/predict/features.ts';
import { recordingFileName } from '../../../../src/features/capacity/recording/recordings-on-disk.ts';
import {
  definitionNow,
  recordingsCsv,
  recordingsIn,
  recordingsOf,
  shippedRecordings,
  worksOf,
} from '../../../../src/features/capacity/recording/run-recordings.ts';
import { runRecord, runSubject } from '../../../support/records.ts';
import { workRecording } from './work-recording.ts';

const workloads = await loadWorkloads();
const work = { workload: 'app/redis', params: 'op=get;pipeline=1' };
const definition = definitionNow(work, workloads) ?? '';
const redis = runSubject(work.workload, { params: work.params, image: 'servers', definition });
const image = { recipe: 'servers', recipeHash: 'r1', contentHash: 'c1', reference: 'servers:1', bytes: 1 };
const run = (changes: Partial<RunRecord> = {}): RunRecord =>
  runRecord({ subjects: [redis], images: [image], ...changes });
const known = workRecording({ definition });

let path = '';
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'ocibench-run-recordings-'));
});
afterEach(() => rm(path, { recursive: true, force: true }));

const sourcesOf = async (of: RunRecord, shipped = [known]) =>
  (await recordingsOf(path, of, shipped)).map(
    ({ source, recording }) => `${recording.work.workload} ${source}`,
  );

describe('recordings of the workloads of a run', () => {
  test('its own comes before one that is known', async () => {
    expect(await sourcesOf(run())).toEqual(['app/redis known']);
    await mkdir(join(path, 'recordings'));
    await writeFile(join(path, 'recordings', recordingFileName(redis)), JSON.stringify(workRecording()));
    expect(await sourcesOf(run())).toEqual(['app/redis run']);
  });

  test.each([
    ['another definition than the run recorded', { subjects: [{ ...redis, definition: 'other' }] }],
    ['another recipe', { images: [{ ...image, recipeHash: 'other' }] }],
    ['an image of the engine', { images: [] }],
    ['other parameters', { subjects: [{ ...redis, params: 'op=set;pipeline=1' }] }],
    ['another architecture', { host: { ...run().host, arch: 'aarch64' } }],
  ])('a known one does not count for %s', async (_, changes) => {
    expect(await sourcesOf(run(changes))).toEqual([]);
  });

  test('a workload at several layers is one', () => {
    const subjects = (['docker', 'oci'] as const).map((layer) => ({ ...redis, layer }));
    expect(worksOf({ subjects })).toEqual([subjects[0]]);
  });
});

test('a definition changes with what is started', () => {
  const of = (params: string) => definitionNow({ workload: 'app/redis', params }, workloads);
  expect(of('op=get;pipeline=1')).toMatch(/^[0-9a-f]{64}$/);
  expect(of('op=get;pipeline=1')).not.toBe(of('op=get;pipeline=16'));
  expect(definitionNow({ workload: 'app/no-such', params: '' }, workloads)).toBeNull();
});

test('what comes with ocibench are recordings of its workloads, as they are now', async () => {
  const shipped = await shippedRecordings();
  expect(shipped.length).toBeGreaterThan(0);
  for (const { work, windowNs, figures } of shipped) {
    expect(definitionNow(work, workloads), work.workload).toBe(work.definition);
    expect(windowNs, work.workload).toBeGreaterThan(0);
    expect(figures['cpu.usage'], work.workload).toHaveProperty('value');
  }
});

test('a row of them holds all that the model reads', () => {
  const recorded = workRecording({ definition });
  const [read, ...others] = recordingsIn(recordingsCsv([recorded]));
  expect(others).toEqual([]);
  if (read === undefined) throw new Error('no row');
  for (const units of [null, 5000]) expect(demandOf(read, units)).toEqual(demandOf(recorded, units));
  expect(read.work).toEqual(recorded.work);
});
