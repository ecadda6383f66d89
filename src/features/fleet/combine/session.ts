import { type LogMean, logMeanOf } from '../../../core/analyze/stats/log-mean.ts';
import type { Analysis, CategoryEstimate, SummaryRow } from '../../../core/model/analysis.ts';
import { type Cell, cellKey, identityOf, subjectKey } from '../../../core/model/cell.ts';
import type { RunRecord } from '../../../core/model/run.ts';
import type { CombinedCategory, CombinedComparison } from './combined-record.ts';

/** One value of a session, as a mean of logarithms with a known error, and what it is the value of. */
export interface SessionValue<Of> extends Pick<LogMean, 'mean' | 'df'> {
  readonly variance: number;
  /** Values with one key are combined. */
  readonly key: string;
  readonly of: Of;
}

/** The headline of a cell. */
export type ComparedHeadline = Pick<
  CombinedComparison,
  keyof Cell | 'baselineProfile' | 'metric' | 'category' | 'unit' | 'better'
>;
/** A runtime in a category. */
export type ComparedCategory = Pick<
  CombinedCategory,
  'runtime' | 'category' | 'layer' | 'engine' | 'subjects'
>;

/** The part of a run that is combined. */
export interface MeasuredSession {
  readonly run: RunRecord;
  readonly comparisons: readonly SessionValue<ComparedHeadline>[];
  /** The baseline's own values. */
  readonly baselines: readonly SessionValue<ComparedHeadline>[];
  readonly categories: readonly SessionValue<ComparedCategory>[];
}

/** Selects the part of a run and its analysis that is combined: tested headlines and categories, and the baseline's values. */
export function sessionOf(run: RunRecord, analysis: Analysis): MeasuredSession {
  const { baseline, thresholds } = run.config;
  const rows = [...analysis.rows, ...(analysis.profiles ?? [])].flatMap(headlineOf);
  const [own, others] = [true, false].map((isOwn) =>
    rows.filter(({ of }) => (of.runtime === baseline && of.baselineProfile === undefined) === isOwn),
  );
  const meanOf = (read: (row: SummaryRow) => LogMean | null) => (each: (typeof rows)[number]) =>
    withError(read(each.row), each.of, headlineKey(each.of));
  const logs = (ratio: number | null, low: number | null, high: number | null, values: number) =>
    ratio === null || !(ratio > 0) || !Number.isFinite(ratio)
      ? null
      : logMeanOf(ratio, low, high, values, thresholds.alpha);
  return {
    run,
    comparisons: (others ?? []).flatMap(
      meanOf(({ p, ratio, ratioCiLow, ratioCiHigh, pairs }) =>
        p === null ? null : logs(ratio, ratioCiLow, ratioCiHigh, pairs),
      ),
    ),
    baselines: (own ?? []).flatMap(meanOf(({ median, ciLow, ciHigh, n }) => logs(median, ciLow, ciHigh, n))),
    categories: analysis.categories.flatMap((estimate) => {
      const { runtime, category, layer, engine, subjects, p, cost, low, high, blocks } = estimate;
      const of = { runtime, category, layer, ...(engine === undefined ? {} : { engine }), subjects };
      const mean = p === null ? null : logs(cost, low, high, blocks);
      return withError(mean, of, categoryKey(estimate, analysis.rows));
    }),
  };
}

function withError<Of>(mean: LogMean | null, of: Of, key: string): readonly SessionValue<Of>[] {
  if (mean === null || mean.variance === null) return [];
  return [{ mean: mean.mean, variance: mean.variance, df: mean.df, key, of }];
}

function headlineOf(row: SummaryRow): { readonly row: SummaryRow; readonly of: ComparedHeadline }[] {
  const { headline, layer, category, metric, unit, better, baselineProfile } = row;
  if (!headline || layer === 'floor' || category === 'isolation') return [];
  if (metric === null || unit === null || better === null) return [];
  const reference = baselineProfile === undefined ? {} : { baselineProfile };
  return [{ row, of: { ...identityOf(row), ...reference, metric, category, unit, better } }];
}

function headlineKey(of: ComparedHeadline): string {
  return [cellKey(of), of.metric, of.baselineProfile ?? ''].join('|');
}

/** The category with its subjects: a session that measured others answers another question. */
function categoryKey(
  { runtime, category, layer, engine }: CategoryEstimate,
  rows: readonly SummaryRow[],
): string {
  const members = rows.filter(
    (row) =>
      row.headline &&
      row.p !== null &&
      row.runtime === runtime &&
      row.category === category &&
      row.layer === layer &&
      row.engine === engine,
  );
  const subjects = members.map((row) => `${subjectKey(row)}|${row.metric}`).toSorted();
  return [runtime, category, layer, engine ?? '', ...subjects].join('\n');
}
