import { basename, join } from 'node:path';
import { compareRuns } from '../../core/analyze/runs/compare-runs.ts';
import { changesFigures, differences } from '../../core/analyze/runs/provenance.ts';
import { otherHandIn } from '../../core/files/walk.ts';
import type { RunRecord } from '../../core/model/run/run.ts';
import type { RunComparison } from '../../core/model/run/run-comparison.ts';
import type { Workload } from '../../core/model/workload/workload.ts';
import type { Store } from '../store.ts';
import { analysisOf, type EarlierComparison } from './conclude.ts';

/** Number of earlier runs, newest first, that are searched for a comparable one. */
const maxLookedAt = 10;

type RunStore = Pick<Store, 'earlierRuns' | 'readRun' | 'loadRun'>;

/**
 * Comparison with the newest earlier run below `results` that measured the same under the same conditions; without one, why the
 * newest was not compared.
 */
export async function sinceRunBefore(
  store: RunStore,
  results: string,
  run: RunRecord,
  workloads: readonly Workload[],
): Promise<EarlierComparison> {
  const earlier = await store.earlierRuns(results, run.runId);
  let newest: EarlierComparison | null = null;
  for (const path of earlier.slice(0, maxLookedAt)) {
    const since = await sinceRun(store, path, run, workloads);
    if (since?.isComparable) return since.compare;
    newest ??= since?.compare ?? null;
  }
  return newest ?? (() => null);
}

/** Comparison with the run that a published comparison names; the published comparison itself, where that run is gone. */
export async function sincePublished(
  store: RunStore,
  results: string,
  run: RunRecord,
  workloads: readonly Workload[],
  published: RunComparison | null,
): Promise<EarlierComparison> {
  if (published === null) return () => null;
  const since = await sinceRun(store, join(results, basename(published.before)), run, workloads);
  return since?.compare ?? (() => published);
}

/** An earlier run: its comparison, or why it is not compared. */
interface EarlierRun {
  readonly isComparable: boolean;
  readonly compare: EarlierComparison;
}

/**
 * Comparison with an earlier run. null where another user could have changed it, or it cannot be read: a bad earlier run must not
 * prevent the report of this one.
 */
async function sinceRun(
  store: RunStore,
  path: string,
  run: RunRecord,
  workloads: readonly Workload[],
): Promise<EarlierRun | null> {
  try {
    if ((await otherHandIn([path, join(path, 'run.json'), join(path, 'trials.jsonl')])) !== null) return null;
    const early = await store.readRun(path);
    const known = new Set(workloads.map(({ id }) => id));
    if (early.runId !== basename(path) || !early.subjects.every(({ workload }) => known.has(workload)))
      return null;
    const found = [...otherBaseline(early, run), ...differences(early, run).filter(changesFigures)];
    const reason = early.status !== 'complete' ? 'cut-off' : found.length > 0 ? 'differs' : null;
    if (reason !== null) {
      const differs = reason === 'differs' ? found : [];
      return { isComparable: false, compare: () => notCompared(early, run, reason, differs) };
    }
    const stored = await store.loadRun(path);
    const before = { run: stored.run, ...analysisOf(stored.run, stored.trials, workloads) };
    const compare: EarlierComparison = (after) => {
      const made = compareRuns(before, after);
      return made.changes.length > 0 ? made : notCompared(early, run, 'nothing-in-common', []);
    };
    return { isComparable: true, compare };
  } catch {
    return null;
  }
}

function otherBaseline({ config: was }: RunRecord, { config: is }: RunRecord) {
  return was.baseline === is.baseline ? [] : [{ key: 'config.baseline', was: was.baseline, is: is.baseline }];
}

/** Says why a run was not compared with an earlier one. */
function notCompared(
  early: RunRecord,
  run: RunRecord,
  reason: NonNullable<RunComparison['leftOut']>['reason'],
  found: NonNullable<RunComparison['leftOut']>['differences'],
): RunComparison {
  return {
    before: early.runId,
    after: run.runId,
    baseline: run.config.baseline,
    accepted: [],
    changes: [],
    neighbours: null,
    unmatched: 0,
    leftOut: { reason, differences: [...found] },
  };
}
