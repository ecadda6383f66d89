import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { loadWorkloads } from '../../src/core/config/workloads.ts';
import { type RunRecord, runRecordSchema } from '../../src/core/model/run.ts';
import { type TrialRecord, trialRecordSchema } from '../../src/core/model/trial.ts';
import { type Application, applicationsOf } from '../../src/features/capacity/predict/applications.ts';
import { figure } from '../../src/features/capacity/predict/features.ts';
import { type MeasuredCell, measuredCells } from '../../src/features/capacity/predict/measured.ts';
import { type Profile, profileSchema } from '../../src/features/capacity/recording/profile-record.ts';
import { nativeRuntime } from '../../src/features/capacity/sandbox/overhead.ts';

/** Recorded runs: run.json, trials.jsonl and profiles/ of each, as they were written; any file may be gzipped. */
const recordedDirectory = resolve(import.meta.dirname, 'prediction');

/** A recorded run as predictions need it. */
export interface Recorded {
  readonly run: RunRecord;
  readonly native: string;
  readonly cells: readonly MeasuredCell[];
  readonly applications: readonly Application[];
  /** Profiles whose vforks are from a later one. */
  readonly laterVforks: number;
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

/** Later profiles, which tell vforks from other new processes. */
const vforksDirectory = join(recordedDirectory, 'vforks');

/** A later profile is of the same work if that makes as many processes, but for so many of a hundred. */
const sameProcesses = 0.02;

/** New processes of a unit of work. */
function processesOf(profile: Profile): number | null {
  const [all, units] = [figure(profile, 'tasks.processes'), profile.work?.units ?? null];
  return all === null || units === null ? null : all / units;
}

/** Is it a profile of the same programs of the same image, that did the same? */
function isOfSameWork(a: Profile, b: Profile): boolean {
  const [one, other] = [processesOf(a), processesOf(b)];
  return (
    a.work?.workload === b.work?.workload &&
    a.work?.params === b.work?.params &&
    a.work?.recipe === b.work?.recipe &&
    one !== null &&
    other !== null &&
    Math.abs(one / other - 1) <= sameProcesses
  );
}

/**
 * The profile with vforks as a later one of the same work found them: the same share of its new processes. Which call makes a
 * process is the program's, whatever the kernel. A profile that counted them itself, or without a later one, stays as it is.
 */
function withVforks(profile: Profile, later: readonly Profile[]): Profile {
  const same = later.find((each) => isOfSameWork(profile, each));
  if (same === undefined || figure(profile, 'tasks.vforks') !== null) return profile;
  const all = figure(profile, 'tasks.processes') ?? 0;
  const share = (figure(same, 'tasks.vforks') ?? 0) / (figure(same, 'tasks.processes') || 1);
  const vforks = { value: Math.round(all * share), source: `share of ${same.profileId}` };
  return { ...profile, figures: { ...profile.figures, 'tasks.vforks': vforks } };
}

/** Every recorded run, by the name of its directory. */
export async function recordedRuns(directory = recordedDirectory): Promise<readonly Recorded[]> {
  const workloads = await loadWorkloads();
  const found = globSync('*/run.json*', { cwd: directory }).toSorted();
  const later = profilesOf(vforksDirectory);
  return found.flatMap((file): readonly Recorded[] => {
    const path = join(directory, file, '..');
    const run = runRecordSchema.parse(JSON.parse(textOf(join(path, 'run.json'))));
    const native = nativeRuntime(run);
    if (native === null) return [];
    const cells = measuredCells(run, trialsOf(path), workloads);
    const recorded = profilesOf(path);
    const counted = recorded.map((profile) => withVforks(profile, later));
    const laterVforks = counted.filter((profile, at) => profile !== recorded[at]).length;
    const profiles = counted.flatMap((profile) => {
      const { work } = profile;
      return work === undefined ? [] : [{ profile: { ...profile, work }, source: 'run' as const }];
    });
    return [{ run, native, cells, applications: applicationsOf(cells, profiles, native), laterVforks }];
  });
}
