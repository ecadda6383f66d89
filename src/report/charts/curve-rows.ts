import { parseParams } from '../../model/cell.ts';
import type { ValueRow } from '../comparison.ts';
import type { ReportContext } from '../context.ts';
import type { CurvePoint } from './curves.ts';
import { rowTip } from './tip.ts';

/** Workloads that are one curve over their parameter, and have a chart of their own. */
export const burstWorkload = 'startup/burst';
export const densityWorkload = 'startup/density';

/** Is the workload drawn as a curve, so that charts of single subjects leave it out? */
export function isCurve(workload: string): boolean {
  return workload === burstWorkload || workload === densityWorkload;
}

/** The positive number that a parameter holds; null where it holds none. */
export function countOf(row: ValueRow, key: string): number | null {
  const value = Number(parseParams(row.params)[key] ?? Number.NaN);
  return value > 0 && Number.isFinite(value) ? value : null;
}

/** A row as a point over its parameter `key`, divided by `factor`. */
export function curvePoint(
  row: ValueRow,
  key: string,
  factor: number,
  context: ReportContext,
): readonly CurvePoint[] {
  const x = countOf(row, key);
  if (x === null) return [];
  const both = row.ciLow !== null && row.ciHigh !== null;
  return [
    {
      runtime: row.runtime,
      x,
      y: row.median / factor,
      low: both ? (row.ciLow ?? 0) / factor : null,
      high: both ? (row.ciHigh ?? 0) / factor : null,
      tip: rowTip(row, context),
    },
  ];
}

/** Rows of one profile and layer (those of the first row), since a curve may have one value a point only. */
export function oneCell(rows: readonly ValueRow[]): readonly ValueRow[] {
  const first = rows[0];
  return rows.filter((row) => row.profile === first?.profile && row.layer === first.layer);
}
