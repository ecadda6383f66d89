import { paramsOf } from '../../../core/analyze/effective-trial.ts';
import { workDefinition } from '../../../core/config/work-definition.ts';
import type { RunRecord, RunSubject } from '../../../core/model/run.ts';
import type { Workload } from '../../../core/model/workload.ts';
import type { WorkRecording } from './recording.ts';
import { readRecordings } from './recordings-on-disk.ts';
import { shippedRecordings } from './shipped.ts';

/** The workloads of a run, each with its parameters once, whatever the layers. */
export function worksOf({ subjects }: Pick<RunRecord, 'subjects'>): readonly RunSubject[] {
  const isSame = (a: RunSubject) => (b: RunSubject) => a.workload === b.workload && a.params === b.params;
  return subjects.filter((subject, at) => subjects.findIndex(isSame(subject)) === at);
}

/**
 * What is known of the workloads of a stored run: its own recordings, and for workloads without one a recording that comes with
 * ocibench, where that is of the same architecture, the same recipe and the same definition. OcibenchError (exit 2) where a
 * recording of the run is damaged.
 */
export async function recordingsOf(
  path: string,
  run: RunRecord,
  known: readonly WorkRecording['recording'][] | null = null,
): Promise<readonly WorkRecording[]> {
  const works = worksOf(run);
  const own = (await readRecordings(path, works)).flatMap((recording): WorkRecording[] =>
    recording.work === undefined
      ? []
      : [{ recording: { ...recording, work: recording.work }, source: 'run' }],
  );
  const has = new Set(own.map(({ recording: { work } }) => `${work.workload}|${work.params}`));
  const missing = works.filter(({ workload, params }) => !has.has(`${workload}|${params}`));
  if (missing.length === 0) return own;
  const shipped = known ?? (await shippedRecordings());
  const fitting = missing.flatMap((subject) => {
    const recording = shipped.find((each) => fits(each, subject, run));
    return recording === undefined ? [] : [{ recording, source: 'known' } as const];
  });
  return [...own, ...fitting];
}

/** Is this recording one of the work that the run measured? */
function fits({ work, host }: WorkRecording['recording'], subject: RunSubject, run: RunRecord): boolean {
  if (work.workload !== subject.workload || work.params !== subject.params) return false;
  const recipe = run.images.find((image) => image.recipe === subject.image)?.recipeHash;
  if (host.arch !== run.host.arch || recipe === undefined || recipe !== work.recipe) return false;
  return subject.definition === work.definition;
}

/** The digest of what the workload asks of the engine now; null where it is not known any more. */
export function definitionNow(
  { workload: id, params: text }: Pick<RunSubject, 'workload' | 'params'>,
  workloads: readonly Workload[],
): string | null {
  const workload = workloads.find((each) => each.id === id);
  return workload === undefined ? null : workDefinition(workload, paramsOf(workload, text));
}
