import type { EffectRow } from '../../core/model/analysis/analysis.ts';
import { csvOf, type Field } from '../tables/csv.ts';
import type { Exporter, ExportSource } from './exporter.ts';

const fields: readonly Field<EffectRow>[] = [
  ['design', (e) => e.design],
  ['factor', (e) => e.factor],
  ['level', (e) => e.level],
  ['reference', (e) => e.reference],
  ['beside_factor', (e) => e.beside?.factor ?? null],
  ['beside_level', (e) => e.beside?.level ?? null],
  ['beside_reference', (e) => e.beside?.reference ?? null],
  ['profile', (e) => e.profile],
  ['layer', (e) => e.layer],
  ['engine', (e) => e.engine ?? null],
  ['workload', (e) => e.workload],
  ['params', (e) => e.params],
  ['category', (e) => e.category],
  ['metric', (e) => e.metric],
  ['unit', (e) => e.unit],
  ['better', (e) => e.better],
  ['pairs', (e) => e.pairs],
  ['ratio', (e) => e.ratio],
  ['ratio_ci_low', (e) => e.ratioCiLow],
  ['ratio_ci_high', (e) => e.ratioCiHigh],
  ['ratio_ci90_low', (e) => e.ratio90Low ?? null],
  ['ratio_ci90_high', (e) => e.ratio90High ?? null],
  ['p', (e) => e.p],
  ['p_adjusted', (e) => e.pAdjusted],
  ['verdict', (e) => e.verdict],
  ['aliases', (e) => e.aliases.join(' ')],
  ['family', (e) => e.family ?? null],
  ['note', (e) => e.note],
];

/**
 * One row per effect of a runtime's option on the headline of a subject: main effects, then interactions (`beside_…`). Contains
 * only the column names if the run has no design.
 */
export default {
  file: 'effects.csv',
  order: 360,
  content: ({ analysis }: Pick<ExportSource, 'analysis'>) => csvOf(analysis.effects ?? [], fields),
} satisfies Exporter;
