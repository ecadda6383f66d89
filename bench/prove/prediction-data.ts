import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { loadWorkloads } from '../../src/core/config/workloads.ts';
import { type RunRecord, runRecordSchema } from '../../src/core/model/run.ts';
import { type TrialRecord, trialRecordSchema } from '../../src/core/model/trial.ts';
import { nativeRuntime } from '../../src/features/capacity/overhead/overhead.ts';
import { type Application, applicationsOf } from '../../src/features/capacity/predict/applications.ts';
import { figure } from '../../src/features/capacity/predict/features.ts';
import { type MeasuredCell, measuredCells } from '../../src/features/capacity/predict/measured.ts';
import { type Recording, recordingSchema } from '../../src/features/capacity/recording/recording.ts';

/** Recorded runs: run.json, trials.jsonl and recordings/ of each, as they were written; any file may be gzipped. */
const recordedDirectory = resolve(import.meta.dirname, 'prediction');

/** A recorded run as predictions need it. */
export interface Recorded {
  readonly run: RunRecord;
  readonly native: string;
  readonly cells: readonly MeasuredCell[];
  readonly applications: readonly Application[];
  /** Parameter sets that are not judged, with the reason; they are among the applications too. */
  readonly withdrawn: readonly Withdrawn[];
  /** Recordings whose vforks are from a later one. */
  readonly laterVforks: number;
}

/** A parameter set of a run whose workload was found afterwards not to be the same work each time, and corrected. */
export interface Withdrawn {
  readonly workload: string;
  /** Absent: all of them. */
  readonly params?: string;
  readonly why: string;
}

/** Corrections of workloads, by when they were committed: runs that began earlier measured the old ones. */
const corrections: readonly (Withdrawn & { readonly at: string })[] = [
  {
    workload: 'app/git',
    params: 'op=status',
    at: '2026-11-26T17:32:34Z',
    why: 'its files were as young as its index, and git read them or did not: the native CPU time of its unit differs between trials by a factor of 2.4 and 3.3 (corrected by 52e94dc3)',
  },
  {
    workload: 'app/node-http',
    at: '2026-11-27T03:27:04Z',
    why: 'V8 compiled in the second that was measured, which takes as much CPU time for a tenth of the requests: a request under gVisor had ten times as much of it (corrected by 0ad70783)',
  },
];

/** Is the parameter set one of these? */
export function isOneOf(
  withdrawn: readonly Withdrawn[],
  { workload, params }: Pick<Application, 'workload' | 'params'>,
): boolean {
  return withdrawn.some(
    (each) => each.workload === workload && (each.params === undefined || each.params === params),
  );
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : gunzipSync(readFileSync(`${path}.gz`)).toString();
}

function trialsOf(directory: string): readonly TrialRecord[] {
  const lines = textOf(join(directory, 'trials.jsonl')).split('\n');
  return lines.filter((line) => line !== '').map((line) => trialRecordSchema.parse(JSON.parse(line)));
}

function recordingsOf(directory: string): readonly Recording[] {
  const names = globSync('recordings/*.{json,json.gz}', { cwd: directory }).toSorted();
  return names.map((name) =>
    recordingSchema.parse(JSON.parse(textOf(join(directory, name.replace(/\.gz$/, ''))))),
  );
}

/** Later recordings, which tell vforks from other new processes. */
const vforksDirectory = join(recordedDirectory, 'vforks');

/** A later recording is of the same work if that makes as many processes, but for so many of a hundred. */
const sameProcesses = 0.02;

/** New processes of a unit of work. */
function processesOf(recording: Recording): number | null {
  const [all, units] = [figure(recording, 'tasks.processes'), recording.work?.units ?? null];
  return all === null || units === null ? null : all / units;
}

/** Is it a recording of the same programs of the same image, that did the same? */
function isOfSameWork(a: Recording, b: Recording): boolean {
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
 * The recording with vforks as a later one of the same work found them: the same share of its new processes. Which call makes a
 * process is the program's, whatever the kernel. A recording that counted them itself, or without a later one, stays as it is.
 */
function withVforks(recording: Recording, later: readonly Recording[]): Recording {
  const same = later.find((each) => isOfSameWork(recording, each));
  if (same === undefined || figure(recording, 'tasks.vforks') !== null) return recording;
  const all = figure(recording, 'tasks.processes') ?? 0;
  const share = (figure(same, 'tasks.vforks') ?? 0) / (figure(same, 'tasks.processes') || 1);
  const vforks = { value: Math.round(all * share), source: `share of ${same.recordingId}` };
  return { ...recording, figures: { ...recording.figures, 'tasks.vforks': vforks } };
}

/** Every recorded run, by the name of its directory. */
export async function recordedRuns(directory = recordedDirectory): Promise<readonly Recorded[]> {
  const workloads = await loadWorkloads();
  const found = globSync('*/run.json*', { cwd: directory }).toSorted();
  const later = recordingsOf(vforksDirectory);
  return found.flatMap((file): readonly Recorded[] => {
    const path = join(directory, file, '..');
    const run = runRecordSchema.parse(JSON.parse(textOf(join(path, 'run.json'))));
    const native = nativeRuntime(run);
    if (native === null) return [];
    const cells = measuredCells(run, trialsOf(path), workloads);
    const recorded = recordingsOf(path);
    const counted = recorded.map((recording) => withVforks(recording, later));
    const laterVforks = counted.filter((recording, at) => recording !== recorded[at]).length;
    const recordings = counted.flatMap((recording) => {
      const { work } = recording;
      return work === undefined ? [] : [{ recording: { ...recording, work }, source: 'run' as const }];
    });
    const applications = applicationsOf(cells, recordings, native, run.host.cpus);
    const withdrawn = corrections.filter(({ at }) => run.startedAt < at);
    return [{ run, native, cells, applications, withdrawn, laterVforks }];
  });
}
