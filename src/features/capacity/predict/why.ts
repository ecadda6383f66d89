import type { RunRecord } from '../../../core/model/run.ts';
import type { TrialRecord } from '../../../core/model/trial.ts';
import type { Workload } from '../../../core/model/workload.ts';
import type { ReportContext } from '../../../report/context.ts';
import { nativeRuntime } from '../overhead/overhead.ts';
import type { RecordedWork, WorkRecording } from '../recording/recording.ts';
import { applicationPrefix, applicationsOf } from './applications.ts';
import { attributionOf } from './attribution.ts';
import { measuredCells } from './measured.ts';
import { learned } from './predict.ts';
import type { Attribution } from './prediction.ts';

/** An application of a run with its parameters. */
export type Work = Pick<RecordedWork, 'workload' | 'params'>;

/** An application with the attributions of its CPU time. */
export interface ExplainedApplication extends Work {
  /** Source of its recording: made for the run, or shipped with ocibench. */
  readonly source: WorkRecording['source'];
  readonly attribution: Attribution;
}

/** Attributions of the CPU time of a run's applications. */
export interface Why {
  /** The runtime that others are compared with. */
  readonly native: string;
  readonly explained: readonly ExplainedApplication[];
  /** Did the run measure costs of calls, faults or switches? Otherwise everything is rest. */
  readonly isPriced: boolean;
  /** Applications without a recording, which cannot be explained. */
  readonly unrecorded: readonly Work[];
  /** Applications whose recording lacks units of work, or user and kernel CPU time. */
  readonly unusable: readonly Work[];
}

/** Key of this data in a report's `added`. */
export const whyKey = 'why';

/** The attributions of a report; null if none of the run's applications could be explained. */
export function whyIn({ added }: Pick<ReportContext, 'added'>): Why | null {
  return (added?.[whyKey] ?? null) as Why | null;
}

/** Confidence of intervals, which are not shown. */
const confidence = 0.95;

const keyOf = ({ workload, params }: Work) => JSON.stringify([workload, params]);

/**
 * Explains each recorded application under each runtime by costs learnt without it: a model fitted to it would absorb what it
 * cannot explain. Null if no application of the run stamps its work, or if no runtime is native.
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
  const applications = applicationsOf(cells, recordings, native, run.host.cpus);
  const runtimes = run.runtimes.map(({ entry }) => entry.name).filter((name) => name !== native);
  const models = runtimes.map((runtime) => ({
    runtime,
    ...learned(cells, applications, { runtime, native, confidence }),
  }));
  const explained = models.flatMap(({ runtime, table, left, model }) => {
    // Without a fitted model, calls would count twice: kernel time is mostly time in calls, and crowded calls are calls.
    const measured = Object.fromEntries(
      [...table].flatMap(([id, { ns }]) =>
        id === 'kernel' || id === 'crowded' ? [] : [[id, ns.value] as const],
      ),
    );
    return applications.flatMap((application): readonly ExplainedApplication[] => {
      const { workload, params, source, nativeNs, demand, subjectNs } = application;
      const measuredNs = subjectNs.get(runtime);
      if (measuredNs === undefined) return [];
      const unseen = left.find((each) => each.application === workload && each.params === params);
      const attribution = attributionOf({
        runtime,
        subject: `${workload} ${params}`.trim(),
        per: demand.per,
        nativeNs,
        measuredNs,
        features: demand.features,
        // The model of all never saw one whose work was not the same.
        costs: unseen?.model.costs ?? model?.costs ?? measured,
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
