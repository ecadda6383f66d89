import { listed } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import type { Category } from '../../core/model/workload/metric.ts';
import type { Chart } from '../charts/index.ts';
import type { ReportContext } from '../context.ts';
import { type Block, chapter, paragraph, text } from '../document/document.ts';
import { figures } from '../document/figures.ts';
import { categoryOrder } from '../document/labels.ts';
import { categoryFindings } from '../findings/category-findings.ts';
import { categorySummaries } from '../findings/category-summary.ts';
import { isFromPageCache } from '../findings/page-cache.ts';
import { hasValue } from '../findings/row-guards.ts';
import { categoryNames } from '../words/category.ts';
import { costTable, explained, gistOf } from './categories/cost-table.ts';
import { headlineTable } from './categories/headline-table.ts';
import type { Section } from './section.ts';

const words = messages('section.categories', {
  pictures: 'More charts ({n})',
  resources: 'CPU and memory of the same tests',
  pageCache:
    'The page cache holds the files of {workloads}: these ratios describe system calls on cached data, not a disk.',
});

/**
 * All categories: findings and explanation, the main picture and table, then the rest. Empty categories are left out. Sections
 * with a claimed difference are open.
 */
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
  const { rows, analysis, t } = context;
  const own = rows.filter((row) => row.category === category);
  const isForest = ({ id }: Chart) => id.startsWith('cost-');
  const forest = figures(charts.filter(isForest), category, context);
  const others = figures(
    charts.filter((chart) => !isForest(chart)),
    category,
    context,
  );
  // What it takes to read facts is no result.
  const resources = category === 'isolation' ? [] : costTable(own, context);
  const headlines = own.filter(({ headline }) => headline);
  const hasTable = headlines.some(hasValue);
  if (!hasTable && forest.length === 0) return [];
  const summaries = categorySummaries(own, analysis.baseline, analysis.categories);
  const blocks = [
    ...pageCache(context, category),
    ...explained(summaries, context),
    ...forest,
    ...(hasTable ? [headlineTable(headlines, context)] : []),
    ...folded(t(words.pictures({ n: others.length })), others),
    ...folded(t(words.resources), hasTable ? resources : []),
  ];
  const claims = summaries.flatMap(categoryFindings).map(({ conclusion }) => conclusion);
  return [
    chapter(
      {
        title: t(categoryNames[category]),
        id: `category-${category}`,
        gist: gistOf(summaries, context),
        open: claims.includes('worse') || claims.includes('better'),
      },
      blocks,
    ),
  ];
}

/** A fold that is closed at first, for details. */
function folded(title: string, blocks: readonly Block[]): readonly Block[] {
  return blocks.length === 0 ? [] : [{ kind: 'section', title, open: false, blocks }];
}

/** Note on the workloads of a category that measure cached files. */
function pageCache({ rows, t }: ReportContext, category: Category): readonly Block[] {
  const cached = rows.filter((row) => row.category === category && row.headline && isFromPageCache(row));
  const names = [...new Set(cached.filter(hasValue).map(({ workload }) => workload))];
  if (names.length === 0) return [];
  return [paragraph(text(t(words.pageCache({ workloads: listed(names, 'and') }))))];
}
