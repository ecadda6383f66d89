import { stringify } from 'csv-stringify/sync';
import { plainDecimal } from '../messages/number.ts';
import type { FactRow, SummaryRow } from '../model/analysis.ts';
import type { Measurement } from '../model/metric.ts';
import { markedNote } from './emulation.ts';
import { csvText } from './sanitize.ts';

type Field<T> = readonly [column: string, read: (record: T) => string | number | null];

const measurementFields: readonly Field<Measurement>[] = [
  ['run_id', (m) => m.runId],
  ['trial_id', (m) => m.trialId],
  ['block', (m) => m.block],
  ['position', (m) => m.position],
  ['phase', (m) => m.phase],
  ['runtime', (m) => m.cell.runtime],
  ['profile', (m) => m.cell.profile],
  ['layer', (m) => m.cell.layer],
  ['workload', (m) => m.cell.workload],
  ['params', (m) => m.cell.params],
  ['category', (m) => m.category],
  ['metric', (m) => m.metric],
  ['unit', (m) => m.unit],
  ['better', (m) => m.better],
  ['value', (m) => m.value],
  ['outcome', (m) => m.outcome],
];

const summaryFields: readonly Field<SummaryRow>[] = [
  ['runtime', (r) => r.runtime],
  ['profile', (r) => r.profile],
  ['layer', (r) => r.layer],
  ['workload', (r) => r.workload],
  ['params', (r) => r.params],
  ['category', (r) => r.category],
  ['metric', (r) => r.metric],
  ['unit', (r) => r.unit],
  ['better', (r) => r.better],
  ['n', (r) => r.n],
  ['failures', (r) => r.failures],
  ['median', (r) => r.median],
  ['ci_low', (r) => r.ciLow],
  ['ci_high', (r) => r.ciHigh],
  ['p95', (r) => r.p95],
  ['min', (r) => r.min],
  ['max', (r) => r.max],
  ['mad', (r) => r.mad],
  ['baseline', (r) => r.baseline],
  ['ratio', (r) => r.ratio],
  ['ratio_ci_low', (r) => r.ratioCiLow],
  ['ratio_ci_high', (r) => r.ratioCiHigh],
  ['p_adjusted', (r) => r.pAdjusted],
  ['verdict', (r) => r.verdict],
  ['note', (r) => r.note],
];

const factFields: readonly Field<FactRow>[] = [
  ['runtime', (f) => f.runtime],
  ['profile', (f) => f.profile],
  ['layer', (f) => f.layer],
  ['workload', (f) => f.workload],
  ['params', (f) => f.params],
  ['fact', (f) => f.id],
  ['value', (f) => f.value],
  ['trials', (f) => f.trials],
  ['varies', (f) => (f.varies ? 'yes' : 'no')],
];

/** Rows made into text at a time, so that a large table needs little more memory than its text. */
const chunk = 2000;

/** Null is an empty cell; numbers keep every digit; text is made safe for spreadsheets, each distinct one once. */
function table<T>(records: readonly T[], fields: readonly Field<T>[]): string {
  const safe = new Map<string, string>();
  const cell = (value: string | number | null): string => {
    if (value === null) return '';
    if (typeof value === 'number') return plainDecimal(value);
    let text = safe.get(value);
    if (text === undefined) {
      text = csvText(value);
      safe.set(value, text);
    }
    return text;
  };
  const parts = [stringify([fields.map(([column]) => column)])];
  for (let from = 0; from < records.length; from += chunk)
    parts.push(
      stringify(
        records.slice(from, from + chunk).map((record) => fields.map(([, read]) => cell(read(record)))),
      ),
    );
  return parts.join('');
}

/** measurements.csv: one value a row, in the order given. */
export function measurementsCsv(measurements: readonly Measurement[]): string {
  return table(measurements, measurementFields);
}

/** facts.csv: what one cell said of one thing a row, in the order given. */
export function factsCsv(facts: readonly FactRow[]): string {
  return table(facts, factFields);
}

/**
 * summary.csv: one cell × metric a row, in the order given. `emulated`: was it measured on an emulated processor?
 * Then every row's note says so first, for rows are read one by one and copied into other tables.
 */
export function summaryCsv(rows: readonly SummaryRow[], emulated = false): string {
  return table(emulated ? rows.map((row) => ({ ...row, note: markedNote(row.note) })) : rows, summaryFields);
}
