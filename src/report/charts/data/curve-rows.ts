import { parseParams } from '../../../core/model/cell.ts';
import { hasValue, type ValueRow } from '../../comparison.ts';
import type { ReportContext } from '../../context.ts';
import type { CurvePoint } from '../grammar/curves.ts';
import { rowTip } from '../grammar/tip.ts';

/** Workloads drawn as a curve over a parameter in a chart of their own: workload → parameter. */
const curveParams = { 'startup/burst': 'count', 'startup/density': 'sandboxes' } as const;
type CurveWorkload = keyof typeof curveParams;

/** Is the workload drawn as a curve? Charts of single subjects leave it out. */
export function isCurve(workload: string): boolean {
  return Object.hasOwn(curveParams, workload);
}

/** The rows of a curve. All have the first row's profile, layer and engine: a curve has one value per point. */
export function curveRows(context: ReportContext, workload: CurveWorkload): readonly ValueRow[] {
  const rows = context.rows
    .filter(hasValue)
    .filter((row) => row.workload === workload && countOf(row) !== null);
  const first = rows[0];
  return rows.filter(
    (row) => row.profile === first?.profile && row.layer === first.layer && row.engine === first.engine,
  );
}

/** The rows of the greatest number on the curve. */
export function greatestCount(rows: readonly ValueRow[]): readonly ValueRow[] {
  const greatest = Math.max(...rows.map((row) => countOf(row) ?? 0));
  return rows.filter((row) => countOf(row) === greatest);
}

/** Rows as points over the parameter of their curve, divided by `factor`. */
export function curvePoints(
  rows: readonly ValueRow[],
  factor: number,
  context: ReportContext,
): readonly CurvePoint[] {
  return rows.map((row) => {
    const both = row.ciLow !== null && row.ciHigh !== null;
    return {
      runtime: row.runtime,
      x: countOf(row) ?? 0,
      y: row.median / factor,
      low: both ? (row.ciLow ?? 0) / factor : null,
      high: both ? (row.ciHigh ?? 0) / factor : null,
      tip: rowTip(row, context),
    };
  });
}

/** The positive number in the parameter of a row's curve; null where there is none. */
function countOf({ workload, params }: ValueRow): number | null {
  const value = Number(parseParams(params)[curveParams[workload as CurveWorkload]] ?? Number.NaN);
  return value > 0 && Number.isFinite(value) ? value : null;
}
