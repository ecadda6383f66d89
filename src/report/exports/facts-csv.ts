import type { FactRow } from '../../core/model/analysis/analysis.ts';
import { csvOf, type Field } from '../tables/csv.ts';
import type { Exporter, ExportSource } from './exporter.ts';

const fields: readonly Field<FactRow>[] = [
  ['runtime', (f) => f.runtime],
  ['profile', (f) => f.profile],
  ['layer', (f) => f.layer],
  ['workload', (f) => f.workload],
  ['params', (f) => f.params],
  ['fact', (f) => f.id],
  ['value', (f) => f.value],
  ['trials', (f) => f.trials],
  ['varies', (f) => (f.varies ? 'yes' : 'no')],
  ['engine', (f) => f.engine ?? null],
];

/** One row per fact of a cell, in the order of the analysis. */
export default {
  file: 'facts.csv',
  order: 400,
  content: ({ analysis }: Pick<ExportSource, 'analysis'>) => csvOf(analysis.facts, fields),
} satisfies Exporter;
