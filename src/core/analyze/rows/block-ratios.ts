import { median } from 'simple-statistics';
import type { SummaryRow } from '../../model/analysis/analysis.ts';
import type { RunRecord } from '../../model/run/run.ts';
import { aaControl, type Cell, cellKey, duetArm, subjectKey } from '../../model/trial/cell.ts';
import type { TrialRecord } from '../../model/trial/trial.ts';
import type { CellSamples } from '../values/samples.ts';
import { type BaselineSide, baselineSide } from './comparison.ts';
import type { Subject } from './subjects.ts';

/** cell key → wall times (create to remove) of its successful measured trials, ms. */
export type TrialTimes = ReadonlyMap<string, readonly number[]>;

/** Collect the wall times of these trials. */
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
 * Time of one more block of a comparison, ms: the sum of the median trial times of the runtime and of each arm of the
 * baseline (or of the same runtime under the first profile). The trials of a duet run at once, so the longest counts.
 */
export function blockTime(
  row: Cell & Pick<SummaryRow, 'baseline' | 'baselineProfile'>,
  times: TrialTimes,
): number | null {
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

/** The values from which the row of a runtime was computed. */
export interface ComparedValues {
  readonly cell: CellSamples;
  readonly baseline: BaselineSide;
  /** block → log(runtime ÷ baseline), in the blocks that hold both. */
  readonly logRatios: ReadonlyMap<number, number>;
}

/** The fields that identify the values of a row. */
type ComparedRow = Cell & Pick<SummaryRow, 'metric' | 'baselineProfile'>;

/** Find the values of a row; null where its runtime or the baseline has no values of the metric. */
export function valuesFinder(
  subjects: readonly Subject[],
  run: RunRecord,
): (row: ComparedRow) => ComparedValues | null {
  const byKey = new Map(subjects.map((subject) => [subjectKey(subject.identity), subject]));
  const sideOf = (subject: Subject, row: ComparedRow): BaselineSide => {
    if (row.baselineProfile === undefined) return baselineSide(subject, row.metric ?? '', run, row.runtime);
    const reference = byKey.get(subjectKey({ ...row, profile: row.baselineProfile }))?.cells.get(row.runtime);
    const values = reference?.samples.get(row.metric ?? '')?.byBlock ?? null;
    return { name: row.runtime, cells: reference === undefined ? [] : [reference], values };
  };
  return (row) => {
    const subject = byKey.get(subjectKey(row));
    const cell = subject?.cells.get(row.runtime);
    const own = cell?.samples.get(row.metric ?? '')?.byBlock;
    if (subject === undefined || cell === undefined || own === undefined || row.metric === null) return null;
    const baseline = sideOf(subject, row);
    const logRatios = new Map<number, number>();
    for (const [block, value] of own) {
      const reference = baseline.values?.get(block);
      if (reference !== undefined) logRatios.set(block, Math.log(value) - Math.log(reference));
    }
    return { cell, baseline, logRatios };
  };
}
