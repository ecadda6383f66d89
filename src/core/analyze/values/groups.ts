import { notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import type { SummaryRow, Unsteady } from '../../model/analysis/analysis.ts';
import type { RunRecord } from '../../model/run/run.ts';
import { type Cell, cellKey } from '../../model/trial/cell.ts';
import type { MetricDefinition } from '../../model/workload/metric.ts';
import type { HeadlineOf, Subject } from '../rows/subjects.ts';
import { bimodality } from '../stats/bimodality.ts';
import type { OutcomeWords } from './effective-trial.ts';
import type { CellSamples } from './samples.ts';
import type { UncountedReason } from './uncounted.ts';

const text = notices('row', {
  twoGroups: 'two groups of values: {share}% of them around {factor} times the others',
});

/** Shares and geometric means of two groups of values, the smaller values first. */
export type Groups = Readonly<NonNullable<SummaryRow['groups']>>;

/** cell key → the two groups of its headline's values, for every cell that was found to have two. */
export function groupsOfCells(
  unsteady: readonly Unsteady[],
  cells: ReadonlyMap<string, CellSamples>,
  headlineOf: HeadlineOf,
): Map<string, Groups> {
  const found = new Map<string, Groups>();
  for (const { kind, ...cell } of unsteady) {
    if (kind !== 'two-groups') continue;
    const key = cellKey(cell);
    const values =
      cells
        .get(key)
        ?.samples.get(headlineOf(cell.workload) ?? '')
        ?.byBlock.values() ?? [];
    const logs = [...values].map(Math.log);
    const split = bimodality(logs, 0);
    if (split === null) continue;
    const share = split.lower / logs.length;
    found.set(key, [
      { share, mean: Math.exp(split.lowerMean) },
      { share: 1 - share, mean: Math.exp(split.upperMean) },
    ]);
  }
  return found;
}

/** Note that the ratio of medians of two groups describes no single trial. */
export function groupsNote([lower, upper]: Groups): Message | null {
  if (lower === undefined || upper === undefined) return null;
  const factor = Number((upper.mean / lower.mean).toPrecision(2));
  return text.twoGroups({ share: Math.round(100 * upper.share), factor });
}

/** Context that all rows of a run share. */
export interface RowContext {
  readonly run: RunRecord;
  readonly confidence: number;
  /** The last measured block of the run. */
  readonly lastBlock: number;
  /** Row order; see runtimeOrder. */
  readonly runtimes: readonly string[];
  /** cell key → why its trials gave no value. */
  readonly reasons: ReadonlyMap<string, OutcomeWords>;
  /** Runtimes whose figures of the trial's cgroup are left out, and why; see uncountedRuntimes. */
  readonly uncounted: ReadonlyMap<string, Pick<UncountedReason, 'reason'>>;
  /** Runtimes with emulated guests → the emulator. */
  readonly emulated: ReadonlyMap<string, string>;
  /** cell key → the two groups of its headline's values, where there are two. */
  readonly groups: ReadonlyMap<string, Groups>;
  /** Find a definition of the workload's own metrics, by id. */
  readonly definition: (workload: string, metric: string) => MetricDefinition | undefined;
}

/** The cell of a runtime in a subject, with its category. */
export function identity(subject: Subject, runtime: string): Cell & Pick<SummaryRow, 'category'> {
  return { runtime, ...subject.identity, category: subject.category };
}

/** Placeholder until the claims are settled. */
export const noRatio = { ratio: null, ratioCiLow: null, ratioCiHigh: null, p: null };
