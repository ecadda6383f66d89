import type { Measurement } from '../../core/model/workload/metric.ts';
import { csvOf, type Field } from '../tables/csv.ts';
import type { Exporter, ExportSource } from './exporter.ts';

const fields: readonly Field<Measurement>[] = [
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
  ['engine', (m) => m.cell.engine ?? null],
];

/** One row per value, in the order of the analysis. */
export default {
  file: 'measurements.csv',
  order: 200,
  content: ({ measurements }: Pick<ExportSource, 'measurements'>) => csvOf(measurements, fields),
} satisfies Exporter;
