import type { CategoryEstimate } from '../../core/model/analysis/analysis.ts';
import { subjectName } from '../../core/model/trial/subject-name.ts';
import { csvOf, type Field } from '../tables/csv.ts';
import type { Exporter, ExportSource } from './exporter.ts';

const fields: readonly Field<CategoryEstimate>[] = [
  ['runtime', (c) => c.runtime],
  ['layer', (c) => c.layer],
  ['engine', (c) => c.engine ?? null],
  ['category', (c) => c.category],
  ['subjects', (c) => c.subjects],
  ['blocks', (c) => c.blocks],
  ['cost', (c) => c.cost],
  ['ci_low', (c) => c.low],
  ['ci_high', (c) => c.high],
  ['ci90_low', (c) => c.low90],
  ['ci90_high', (c) => c.high90],
  ['p', (c) => c.p],
  ['p_adjusted', (c) => c.pAdjusted],
  ['tau', (c) => c.tau],
  ['smallest', (c) => subjectName(c.smallest)],
  ['largest', (c) => subjectName(c.largest)],
  ['verdict', (c) => c.verdict],
  ['profile', (c) => c.profile ?? null],
];

/** One row per runtime and category with its cost, in the order given; then the costs of further profiles relative to the first
 * (`profile`). Contains only the column names if the run has no estimate. */
export default {
  file: 'categories.csv',
  order: 350,
  content: ({ analysis }: Pick<ExportSource, 'analysis'>) =>
    csvOf([...analysis.categories, ...(analysis.profileCategories ?? [])], fields),
} satisfies Exporter;
