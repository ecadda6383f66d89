import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { nativeRuntime } from '../../src/capacity/overhead.ts';
import { loadWorkloads } from '../../src/config/workloads.ts';
import { type Profile, profileSchema } from '../../src/model/profile.ts';
import { type RunRecord, runRecordSchema } from '../../src/model/run.ts';
import { type TrialRecord, trialRecordSchema } from '../../src/model/trial.ts';
import { type Application, applicationsOf } from '../../src/predict/applications.ts';
import { type MeasuredCell, measuredCells } from '../../src/predict/measured.ts';

/** Recorded runs: run.json, trials.jsonl and profiles/ of each, as they were written; any file may be gzipped. */
const recordedDirectory = resolve(import.meta.dirname, 'prediction');

/** A recorded run as predictions need it. */
export interface Recorded {
  readonly run: RunRecord;
  readonly native: string;
  readonly cells: readonly MeasuredCell[];
  readonly applications: readonly Application[];
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : gunzipSync(readFileSync(`${path}.gz`)).toString();
}

function trialsOf(directory: string): readonly TrialRecord[] {
  const lines = textOf(join(directory, 'trials.jsonl')).split('\n');
  return lines.filter((line) => line !== '').map((line) => trialRecordSchema.parse(JSON.parse(line)));
}

function profilesOf(directory: string): readonly Profile[] {
  const names = globSync('profiles/*.{json,json.gz}', { cwd: directory }).toSorted();
  return names.map((name) =>
    profileSchema.parse(JSON.parse(textOf(join(directory, name.replace(/\.gz$/, ''))))),
  );
}

/** Every recorded run, by the name of its directory. */
export async function recordedRuns(directory = recordedDirectory): Promise<readonly Recorded[]> {
  const workloads = await loadWorkloads();
  const found = globSync('*/run.json*', { cwd: directory }).toSorted();
  return found.flatMap((file): readonly Recorded[] => {
    const path = join(directory, file, '..');
    const run = runRecordSchema.parse(JSON.parse(textOf(join(path, 'run.json'))));
    const native = nativeRuntime(run);
    if (native === null) return [];
    const cells = measuredCells(run, trialsOf(path), workloads);
    const profiles = profilesOf(path).flatMap((profile) => {
      const { work } = profile;
      return work === undefined ? [] : [{ profile: { ...profile, work }, source: 'run' as const }];
    });
    return [{ run, native, cells, applications: applicationsOf(cells, profiles, native) }];
  });
}
