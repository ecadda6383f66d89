import type { SummaryRow } from '../../model/analysis.ts';
import type { Cell } from '../../model/cell.ts';
import type { TimeLeft } from '../../model/time-left.ts';
import type { TrialPhase, TrialRecord } from '../../model/trial.ts';

/** The headline ratio of a cell as far as it is known while the run goes on. */
export interface Estimate
  extends Pick<
    SummaryRow,
    | 'runtime'
    | 'profile'
    | 'layer'
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
  /** The half-width at which the cell is precise enough. */
  readonly target: number;
}

/** A trial that did not give what it was made for. */
export type Failure = Pick<TrialRecord, 'cell' | 'outcome'>;

/** A run at an instant, for whoever watches it. Times are ms. */
export interface RunState {
  readonly baseline: string;
  /** Earlier sessions of a resumed run included. */
  readonly elapsedMs: number;
  readonly left: TimeLeft;
  readonly block: {
    readonly number: number;
    readonly phase: TrialPhase;
    readonly least: number;
    readonly most: number;
  };
  /** Of the block: how many have begun, and how many there are. */
  readonly trials: { readonly begun: number; readonly all: number };
  /** Subjects that the block measures, and all there are. */
  readonly subjects: { readonly measured: number; readonly all: number };
  readonly current: { readonly cell: Cell; readonly elapsedMs: number } | null;
  readonly estimates: readonly Estimate[];
  /** Trials of the whole session. */
  readonly ended: number;
  readonly failed: number;
  readonly lastFailure: Failure | null;
  /** Trials measured while the host was disturbed, and by what. */
  readonly disturbed: { readonly trials: number; readonly flags: readonly string[] };
  /** Processes that runtimes left behind, and after how many trials. */
  readonly leaked: { readonly processes: number; readonly trials: number };
}
