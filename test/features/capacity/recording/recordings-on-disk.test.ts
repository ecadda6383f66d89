import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OcibenchError } from '../../../../src/core/model/error.ts';
import { recordingSchema } from '../../../../src/features/capacity/recording/recording.ts';
import {
  readAllRecordings,
  readRecordings,
  recordingFileName,
} from '../../../../src/features/capacity/recording/recordings-on-disk.ts';
import { madeRecording } from './made-recording.ts';
import { workRecording } from './work-recording.ts';

let run = '';
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), 'ocibench-recordings-'));
});
afterEach(() => rm(run, { recursive: true, force: true }));

const redis = { workload: 'app/redis', params: 'op=get;pipeline=1' };
const file = () => join(run, 'recordings', recordingFileName(redis));

async function put(content: string): Promise<void> {
  await mkdir(join(run, 'recordings'), { recursive: true });
  await writeFile(file(), content);
}

async function refusal(): Promise<string> {
  const error = await readRecordings(run, [redis]).catch((cause: unknown) => cause);
  if (!(error instanceof OcibenchError)) throw new Error('it was accepted');
  expect(error.exitCode).toBe(2);
  return error.problems.map(({ file: where, key, message }) => `${where}: ${key}: ${message}`).join('\n');
}

describe('names of files', () => {
  test.each([
    ['app/redis', 'op=get;pipeline=1', 'app-redis.op=get.pipeline=1.json'],
    ['app/openssl', '', 'app-openssl.json'],
    ['own/web', 'path=../../etc/passwd', 'own-web.path=%2E%2E%2F%2E%2E%2Fetc%2Fpasswd.json'],
    ['own/web', 'text=é\u0000\n', 'own-web.text=%C3%A9%00%0A.json'],
  ])('of %s %j', (workload, params, expected) => {
    expect(recordingFileName({ workload, params })).toBe(expected);
  });

  test('different parameters have different names, also where they are long', () => {
    const long = 'x'.repeat(400);
    const names = ['a=1;b=2', 'a=1.b', 'a=1%2Eb', `a=${long}1`, `a=${long}2`].map((params) =>
      recordingFileName({ workload: 'own/web', params }),
    );
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(Buffer.byteLength(name)).toBeLessThan(255);
  });
});

describe('recordings of a run', () => {
  test('a run without any has none', async () => {
    expect(await readRecordings(run, [redis])).toEqual([]);
    await mkdir(join(run, 'recordings'));
    expect(await readRecordings(run, [redis])).toEqual([]);
  });

  test('are read by the names of its workloads', async () => {
    const recording = workRecording();
    await put(JSON.stringify({ ...recording, added: 'by a later ocibench' }));
    await writeFile(join(run, 'recordings/other.json'), 'not read');
    expect(await readRecordings(run, [redis, { workload: 'app/tar', params: '' }])).toEqual([recording]);
    expect(recordingSchema.parse(recording)).toEqual(recording);
  });

  test.each([
    ['no JSON', '{', ': it is not JSON'],
    ['another version', '{"recordingVersion":2}', 'recordingVersion: is 2; this ocibench reads 1'],
    ['nothing of it', '[]', 'recordingVersion: is null'],
    [
      'a damaged record',
      JSON.stringify({ ...workRecording(), windowNs: -1 }),
      'windowNs: recordingVersion 1 does not allow this',
    ],
    [
      'another workload',
      JSON.stringify(workRecording({ params: 'op=set;pipeline=1' })),
      'work: is app/redis?op=set',
    ],
    ['no workload', JSON.stringify(madeRecording()), 'work: is absent'],
  ])('%s is refused, and named', async (_, content, said) => {
    await put(content);
    expect(await refusal()).toContain(said);
    expect(await refusal()).toContain(file());
  });

  test('what is nested too deep is refused', async () => {
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    await put(`{"recordingVersion":1,"notes":${deep}}`);
    expect(await refusal()).toContain('nested');
  });

  test('links are not followed', async () => {
    await put(JSON.stringify(workRecording()));
    await rm(file());
    await writeFile(join(run, 'elsewhere.json'), JSON.stringify(workRecording()));
    await symlink(join(run, 'elsewhere.json'), file());
    expect(await refusal()).toContain('symbolic link');
    await rm(join(run, 'recordings'), { recursive: true });
    await symlink('/', join(run, 'recordings'));
    expect(await refusal()).toContain('it is not a directory');
  });
});

test('those of a directory are read in the order of their names', async () => {
  const [a, b] = [workRecording(), workRecording({ workload: 'app/tar', params: 'op=gzip' })];
  await writeFile(join(run, 'b.json'), JSON.stringify(b));
  await writeFile(join(run, 'a.json'), JSON.stringify(a));
  await writeFile(join(run, 'README.md'), 'none');
  expect(await readAllRecordings(run)).toEqual([a, b]);
  expect(await readAllRecordings(join(run, 'missing'))).toEqual([]);
});
