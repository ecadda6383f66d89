import { categorySchema, type Measurement } from '../model/metric.ts';
import type { RunRecord } from '../model/run.ts';
import type { TrialRecord } from '../model/trial.ts';
import type { Workload } from '../model/workload.ts';
import { deriveTrial } from './derive.ts';
import { judgeAttempt } from './effective-trial.ts';
import { headlinePrecision, type Precision, type Wanted } from './precision.ts';
import { uncountedRuntimes } from './uncounted.ts';

/**
 * The precision of the headline ratios during a run. Each call gets all trials so far; each trial is derived only once.
 * A cell without a pair is left out: one that always fails never gets an interval, and other cells must not wait for
 * it.
 */
export function runningPrecision(
  run: RunRecord,
  workloads: readonly Workload[],
  wanted: Wanted,
): (trials: readonly TrialRecord[]) => readonly Precision[] {
  const byId = new Map(workloads.map((workload) => [workload.id, workload]));
  const measurements: Measurement[] = [];
  let derived = 0;
  return (trials) => {
    const place = { run, uncounted: uncountedRuntimes(run, trials) };
    for (const trial of trials.slice(derived)) {
      if (trial.outcome.status === 'interrupted') continue;
      const workload = byId.get(trial.cell.workload);
      const category = categorySchema.parse(workload?.category);
      measurements.push(...deriveTrial(judgeAttempt(trial, workload), category, place));
    }
    derived = trials.length;
    return headlinePrecision({ run, measurements, workloads, wanted }).filter(({ pairs }) => pairs > 0);
  };
}
