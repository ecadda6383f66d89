import type { SummaryRow } from '../../core/model/analysis/analysis.ts';
import { markedNote } from '../findings/emulation.ts';
import { csvOf, type Field } from '../tables/csv.ts';
import type { Exporter, ExportSource } from './exporter.ts';

const fields: readonly Field<SummaryRow>[] = [
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
  ['engine', (r) => r.engine ?? null],
  ['headline', (r) => (r.headline ? 'yes' : 'no')],
  ['pairs', (r) => r.pairs],
  ['p', (r) => r.p],
  ['family', (r) => r.family ?? null],
  ['baseline_engine', (r) => r.baselineEngine ?? null],
  ['baseline_profile', (r) => r.baselineProfile ?? null],
  ['ended', (r) => r.ended ?? null],
];

/**
 * One row per cell × metric, in the order of the analysis; then comparisons with another engine (`baseline_engine`), with
 * another profile (`baseline_profile`), and of newer with older versions (`baseline`) that are not among the run's own rows.
 * `p_adjusted` follows from `p` and `family`. On an emulated processor every row's note says so first, because rows are read
 * singly and copied into other tables.
 */
export default {
  file: 'summary.csv',
  order: 300,
  content({ analysis, run }: Pick<ExportSource, 'analysis' | 'run'>) {
    const { engines = [], profiles = [], versions = [], baseline } = analysis;
    const between = versions.flatMap((pair) => (pair.older === baseline ? [] : pair.rows));
    const rows = [...analysis.rows, ...engines, ...profiles, ...between];
    const emulated = run.host.emulation !== null;
    return csvOf(emulated ? rows.map((row) => ({ ...row, note: markedNote(row.note) })) : rows, fields);
  },
} satisfies Exporter;
