import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { aaControl } from '../model/aa-control.ts';
import { cellKey } from '../model/cell.ts';
import type { RunRecord } from '../model/run.ts';
import { baselineValues } from './baseline-values.ts';
import type { Family } from './families.ts';
import type { LookedAt } from './look-tests.ts';
import { isTested, type Look, ownBlocks } from './looks.ts';
import { type Difference, pairedDifference, pairedRatio, type Ratio } from './ratio.ts';
import type { CellSamples, Sample } from './samples.ts';
import type { Subject } from './subjects.ts';

const text = notices('claim', {
  survivors: 'more than 10 % of the trials failed: only survivors are compared, so there is no verdict',
  baselineSurvivors:
    '{failed} of {all} trials of the baseline {baseline} failed: only survivors are compared, so there is no verdict',
});

/** If more than this share of its trials failed, the values of a cell are those of survivors, and decide nothing. */
const toleratedFailures = 0.1;

/** A metric of a runtime beside the baseline's. */
export interface Comparison {
  readonly family: Family;
  readonly ratio: Ratio;
  /** Of headlines, and where there is no ratio for lack of a logarithm; null without pairs. */
  readonly difference: Difference | null;
  readonly baselineKnown: boolean;
  /** At each look of an extended run; absent where the run was not extended. */
  readonly looks?: readonly LookedAt[];
  /** Why no verdict is given, whatever the values; null where one may be. */
  readonly withheld: Message | null;
}

/** True where the A/A control of a run joins its baseline. */
export function controlJoins({ method = 1 }: Pick<RunRecord, 'method'>): boolean {
  return method >= 2;
}

/** The baseline of one metric of a subject. */
export interface BaselineSide {
  readonly name: string;
  /** Its arms that were measured. */
  readonly cells: readonly CellSamples[];
  /** block → value; null where the baseline has none. */
  readonly values: ReadonlyMap<number, number> | null;
}

/** The baseline in comparisons with runtimes: with its A/A control where that joins it. */
export function baselineSide(subject: Subject, metric: string, run: RunRecord): BaselineSide {
  const side = singleBaseline(subject, metric, run);
  const control = controlJoins(run) ? subject.cells.get(aaControl(side.name)) : undefined;
  if (control === undefined) return side;
  const second = control.samples.get(metric)?.byBlock;
  return {
    ...side,
    cells: [...side.cells, control],
    values: side.values === null || second === undefined ? side.values : baselineValues(side.values, second),
  };
}

/** The baseline without its A/A control. */
export function singleBaseline(subject: Subject, metric: string, { config }: RunRecord): BaselineSide {
  const cell = subject.cells.get(config.baseline);
  return {
    name: config.baseline,
    cells: cell === undefined ? [] : [cell],
    values: cell?.samples.get(metric)?.byBlock ?? null,
  };
}

/** Compare a cell's values of a metric with the baseline's. */
export function compareWith(
  baseline: BaselineSide,
  cell: CellSamples,
  sample: Sample,
  how: {
    readonly family: Family;
    readonly headline: boolean;
    readonly confidence: number;
    readonly looks: readonly Look[];
  },
): Comparison {
  const { family, headline, confidence, looks } = how;
  const values = baseline.values ?? new Map<number, number>();
  const ratio = pairedRatio(sample.byBlock, values, confidence);
  const byDifference = headline || ratio.notPositive !== null;
  const at = (look: Look): LookedAt => {
    const own = ownBlocks(look, sample.byBlock);
    return {
      look,
      centre:
        ratio.notPositive === null
          ? pairedRatio(own, values, confidence).logs
          : (pairedDifference(own, values, confidence)?.centre ?? null),
    };
  };
  // What an extension was not chosen for has its test before it.
  const tested = looks.filter(
    (look) => look.number === 0 || (headline && isTested(look, cellKey(cell.cell))),
  );
  return {
    family,
    ratio,
    difference: byDifference ? pairedDifference(sample.byBlock, values, confidence) : null,
    baselineKnown: baseline.values !== null,
    ...(looks.length > 1 ? { looks: tested.map(at) } : {}),
    withheld: withheldOf(cell, baseline),
  };
}

function withheldOf(cell: CellSamples, baseline: BaselineSide): Message | null {
  if (tooManyFailed([cell])) return text.survivors;
  if (!tooManyFailed(baseline.cells)) return null;
  const { failed, ok } = outcomes(baseline.cells);
  return text.baselineSurvivors({ failed, all: failed + ok, baseline: baseline.name });
}

/** True if so many trials of these cells failed that the others are survivors. */
export function tooManyFailed(cells: readonly CellSamples[]): boolean {
  const { failed, ok } = outcomes(cells);
  return failed > toleratedFailures * (failed + ok);
}

function outcomes(cells: readonly CellSamples[]): { readonly failed: number; readonly ok: number } {
  return {
    failed: cells.reduce((sum, cell) => sum + cell.failed.size, 0),
    ok: cells.reduce((sum, cell) => sum + cell.ok.size, 0),
  };
}
