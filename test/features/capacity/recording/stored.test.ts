import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OcibenchError } from '../../../../src/core/model/failure/error.ts';
import { findRecording } from '../../../../src/features/capacity/recording/stored.ts';
import { madeRecording } from './made-recording.ts';

let place = '';
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-recordings-'));
});
afterEach(() => rm(place, { recursive: true, force: true }));

const id = madeRecording().recordingId;
const file = () => join(place, 'results', id, 'recording.json');
const find = (name: string) =>
  findRecording(name, { path: join(place, name), results: join(place, 'results') });

async function put(content: string): Promise<void> {
  await mkdir(join(place, 'results', id), { recursive: true });
  await writeFile(file(), content);
}

async function refusal(name: string): Promise<string> {
  const error = await find(name).catch((cause: unknown) => cause);
  if (!(error instanceof OcibenchError)) throw new Error('it was accepted');
  expect(error.exitCode).toBe(2);
  return error.problems
    .map(({ file: where, key, message, fix }) => `${where}: ${key}: ${message}; ${fix}`)
    .join('\n');
}

test.each([
  ['its id', id],
  ['its directory', `results/${id}`],
  ['its file', `results/${id}/recording.json`],
])('is found by %s', async (_, name) => {
  await put(JSON.stringify({ ...madeRecording(), added: 'by a later ocibench' }));
  expect(await find(name)).toEqual(madeRecording());
});

test('where there is none, it is said where was looked, and an example', async () => {
  expect(await refusal('web')).toContain(`looked for ${join(place, 'web', 'recording.json')} and `);
  expect(await refusal('web')).toContain('capacity record --container');
  await put(JSON.stringify(madeRecording()));
  expect(await refusal('web')).toContain(`for example ${id}`);
});

describe('a damaged one is refused, and named', () => {
  test.each([
    ['no JSON', '{'],
    ['another version', JSON.stringify({ ...madeRecording(), recordingVersion: 2 })],
    ['nothing of it', '[]'],
    ['a wrong value', JSON.stringify({ ...madeRecording(), windowNs: -1 })],
    ['nested too deep', `{"recordingVersion":1,"figures":${'['.repeat(5000)}${']'.repeat(5000)}}`],
  ])('%s', async (_, content) => {
    await put(content);
    expect(await refusal(id)).toContain(file());
  });

  test('a link', async () => {
    await put(JSON.stringify(madeRecording()));
    await rm(file());
    await writeFile(join(place, 'elsewhere.json'), JSON.stringify(madeRecording()));
    await symlink(join(place, 'elsewhere.json'), file());
    expect(await refusal(id)).toContain('symbolic link');
  });
});
