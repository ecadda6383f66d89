import type { RunRecord } from '../../../core/model/run/run.ts';
import type { TrialRecord } from '../../../core/model/trial/trial.ts';
import type { Measurement } from '../../../core/model/workload/metric.ts';
import type { Workload } from '../../../core/model/workload/workload.ts';
import type { HeadlineLine } from './record.ts';

/** Input of the lines of a night. */
export interface NightInput {
  readonly run: RunRecord;
  readonly measurements: readonly Measurement[];
  readonly trials: readonly TrialRecord[];
  readonly workloads: readonly Workload[];
  /** Watched runtime → name of its pinned copy. The baseline of the run is a pinned copy, too. */
  readonly pins: ReadonlyMap<string, string>;
  /** Factor that widens all errors, from the A/A check. */
  readonly widening: number;
  /** 16 hex digits that identify the host. */
  readonly host: string;
  /** Whether it is an evening that learns levels. */
  readonly learning: boolean;
  /** `confirmation`: only the blocks from `fromBlock` on count. */
  readonly stage: HeadlineLine['stage'];
  readonly fromBlock: number;
  readonly digest: Digest;
}

/** The first 16 hex digits of the sha256 of a text. */
export type Digest = (text: string) => string;
