import type { RunRecord } from '../../../core/model/run.ts';
import type { TrialRecord } from '../../../core/model/trial.ts';
import type { Workload } from '../../../core/model/workload.ts';
import type { ReportContext } from '../../../report/context.ts';
import type { RecordedWork, WorkRecording } from '../recording/recording.ts';
import { nativeRuntime } from '../sandbox/overhead.ts';
import { applicationPrefix, applicationsOf } from './applications.ts';
import { attributionOf } from './attribution.ts';
import { measuredCells } from './measured.ts';
import { learned } from './predict.ts';
import type { Attribution } from './prediction.ts';

/** An application of a run with its parameters. */
export type Work = Pick<RecordedWork, 'workload' | 'params'>;

/** Where the CPU time of an application under a runtime comes from. */
export interface Explained extends Work {
  /** Was the application recorded beside the run, or is the recording one that comes with ocibench? */
  readonly source: WorkRecording['source'];
  readonly attribution: Attribution;
}

/** Where the CPU time of a run's applications goes. */
export interface Why {
  /** The runtime that the others are explained from. */
  readonly native: string;
  readonly explained: readonly Explained[];
  /** Did the run measure what a call, a fault or a switch costs? Otherwise all is rest. */
  readonly isPriced: boolean;
  /** Applications that could be explained if they were recorded. */
  readonly unrecorded: readonly Work[];
  /** Recorded, but without units of work or without the CPU time of its parts. */
  readonly unusable: readonly Work[];
}

/** Its name in what features add to a report. */
export const whyKey = 'why';

/** That of a report; null where none of the run's applications could be explained. */
export function whyIn({ added }: Pick<ReportContext, 'added'>): Why | null {
  return (added?.[whyKey] ?? null) as Why | null;
}

/** Of intervals, which are not shown. */
const confidence = 0.95;

const keyOf = ({ workload, params }: Work) => JSON.stringify([workload, params]);

/**
 * Explains each recorded application under each runtime, by costs that were learnt without it: a model that was fitted to the
 * application would hide what it cannot explain. Null where no application of the run stamps its work, or no runtime is native.
 */
export function whyOf(
  run: RunRecord,
  trials: readonly TrialRecord[],
  workloads: readonly Workload[],
  recordings: readonly WorkRecording[],
): Why | null {
  const native = nativeRuntime(run);
  const stamped = trials.filter(
    ({ cell, window }) => cell.workload.startsWith(applicationPrefix) && window?.source === 'stamps',
  );
  if (native === null || stamped.length === 0) return null;
  const works = new Map(
    stamped.map(({ cell: { workload, params } }) => [keyOf({ workload, params }), { workload, params }]),
  );
  const cells = recordings.length === 0 ? [] : measuredCells(run, trials, workloads);
  const applications = applicationsOf(cells, recordings, native);
  const runtimes = run.runtimes.map(({ entry }) => entry.name).filter((name) => name !== native);
  const models = runtimes.map((runtime) => ({
    runtime,
    ...learned(cells, applications, { runtime, native, confidence }),
  }));
  const explained = models.flatMap(({ runtime, table, left }) => {
    // Time in the kernel is time in calls: without a model that divides it, it would count twice.
    const measured = Object.fromEntries(
      [...table].flatMap(([id, { ns }]) => (id === 'kernel' ? [] : [[id, ns.value] as const])),
    );
    return applications.flatMap((application): readonly Explained[] => {
      const { workload, params, source, nativeNs, demand, subjectNs } = application;
      const measuredNs = subjectNs.get(runtime);
      if (measuredNs === undefined) return [];
      const unseen = left.find((each) => each.application === workload && each.params === params);
      const attribution = attributionOf({
        ...{ runtime, subject: `${workload} ${params}`.trim(), per: demand.per, nativeNs, measuredNs },
        features: demand.features,
        costs: unseen?.model.costs ?? measured,
      });
      return [{ workload, params, source, attribution }];
    });
  });
  const known = new Set(applications.map(keyOf));
  const recorded = new Set(recordings.map(({ recording }) => keyOf(recording.work)));
  const unknown = [...works.values()].filter((work) => !known.has(keyOf(work)));
  return {
    native,
    explained,
    isPriced: models.some(({ table }) => table.size > 0),
    unrecorded: unknown.filter((work) => !recorded.has(keyOf(work))),
    unusable: unknown.filter((work) => recorded.has(keyOf(work))),
  };
}
