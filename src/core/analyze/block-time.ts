import { median } from 'simple-statistics';
import { aaControl, duetArm } from '../model/aa-control.ts';
import type { SummaryRow } from '../model/analysis.ts';
import { cellKey } from '../model/cell.ts';
import type { TrialRecord } from '../model/trial.ts';

/** cell key → wall times from create to remove of its measured trials that ended well, ms. */
export type TrialTimes = ReadonlyMap<string, readonly number[]>;

/** The times of these trials. */
export function trialTimes(trials: readonly TrialRecord[]): TrialTimes {
  const times = new Map<string, number[]>();
  for (const { cell, phase, outcome, iterationNs } of trials) {
    if (phase !== 'measure' || outcome.status !== 'ok' || iterationNs === null) continue;
    const key = cellKey(cell);
    const own = times.get(key);
    if (own === undefined) times.set(key, [iterationNs / 1e6]);
    else own.push(iterationNs / 1e6);
  }
  return times;
}

/**
 * Time of one more block of a comparison, ms: the median trials of the runtime and of each arm of the baseline, or of the
 * same runtime under the first profile. The trials of a duet run at once.
 */
export function blockTime(row: SummaryRow, times: TrialTimes): number | null {
  const timeOf = (runtime: string, profile = row.profile) => {
    const own = times.get(cellKey({ ...row, runtime, profile }));
    return own === undefined ? null : median([...own]);
  };
  const [own, partner] = [timeOf(row.runtime), timeOf(duetArm(row.baseline, row.runtime))];
  if (own !== null && partner !== null) return Math.max(own, partner);
  const baseline = timeOf(row.baseline, row.baselineProfile);
  if (own === null || baseline === null) return null;
  if (row.baselineProfile !== undefined) return own + baseline;
  return own + baseline + (timeOf(aaControl(row.baseline)) ?? 0);
}
