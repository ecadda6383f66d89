import { paramsOf } from '../../../core/analyze/effective-trial.ts';
import { workDefinition } from '../../../core/config/work-definition.ts';
import type { RunRecord, RunSubject } from '../../../core/model/run.ts';
import type { Workload } from '../../../core/model/workload.ts';
import type { WorkProfile } from './profile-record.ts';
import { readProfiles } from './profiles-on-disk.ts';
import { shippedRecordings } from './shipped.ts';

/** The workloads of a run, each with its parameters once, whatever the layers. */
export function worksOf({ subjects }: Pick<RunRecord, 'subjects'>): readonly RunSubject[] {
  const isSame = (a: RunSubject) => (b: RunSubject) => a.workload === b.workload && a.params === b.params;
  return subjects.filter((subject, at) => subjects.findIndex(isSame(subject)) === at);
}

/**
 * What is known of the workloads of a stored run: its own profiles, and for workloads without one a profile that comes with
 * ocibench, where that is of the same architecture, the same recipe and the same definition. OcibenchError (exit 2) where a
 * profile of the run is damaged.
 */
export async function profilesOf(
  path: string,
  run: RunRecord,
  workloads: readonly Workload[],
  known: readonly WorkProfile['profile'][] | null = null,
): Promise<readonly WorkProfile[]> {
  const works = worksOf(run);
  const own = (await readProfiles(path, works)).flatMap((profile): WorkProfile[] =>
    profile.work === undefined ? [] : [{ profile: { ...profile, work: profile.work }, source: 'run' }],
  );
  const has = new Set(own.map(({ profile: { work } }) => `${work.workload}|${work.params}`));
  const missing = works.filter(({ workload, params }) => !has.has(`${workload}|${params}`));
  if (missing.length === 0) return own;
  const shipped = known ?? (await shippedRecordings());
  const fitting = missing.flatMap((subject) => {
    const profile = shipped.find((each) => fits(each, subject, run, workloads));
    return profile === undefined ? [] : [{ profile, source: 'known' } as const];
  });
  return [...own, ...fitting];
}

/** Is this profile one of the work that the run measured? */
function fits(
  { work, host }: WorkProfile['profile'],
  subject: RunSubject,
  run: RunRecord,
  workloads: readonly Workload[],
): boolean {
  if (work.workload !== subject.workload || work.params !== subject.params) return false;
  const recipe = run.images.find((image) => image.recipe === subject.image)?.recipeHash;
  if (host.arch !== run.host.arch || recipe === undefined || recipe !== work.recipe) return false;
  const measured = subject.definition ?? definitionNow(subject, workloads);
  return measured === work.definition;
}

/** The digest of what the workload asks of the engine now; null where it is not known any more. */
export function definitionNow(
  { workload: id, params: text }: Pick<RunSubject, 'workload' | 'params'>,
  workloads: readonly Workload[],
): string | null {
  const workload = workloads.find((each) => each.id === id);
  return workload === undefined ? null : workDefinition(workload, paramsOf(workload, text));
}
