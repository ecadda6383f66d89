import { parse } from 'csv-parse/sync';
import type { Analysis } from '../../../src/core/model/analysis/analysis.ts';
import type { RunRecord } from '../../../src/core/model/run/run.ts';
import exporter from '../../../src/report/exports/summary-csv.ts';

/** The rows of summary.csv by the names of their columns. */
export function summaryCsv(analysis: Analysis, run: RunRecord): readonly Record<string, string>[] {
  return parse(exporter.content({ analysis, run }), { columns: true });
}
