import { studentQuantile } from '../../../core/analyze/stats/student-t.ts';
import type { Cell } from '../../../core/model/cell.ts';
import { defaultProfile } from '../../../core/model/container-profile.ts';
import { subjectName } from '../../../core/model/subject-name.ts';
import type { HeadlineLine } from './record.ts';
import type { Measure } from './series.ts';

/** A line of one subject, and what it is the mean of: block → logarithm. */
export interface DrawnLine {
  readonly line: HeadlineLine;
  readonly logs: ReadonlyMap<number, number>;
}

const miss = 0.05;

/** How a line tells an estimate: with its 95 % interval; without bounds where they are too wide for a number. */
export function lineEstimate({
  log,
  se,
  df,
}: Measure): Pick<HeadlineLine, 'estimate' | 'low' | 'high' | 'logError' | 'df'> {
  const half = -studentQuantile(miss / 2, df) * se;
  const positive = (value: number) => (Number.isFinite(value) && value > 0 ? value : null);
  return {
    estimate: Math.exp(log),
    low: positive(Math.exp(log - half)),
    high: positive(Math.exp(log + half)),
    logError: se,
    df,
  };
}

/**
 * Identifies a series: `runc ÷ runc-pin startup/echo startup.total`, and `… startup/echo under strict …` in a container with other
 * options than the harness's own. What identifies none of the default is never part of it: series of all versions go on.
 */
export function seriesName(cell: Cell, metric: string, reference: string | null): string {
  const what = reference === null ? cell.runtime : `${cell.runtime} ÷ ${reference}`;
  const layer = cell.layer === 'docker' ? '' : ` at ${cell.layer}`;
  const profile = cell.profile === defaultProfile ? '' : ` under ${cell.profile}`;
  return `${what} ${subjectName(cell)}${profile}${layer} ${metric}`;
}
