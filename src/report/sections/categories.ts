import { listed } from '../../messages/compose.ts';
import { messages } from '../../messages/define.ts';
import type { Category } from '../../model/metric.ts';
import { manySubjects, subjectCount } from '../category-summary.ts';
import type { Chart } from '../charts/index.ts';
import { hasValue } from '../comparison.ts';
import type { ReportContext } from '../context.ts';
import { type Block, heading, paragraph, text } from '../document.ts';
import { figures } from '../figures.ts';
import { formatCount } from '../format.ts';
import { categoryOrder } from '../labels.ts';
import { isFromPageCache } from '../page-cache.ts';
import { categoryNames } from '../words/category.ts';
import { words as shared } from '../words/common.ts';
import { costTable } from './categories/cost-table.ts';
import { headlineTable } from './categories/headline-table.ts';
import type { Section } from './section.ts';

const words = messages('section.categories', {
  csv: 'n leads to the row of summary.csv; the single values are the rows of measurements.csv with the same runtime, workload, params and metric.',
  tables: 'Tables: {subjects}',
  pageCache:
    'While {workloads} {n, plural, one {is} other {are}} measured, the page cache holds the files: these ratios are of the path from a system call to cached data, not of a device.',
});

/** All categories: charts, then tables; an empty category is left out. */
export default {
  id: 'categories',
  order: 500,
  blocks(context, charts) {
    return categoryOrder.flatMap((category) => categoryBlocks(context, category, charts));
  },
} satisfies Section;

function categoryBlocks(
  context: ReportContext,
  category: Category,
  charts: readonly Chart[],
): readonly Block[] {
  const blocks = [
    ...pageCache(context, category),
    ...figures(charts, category),
    ...tables(context, category),
  ];
  if (blocks.length === 0) return [];
  return [heading(2, context.t(categoryNames[category]), `category-${category}`), ...blocks];
}

/** A category's headlines per cell, then CPU and memory of the same cells; collapsible where there are many. */
function tables(context: ReportContext, category: Category): readonly Block[] {
  const { rows, lang, t } = context;
  const own = rows.filter((row) => row.category === category);
  const headlines = own.filter((row) => row.headline);
  if (!headlines.some(hasValue)) return [];
  const blocks = [
    headlineTable(headlines, context),
    paragraph(text(t(words.csv))),
    ...costTable(own, context),
  ];
  if (subjectCount(rows) <= manySubjects) return blocks;
  const n = subjectCount(headlines);
  const subjects = shared.subjects({ count: formatCount(n, lang), n });
  return [{ kind: 'section', title: t(words.tables({ subjects })), blocks }];
}

/** Which workloads of a category measure cached files. */
function pageCache({ rows, t }: ReportContext, category: Category): readonly Block[] {
  const cached = rows.filter((row) => row.category === category && row.headline && isFromPageCache(row));
  const names = [...new Set(cached.filter(hasValue).map(({ workload }) => workload))];
  if (names.length === 0) return [];
  return [paragraph(text(t(words.pageCache({ workloads: listed(names, 'and'), n: names.length }))))];
}
