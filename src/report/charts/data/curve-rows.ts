import { parseParams } from '../../../model/cell.ts';
import { hasValue, type ValueRow } from '../../comparison.ts';
import type { ReportContext } from '../../context.ts';
import type { CurvePoint } from '../grammar/curves.ts';
import { rowTip } from '../grammar/tip.ts';

/** Workloads that are one curve over a parameter, and have a chart of their own: workload → that parameter. */
const curveParams = { 'startup/burst': 'count', 'startup/density': 'sandboxes' } as const;
type CurveWorkload = keyof typeof curveParams;

/** Is the workload drawn as a curve, so that charts of single subjects leave it out? */
export function isCurve(workload: string): boolean {
  return Object.hasOwn(curveParams, workload);
}

/** The rows of a curve, of one profile and layer (those of the first row), since it may have one value a point only. */
export function curveRows(context: ReportContext, workload: CurveWorkload): readonly ValueRow[] {
  const rows = context.rows
    .filter(hasValue)
    .filter((row) => row.workload === workload && countOf(row) !== null);
  const first = rows[0];
  return rows.filter(
    (row) => row.profile === first?.profile && row.layer === first.layer && row.engine === first.engine,
  );
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

/** The positive number that the parameter of its curve holds; null where it holds none. */
function countOf({ workload, params }: ValueRow): number | null {
  const value = Number(parseParams(params)[curveParams[workload as CurveWorkload]] ?? Number.NaN);
  return value > 0 && Number.isFinite(value) ? value : null;
}
