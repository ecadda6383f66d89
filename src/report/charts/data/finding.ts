import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { type Category, categorySchema } from '../../../core/model/workload/metric.ts';
import type { ReportContext } from '../../context.ts';
import { formatRatioEstimate } from '../../document/format.ts';
import { conclusionOf } from '../../findings/category-findings.ts';
import { atPlace, categorySummaries, mainEstimate, mainPlace } from '../../findings/category-summary.ts';
import { findingSentence } from '../../sections/introduction/finding.ts';
import { categoryNames } from '../../words/category.ts';
import type { ChartSection } from '../grammar/chart.ts';
import { chartName } from '../grammar/palette.ts';

const words = messages('chart.finding', {
  sentence: '{category}: {claims}.',
  claim:
    '{runtime} {conclusion, select, worse {costs more} better {costs less} equivalent {shows no difference} other {is inconclusive}}, {ratio}',
});

/**
 * The report's finding for the section of a chart, for readers who see only the picture: the whole run in one sentence, or the
 * result of its category. Null if nothing was estimated.
 */
export function findingOf(section: ChartSection, context: ReportContext): Message | null {
  if (section === 'overview') return findingSentence(context);
  const category = categorySchema.options.find((known) => known === section);
  return category === undefined ? null : categoryFinding(category, context);
}

function categoryFinding(category: Category, context: ReportContext): Message | null {
  const { rows, analysis, lang } = context;
  const claims = categorySummaries(rows, analysis.baseline, analysis.categories)
    .filter((summary) => summary.category === category)
    .flatMap((summary) => {
      const estimate = mainEstimate(summary);
      if (estimate === null) return [];
      const conclusion = conclusionOf(estimate.standing);
      const ratio = atPlace(formatRatioEstimate(estimate.cost, lang), mainPlace(summary));
      return [words.claim({ runtime: chartName(summary.runtime), conclusion, ratio })];
    });
  return claims.length === 0
    ? null
    : words.sentence({ category: categoryNames[category], claims: listed(claims, 'semicolon') });
}
