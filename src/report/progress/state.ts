import type { SummaryRow } from '../../core/model/analysis.ts';
import type { Cell } from '../../core/model/cell.ts';
import type { TimeLeft } from '../../core/model/time-left.ts';
import type { TrialPhase, TrialRecord } from '../../core/model/trial.ts';

/** The headline ratio of a cell so far. */
export interface Estimate
  extends Pick<
    SummaryRow,
    | 'runtime'
    | 'profile'
    | 'layer'
    | 'engine'
    | 'workload'
    | 'params'
    | 'category'
    | 'better'
    | 'ratio'
    | 'ratioCiLow'
    | 'ratioCiHigh'
  > {
  /** Half the width of the interval as a fraction of the ratio; null while there is no interval. */
  readonly halfWidth: number | null;
  /** Half-width at which the cell is precise enough. */
  readonly target: number;
}

/** A trial without the intended result. */
export type Failure = Pick<TrialRecord, 'cell' | 'outcome'>;

/** Progress of a run at an instant. Times are ms. */
export interface RunState {
  readonly baseline: string;
  /** Includes earlier sessions of a resumed run. */
  readonly elapsedMs: number;
  readonly left: TimeLeft;
  readonly block: {
    readonly number: number;
    readonly phase: TrialPhase;
    readonly least: number;
    readonly most: number;
  };
  /** Trials of the block: started and all. */
  readonly trials: { readonly begun: number; readonly all: number };
  /** Subjects of the block, and all subjects. */
  readonly subjects: { readonly measured: number; readonly all: number };
  readonly current: { readonly cell: Cell; readonly elapsedMs: number } | null;
  readonly estimates: readonly Estimate[];
  /** Ended trials of the whole session. */
  readonly ended: number;
  readonly failed: number;
  readonly lastFailure: Failure | null;
  /** Trials measured while the host was disturbed, and the noise flags. */
  readonly disturbed: { readonly trials: number; readonly flags: readonly string[] };
  /** Processes that runtimes left behind, and after how many trials. */
  readonly leaked: { readonly processes: number; readonly trials: number };
}
