import { notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import type { RunRecord } from '../../model/run/run.ts';
import { cellKey } from '../../model/trial/cell.ts';
import { areSurvivors } from '../../model/trial/trial-outcome.ts';
import type { ComparisonFamily } from '../claims/families.ts';
import { type InterimLook, isTested, type LookComparison, ownBlocks } from '../claims/looks.ts';
import { clearBeyond, clearFactor, mayBeClear, pairsOf } from '../claims/settled.ts';
import type { CellSamples, MetricSample } from '../values/samples.ts';
import { type BlockDifference, pairedDifference, pairedRatio, type Ratio } from './ratio.ts';
import { referenceArms, type Subject } from './subjects.ts';

/**
 * The baseline's value of each block: the geometric mean of its arms there, or the arithmetic mean where a value is not
 * positive. A block without the first arm has no value.
 */
export function baselineValues(
  first: ReadonlyMap<number, number>,
  second: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> {
  return new Map(
    [...first].map(([block, value]) => {
      const other = second.get(block);
      return [block, other === undefined ? value : mean(value, other)];
    }),
  );
}

/** Mean of two values; equal values keep exactly that value, so a constant baseline stays constant. */
function mean(a: number, b: number): number {
  if (a === b) return a;
  return a > 0 && b > 0 ? Math.sqrt(a) * Math.sqrt(b) : (a + b) / 2;
}

const text = notices('claim', {
  survivors: 'more than 10% of the trials failed: only survivors are compared, so there is no verdict',
  manyFailed: 'more than 10% of the trials failed, so there is no verdict',
  baselineSurvivors: '{failed} of {all} trials of the baseline {baseline} failed, so there is no verdict',
});

/** A runtime compared with the baseline by one metric. */
export interface BaselineComparison {
  readonly family: ComparisonFamily;
  readonly ratio: Ratio;
  /** Present for headlines, and for metrics whose ratio is undefined because a value has no logarithm; null without pairs. */
  readonly difference: BlockDifference | null;
  readonly baselineKnown: boolean;
  /** The comparison at each look of an extended run; absent where the run was not extended. */
  readonly looks?: readonly LookComparison[];
  /** Why no verdict is given; null where one may be. */
  readonly withheld: Message | null;
  /** Present where sampling of the comparison ended because it was clear, while the run went on: its factor. */
  readonly clear?: number;
}

/** The baseline of one metric of a subject. */
export interface BaselineSide {
  readonly name: string;
  /** Those arms of the baseline that were measured. */
  readonly cells: readonly CellSamples[];
  /** block → value; null where the baseline has none. */
  readonly values: ReadonlyMap<number, number> | null;
}

/** The baseline as a runtime is compared with it: all of its arms with which the runtime is paired. */
export function baselineSide(
  subject: Subject,
  metric: string,
  run: RunRecord,
  runtime: string,
): BaselineSide {
  const arms = referenceArms(runtime, run).map((arm) => subject.cells.get(arm));
  const [first, second] = arms.map((cell) => cell?.samples.get(metric)?.byBlock);
  return {
    name: run.config.baseline,
    cells: arms.filter((cell) => cell !== undefined),
    values: first === undefined || second === undefined ? (first ?? null) : baselineValues(first, second),
  };
}

/** How a run sampled. */
export interface RunSampling {
  readonly run: Pick<RunRecord, 'config' | 'extensions'>;
  readonly confidence: number;
  /** The last measured block of the run. */
  readonly lastBlock: number;
}

/** Compare a cell's values of a metric with the baseline's. */
export function compareWith(
  baseline: BaselineSide,
  cell: CellSamples,
  sample: MetricSample,
  how: {
    readonly family: ComparisonFamily;
    readonly headline: boolean;
    readonly confidence: number;
    readonly looks: readonly InterimLook[];
    /** How the run sampled; null where its end says nothing of this comparison. */
    readonly sampling: RunSampling | null;
  },
): BaselineComparison {
  const { family, headline, confidence, looks, sampling } = how;
  const values = baseline.values ?? new Map<number, number>();
  const ratio = pairedRatio(sample.byBlock, values, confidence);
  const byDifference = headline || ratio.notPositive !== null;
  const at = (look: InterimLook): LookComparison => {
    const own = ownBlocks(look, sample.byBlock);
    return {
      look,
      centre:
        ratio.notPositive === null
          ? pairedRatio(own, values, confidence).logs
          : (pairedDifference(own, values, confidence)?.centre ?? null),
    };
  };
  const clear = headline && sampling !== null ? endedAsClear(sample.byBlock, values, sampling) : null;
  // A comparison that an extension was not chosen for is tested by earlier looks only.
  const tested = looks.filter(
    (look) => look.number === 0 || (headline && isTested(look, cellKey(cell.cell))),
  );
  return {
    family,
    ratio,
    difference: byDifference ? pairedDifference(sample.byBlock, values, confidence) : null,
    baselineKnown: baseline.values !== null,
    ...(looks.length > 1 ? { looks: tested.map(at) } : {}),
    withheld: withheldOf(cell, sample, baseline),
    ...(clear === null ? {} : { clear }),
  };
}

/**
 * The factor of {@link clearFactor} where sampling of a headline ended because it was clear, while the run went on with others;
 * null elsewhere, and in a run that was extended, whose looks are apart.
 */
function endedAsClear(
  own: ReadonlyMap<number, number>,
  baseline: ReadonlyMap<number, number>,
  { run, confidence, lastBlock }: RunSampling,
): number | null {
  const { config, extensions = [] } = run;
  const practical = clearBeyond(config);
  if (practical === null || extensions.length > 0) return null;
  if (Math.max(...own.keys()) >= lastBlock) return null;
  const pairs = pairsOf(own, baseline);
  return mayBeClear(pairs, confidence, practical) ? clearFactor(pairs.length, config.minBlocks) : null;
}

function withheldOf(cell: CellSamples, { ofFailed }: MetricSample, baseline: BaselineSide): Message | null {
  if (tooManyFailed([cell])) return ofFailed > 0 ? text.manyFailed : text.survivors;
  if (!tooManyFailed(baseline.cells)) return null;
  const { failed, ok } = outcomes(baseline.cells);
  return text.baselineSurvivors({ failed, all: failed + ok, baseline: baseline.name });
}

/** True if so many trials of these cells failed that the remaining values are those of survivors. */
export function tooManyFailed(cells: readonly CellSamples[]): boolean {
  return areSurvivors(outcomes(cells));
}

function outcomes(cells: readonly CellSamples[]): { readonly failed: number; readonly ok: number } {
  return {
    failed: cells.reduce((sum, cell) => sum + cell.failed.size, 0),
    ok: cells.reduce((sum, cell) => sum + cell.ok.size, 0),
  };
}
