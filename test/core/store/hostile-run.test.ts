import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRun } from '../../../src/core/store/run-directory.ts';
import { runRecord, runSubject } from '../../support/records.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ocibench-run-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function read(change: object): Promise<unknown> {
  await writeFile(join(directory, 'run.json'), JSON.stringify({ ...runRecord(), ...change }));
  return readRun(directory);
}

test.each(['../../../etc/cron.d/x', '..', '/etc', 'a/b', '', '.hidden', 'a\u0000b'])(
  'a run that calls itself %j would be written elsewhere, and is refused',
  async (runId) => {
    await expect(read({ runId })).rejects.toMatchObject({
      exitCode: 2,
      problems: [{ file: join(directory, 'run.json'), key: 'runId' }],
    });
  },
);

test('an id as the harness makes it is taken', async () => {
  await expect(read({ runId: '20260301-140509-7f3a' })).resolves.toMatchObject({ status: 'complete' });
});

test('an unknown category is a problem of the file, and no exception of the analysis', async () => {
  const subject = { ...runSubject('io/read'), category: 'cooking' };
  await expect(read({ subjects: [subject] })).rejects.toMatchObject({
    exitCode: 2,
    problems: [{ key: 'subjects.0.category' }],
  });
});

test.each([-1e308, 0, 1e-17, 1, 1e308])(
  'a significance level of %d is a problem of the file',
  async (alpha) => {
    const { config } = runRecord();
    const thresholds = { ...config.thresholds, alpha };
    await expect(read({ config: { ...config, thresholds } })).rejects.toMatchObject({
      exitCode: 2,
      problems: [{ key: 'config.thresholds.alpha' }],
    });
  },
);
