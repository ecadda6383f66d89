import { basename, join } from 'node:path';
import { compareRuns } from '../../core/analyze/compare-runs.ts';
import { differences } from '../../core/analyze/provenance.ts';
import { otherHandIn } from '../../core/files/walk.ts';
import type { RunRecord } from '../../core/model/run.ts';
import type { RunComparison } from '../../core/model/run-comparison.ts';
import type { Workload } from '../../core/model/workload.ts';
import type { Store } from '../store.ts';
import { analysisOf, type EarlierComparison } from './conclude.ts';

/** Number of earlier runs, newest first, that are searched for a comparable one. */
const maxLookedAt = 10;

type RunStore = Pick<Store, 'earlierRuns' | 'readRun' | 'loadRun'>;

/** Comparison with the newest earlier run below `results` that measured the same under the same conditions. */
export async function sinceRunBefore(
  store: RunStore,
  results: string,
  run: RunRecord,
  workloads: readonly Workload[],
): Promise<EarlierComparison> {
  const earlier = await store.earlierRuns(results, run.runId);
  for (const path of earlier.slice(0, maxLookedAt)) {
    const since = await sinceRun(store, path, run, workloads);
    if (since !== null) return since;
  }
  return () => null;
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
  return since ?? (() => published);
}

/**
 * Comparison with an earlier run. null where it is not comparable, another user could have changed it, or it cannot be read: a
 * bad earlier run must not prevent the report of this one.
 */
async function sinceRun(
  store: RunStore,
  path: string,
  run: RunRecord,
  workloads: readonly Workload[],
): Promise<EarlierComparison | null> {
  try {
    if ((await otherHandIn([path, join(path, 'run.json'), join(path, 'trials.jsonl')])) !== null) return null;
    const early = await store.readRun(path);
    const known = new Set(workloads.map(({ id }) => id));
    const isComparable =
      early.status === 'complete' &&
      early.runId === basename(path) &&
      early.config.baseline === run.config.baseline &&
      early.subjects.every(({ workload }) => known.has(workload)) &&
      differences(early, run).length === 0;
    if (!isComparable) return null;
    const stored = await store.loadRun(path);
    const before = { run: stored.run, ...analysisOf(stored.run, stored.trials, workloads) };
    return (after) => {
      const found = compareRuns(before, after);
      return found.changes.length === 0 ? null : found;
    };
  } catch {
    return null;
  }
}
