import { parseParams, subjectKey } from '../../../core/model/trial/cell.ts';
import type { ReportContext } from '../../context.ts';
import { groupBy, paramsLabel, shortWorkload, subjectLabel } from '../../document/labels.ts';
import { plainText } from '../../document/sanitize.ts';
import { costRatio, hasValue, type ValueRow } from '../../findings/row-guards.ts';
import type { CurvePoint } from '../grammar/curves.ts';
import { rowTip } from '../grammar/dots.ts';
import { timesOf } from '../grammar/stacked-bars.ts';

/** Workload → parameter, for workloads drawn in their own chart as a curve over that parameter. */
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

/** The rows with the largest count on the curve. */
export function greatestCount(rows: readonly ValueRow[]): readonly ValueRow[] {
  const greatest = Math.max(...rows.map((row) => countOf(row) ?? 0));
  return rows.filter((row) => countOf(row) === greatest);
}

/**
 * Rows as points over the parameter of their curve, divided by `factor`. An interval of a positive median begins at zero or
 * above: the noise of a difference of two readings is not a quantity.
 */
export function curvePoints(
  rows: readonly ValueRow[],
  factor: number,
  context: ReportContext,
): readonly CurvePoint[] {
  return rows.map((row) => {
    const both = row.ciLow !== null && row.ciHigh !== null;
    const least = row.median < 0 ? Number.NEGATIVE_INFINITY : 0;
    return {
      runtime: row.runtime,
      x: countOf(row) ?? 0,
      y: row.median / factor,
      low: both ? Math.max(least, row.ciLow ?? 0) / factor : null,
      high: both ? (row.ciHigh ?? 0) / factor : null,
      times: timesOf(row, context.lang),
      tip: rowTip(row, context),
    };
  });
}

/** The positive number in the parameter of a row's curve; null if there is none. */
function countOf({ workload, params }: ValueRow): number | null {
  const value = Number(parseParams(params)[curveParams[workload as CurveWorkload]] ?? Number.NaN);
  return value > 0 && Number.isFinite(value) ? value : null;
}

/** One row: an operation or a system call under all runtimes. */
export interface CallRow extends Call {
  /** Largest factor to the baseline, in either direction. */
  readonly extent: number;
  /** Largest factor among the conclusive ratios; 0 without any. */
  readonly sure: number;
  /** Highest cost ratio. */
  readonly worst: number;
}

/** One row per operation, such as `file op=open`: the category's headlines in ns/op. */
export function operationRows(context: ReportContext): readonly CallRow[] {
  const rows = context.rows
    .filter(hasValue)
    .filter((row) => row.category === 'syscall' && row.metric === 'op.time' && row.headline);
  return rank(
    groupBy(rows, subjectLabel).map((members) => [operationName(members[0]), members]),
    context,
  );
}

/** `syscall/file op=open;size=4k` → `file open, size=4k`. */
function operationName(row: ValueRow | undefined): string {
  if (row === undefined) return '';
  const { op, ...others } = parseParams(row.params);
  const rest = Object.entries(others).map(([key, value]) => `${key}=${value}`);
  const name = [shortWorkload(row.workload), op ?? ''].filter((part) => part !== '').join(' ');
  return [name, paramsLabel(rest.join(';'))].filter((part) => part !== '').join(', ');
}

/** One row per system call timed by stress-ng, such as `getpid()`, in the same order. */
export function callRows(context: ReportContext): readonly CallRow[] {
  return rank(
    singleCalls(context).map(({ name, members }) => [`${name}()`, members]),
    context,
  );
}

function rank(
  rows: readonly (readonly [name: string, members: readonly ValueRow[]])[],
  { analysis }: ReportContext,
): readonly CallRow[] {
  return rows
    .flatMap(([name, members]) => {
      const others = members.filter((row) => row.runtime !== analysis.baseline);
      const ratios = others.flatMap((row) => costRatio(row)?.ratio ?? []);
      if (ratios.length === 0) return [];
      const extent = furthest(others);
      const sure = furthest(others.filter((row) => row.verdict !== 'inconclusive'));
      return [{ name: plainText(name), members, extent, sure, worst: Math.max(...ratios) }];
    })
    .toSorted((a, b) => b.sure - a.sure || b.extent - a.extent);
}

/** Largest factor of these rows' ratios from 1, in either direction; 0 without any. */
function furthest(rows: readonly ValueRow[]): number {
  const ratios = rows.flatMap((row) => costRatio(row)?.ratio ?? []);
  return Math.max(0, ...ratios.map((ratio) => Math.max(ratio, 1 / ratio)));
}

/** A system call under the runtimes that have it. */
interface Call {
  readonly name: string;
  readonly members: readonly ValueRow[];
}

/** System calls (metrics `syscall.*` in ns/op) that more than half of the measured runtimes have. */
function singleCalls(context: ReportContext): readonly Call[] {
  const rows = oneSubject(
    context.rows
      .filter(hasValue)
      .filter((row) => row.metric.startsWith('syscall.') && row.unit === 'ns/op' && row.median > 0)
      // A headline of this metric family is a mean over calls.
      .filter((row) => !row.headline),
  );
  const runtimes = new Set(rows.map((row) => row.runtime));
  return [...Map.groupBy(rows, (row) => row.metric)]
    .filter(([, members]) => members.length * 2 > runtimes.size)
    .map(([metric, members]) => ({ name: plainText(metric.slice('syscall.'.length)), members }));
}

/** Rows of the workload and parameters that measured the most calls: times of different methods are not comparable. */
function oneSubject(rows: readonly ValueRow[]): readonly ValueRow[] {
  const groups = [...Map.groupBy(rows, subjectKey).values()];
  return groups.toSorted((a, b) => b.length - a.length)[0] ?? [];
}
