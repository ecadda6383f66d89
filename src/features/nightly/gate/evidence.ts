import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { Analysis } from '../../../core/model/analysis.ts';
import type { Unit } from '../../../core/model/metric.ts';
import type { RunRecord } from '../../../core/model/run.ts';
import type { RunComparison } from '../../../core/model/run-comparison.ts';
import type { HeadlineLine } from '../history/record.ts';

/** What a run says: all of it, or without the trials that ran while the host was disturbed. */
export interface Evidence {
  readonly run: RunRecord;
  readonly analysis: Analysis;
  /** Its watched runtimes against their pinned copies, over all of its blocks; empty where it has none. */
  readonly lines: readonly HeadlineLine[];
  /** Against the run that it is compared with; null where it is not. */
  readonly changes: RunComparison | null;
}

/** What a limit is compared with. */
export interface Figure {
  readonly estimate: number;
  /** 95 %; null where there are too few blocks. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** null: a ratio. */
  readonly unit: Unit | null;
  /** The runtime that it is a ratio to; null for values. */
  readonly reference: string | null;
}

/** A figure, or why there is none that can be judged. */
export type Looked = { readonly figure: Figure } | { readonly why: Message };

export const missing = notices('gate', {
  notMeasured: '{what} was not measured in this run',
  noValue: 'it has no value: {note}',
  noRatio: 'it has no ratio: {note}',
  otherFigure: 'its figure in this run is {metric}, and the limit is for {expected}',
  otherBaseline: 'this run compares with {baseline}, and the limit is for {expected}',
  survivors: '{failed} of {all} trials failed: only survivors are left',
  withheld: 'nothing can be claimed of it: {note}',
  partly: 'of this category was not measured: {members}',
  noPin: 'its pinned copy was not measured in this run: @(nightly) does that',
  noNight: 'this run is no night of the history in {directory}',
  noEarlier: 'the history has no earlier night that can be compared with this one',
  learning: 'its accepted level is still being learnt: {n} of {least} nights',
  notCompared: 'the two runs have no change of it in common',
  neighbours: 'memory by PSS depends on the sandboxes of others on the host, which were others then',
});

/** Both bounds, or none. */
export function intervalOf(low: number | null, high: number | null): Figure['interval'] {
  return low === null || high === null ? null : { low, high };
}
