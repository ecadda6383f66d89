import type { SummaryRow } from '../model/analysis.ts';
import type { Cell } from '../model/cell.ts';
import type { MetricDefinition } from '../model/metric.ts';
import type { RunRecord } from '../model/run.ts';
import type { Described } from './effective-trial.ts';
import type { Groups } from './groups.ts';
import type { Subject } from './subjects.ts';
import type { Uncounted } from './uncounted.ts';

/** What every row of a run needs. */
export interface RowContext {
  readonly run: RunRecord;
  readonly confidence: number;
  /** Row order; see runtimeOrder. */
  readonly runtimes: readonly string[];
  /** cell key → why its trials gave no value. */
  readonly reasons: ReadonlyMap<string, Described>;
  /** Runtimes whose figures of the trial's cgroup are left out, and why; see uncountedRuntimes. */
  readonly uncounted: ReadonlyMap<string, Pick<Uncounted, 'reason'>>;
  /** Runtimes with emulated guests → the emulator. */
  readonly emulated: ReadonlyMap<string, string>;
  /** cell key → the two groups of its headline's values, where they are two. */
  readonly groups: ReadonlyMap<string, Groups>;
  /** Find a definition of the workload's own metrics, by id. */
  readonly definition: (workload: string, metric: string) => MetricDefinition | undefined;
}

/** The cell of a runtime in a subject, with its category. */
export function identity(subject: Subject, runtime: string): Cell & Pick<SummaryRow, 'category'> {
  return { runtime, ...subject.identity, category: subject.category };
}

/** Settled with the claims. */
export const noRatio = { ratio: null, ratioCiLow: null, ratioCiHigh: null, p: null };
