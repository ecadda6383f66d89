import type { Gate } from '../../../core/gate/limit.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { Analysis } from '../../../core/model/analysis/analysis.ts';
import type { RunRecord } from '../../../core/model/run/run.ts';
import type { RunComparison } from '../../../core/model/run/run-comparison.ts';
import { defaultLayer, executedRuntime } from '../../../core/model/trial/cell.ts';
import { subjectName } from '../../../core/model/trial/subject-name.ts';
import type { TrialRecord } from '../../../core/model/trial/trial.ts';
import type { Category, Unit } from '../../../core/model/workload/metric.ts';
import type { HeadlineLine } from '../history/record.ts';

/** One gate applied to one subject of a run, or to a category. */
export interface GateCase {
  readonly gate: Gate;
  /** Workload id; of a category its name, as in the history. */
  readonly workload: string;
  readonly params: string;
  readonly category: Category | null;
  /** The limited runtime and subject, such as `runsc io/fio?op=randread`. */
  readonly name: string;
}

/** One per parameter set that the run scheduled; exactly one if it scheduled none. */
export function askedOf(gate: Gate, { subjects }: Pick<RunRecord, 'subjects'>): readonly GateCase[] {
  const { subject, layer } = gate;
  if (subject.kind === 'category') return [asked(gate, subject.category, '', subject.category)];
  const { workload, params } = subject;
  const scheduled = subjects.filter(
    (one) =>
      one.workload === workload &&
      (one.layer ?? defaultLayer) === layer &&
      (params === null || one.params === params),
  );
  const sets = scheduled.length === 0 ? [params ?? ''] : scheduled.map((one) => one.params);
  return sets.map((set) => asked(gate, workload, set, null));
}

function asked(gate: Gate, workload: string, params: string, category: Category | null): GateCase {
  const { runtime, layer } = gate;
  const at = layer === defaultLayer ? '' : ` at ${layer}`;
  return { gate, workload, params, category, name: `${runtime} ${subjectName({ workload, params })}${at}` };
}

/** Text of a gate, such as `runsc startup/echo < +10% vs last`. */
export function expressionOf({ name, gate: { limit, vs } }: GateCase): string {
  return `${name} ${limit.text}${vs === null || vs === 'baseline' ? '' : ` vs ${vs}`}`;
}

/** Largest share of trials on a disturbed host with which a figure is still judged. */
export const mostDisturbed = 0.5;

/** Share of a figure's measured trials that ran while the host was disturbed, 0 to 1. */
export function disturbedShare(
  { gate: { runtime, layer }, workload, params, category }: GateCase,
  reference: string | null,
  { config, subjects }: Pick<RunRecord, 'config' | 'subjects'>,
  trials: readonly TrialRecord[],
): number {
  const members = new Set(subjects.flatMap((one) => (one.category === category ? [one.workload] : [])));
  const isBehind = ({ cell, phase }: TrialRecord) =>
    phase === 'measure' &&
    cell.layer === layer &&
    (cell.runtime === runtime ||
      executedRuntime(cell.runtime, config.baseline) === reference ||
      cell.runtime === reference) &&
    (category === null ? cell.workload === workload && cell.params === params : members.has(cell.workload));
  const own = trials.filter(isBehind);
  const flagged = own.filter(({ noise }) => (noise?.flags.length ?? 0) > 0);
  return own.length === 0 ? 0 : flagged.length / own.length;
}

/** The figures of a run: of all trials, or of those that ran while the host was undisturbed. */
export interface GateEvidence {
  readonly run: RunRecord;
  readonly analysis: Analysis;
  /** Headlines of the watched runtimes against their pinned copies, over all blocks; empty without pinned copies. */
  readonly lines: readonly HeadlineLine[];
  /** Comparison with the reference run; null if there is none. */
  readonly changes: RunComparison | null;
}

/** The figure that a limit is compared with. */
export interface GateFigure {
  readonly estimate: number;
  /** 95 % interval; null if there are too few blocks. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** null for ratios. */
  readonly unit: Unit | null;
  /** Denominator of the ratio; null for values. */
  readonly reference: string | null;
}

/** A figure, or the reason why none can be judged. */
export type FigureResult = { readonly figure: GateFigure } | { readonly why: Message };

export const missing = notices('gate', {
  notMeasured: '{what} was not measured in this run',
  noValue: 'it has no value: {note}',
  noRatio: 'it has no ratio: {note}',
  otherFigure: 'this run measured {metric}, but the limit is for {expected}',
  otherBaseline: 'this run compares with {baseline}, but the limit is for {expected}',
  survivors: '{failed} of {all} trials failed, so the rest may be biased',
  withheld: 'it allows no claim: {note}',
  noCommonRatio: 'only two tests of this category were compared, which have no common ratio: limit each',
  partly: 'part of this category was not measured: {members}',
  noPin: 'this run did not measure its pinned copy; @(nightly) does',
  noNight: 'this run is not a night of the history in {directory}',
  noEarlier: 'the history has no earlier night to compare with',
  learning: 'its accepted level is not known yet: {n} of {least} nights',
  notCompared: 'the two runs share no change of it',
  neighbours: 'memory by PSS depends on other sandboxes on the host, which have changed',
});

/** Both bounds, or none. */
export function intervalOf(low: number | null, high: number | null): GateFigure['interval'] {
  return low === null || high === null ? null : { low, high };
}
