import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStored, renewReport } from '../../src/app/open-stored.ts';
import { recordingFileName } from '../../src/features/capacity/recording/recordings-on-disk.ts';
import type { Verification } from '../../src/features/proof/verify/verification.ts';
import { workRecording } from '../features/capacity/recording/work-recording.ts';
import { testContext } from '../support/app-context.ts';
import { blankPictures, ScriptedWorld } from '../support/scripted-world.ts';

/** A run to which a recording was added, and what makes its reports anew. */
async function recordedRun(...words: readonly string[]) {
  const world = await ScriptedWorld.open();
  await world.run(2, ...words);
  const { run, path } = await world.stored();
  const [subject] = run.subjects;
  if (subject === undefined) throw new Error('nothing was measured');
  await mkdir(join(path, 'recordings'), { recursive: true });
  const recording = workRecording({ workload: subject.workload, params: subject.params });
  await writeFile(join(path, 'recordings', recordingFileName(subject)), JSON.stringify(recording));
  const context = testContext({ pictures: blankPictures });
  const renew = async (version = '0.0.0') => {
    const app = { ...context, environment: { ...context.environment, version } };
    return renewReport(app, await openStored(app, path, {}));
  };
  /** Files that do not follow from the records, or are not in the manifest. */
  const faults = async () => {
    const { stdout } = await world.command(['verify', run.runId, '--json']);
    const { files, manifest } = JSON.parse(stdout) as Verification;
    const wrong = [...files.filter(({ status }) => status !== 'follows'), ...manifest.files];
    return wrong.map((file) => ('path' in file ? file.path : file.name).replace(/.*\//, ''));
  };
  return { world, renew, faults, page: join(path, 'report.html') };
}

test.each(['en', 'fr'])(
  'reports in %s follow from the records again, in their own language',
  async (lang) => {
    const { world, renew, faults, page } = await recordedRun('--lang', lang);
    await using _ = world;
    // As one that was made before.
    await appendFile(page, ' ');
    expect(await faults()).toEqual(['report.html', 'startup-echo.json', 'report.html']);
    expect(await renew()).toBe(true);
    expect(await faults()).toEqual([]);
    expect(await readFile(page, 'utf8')).toContain(`<html lang="${lang}"`);
  },
);

test('a run without reports gets none, and what another version published stays', async () => {
  const without = await recordedRun('--set', 'report=false');
  await using _ = without.world;
  expect(await without.renew()).toBe(false);
  const other = await recordedRun();
  await using __ = other.world;
  await appendFile(other.page, ' ');
  expect(await other.renew('9.9.9')).toBe(false);
  expect(await other.faults()).toContain('report.html');
});
