import type { SummaryRow } from '../model/analysis.ts';
import { type Cell, subjectKey } from '../model/cell.ts';
import type { RunRecord } from '../model/run.ts';
import { type BaselineSide, baselineSide } from './comparison.ts';
import type { CellSamples } from './samples.ts';
import type { Subject } from './subjects.ts';

/** What the row of a runtime was made from. */
export interface ComparedValues {
  readonly cell: CellSamples;
  readonly baseline: BaselineSide;
  /** block → log(runtime ÷ baseline), in the blocks that hold both. */
  readonly logRatios: ReadonlyMap<number, number>;
}

/** What is known of a row to find its values. */
type ComparedRow = Cell & Pick<SummaryRow, 'metric' | 'baselineProfile'>;

/** Find the values of a row; null where its runtime or the baseline has none of the metric. */
export function valuesFinder(
  subjects: readonly Subject[],
  run: RunRecord,
): (row: ComparedRow) => ComparedValues | null {
  const byKey = new Map(subjects.map((subject) => [subjectKey(subject.identity), subject]));
  const sideOf = (subject: Subject, row: ComparedRow): BaselineSide => {
    if (row.baselineProfile === undefined) return baselineSide(subject, row.metric ?? '', run, row.runtime);
    const reference = byKey.get(subjectKey({ ...row, profile: row.baselineProfile }))?.cells.get(row.runtime);
    const values = reference?.samples.get(row.metric ?? '')?.byBlock ?? null;
    return { name: row.runtime, cells: reference === undefined ? [] : [reference], values };
  };
  return (row) => {
    const subject = byKey.get(subjectKey(row));
    const cell = subject?.cells.get(row.runtime);
    const own = cell?.samples.get(row.metric ?? '')?.byBlock;
    if (subject === undefined || cell === undefined || own === undefined || row.metric === null) return null;
    const baseline = sideOf(subject, row);
    const logRatios = new Map<number, number>();
    for (const [block, value] of own) {
      const reference = baseline.values?.get(block);
      if (reference !== undefined) logRatios.set(block, Math.log(value) - Math.log(reference));
    }
    return { cell, baseline, logRatios };
  };
}
