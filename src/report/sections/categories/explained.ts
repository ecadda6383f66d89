import { messages } from '../../../core/messages/define.ts';
import { familyOf } from '../../../core/runtimes/registry.ts';
import type { CategorySummary } from '../../category-summary.ts';
import { atPlace, mainEstimate, mainPlace } from '../../category-summary.ts';
import type { ReportContext } from '../../context.ts';
import { type Block, list, runtimeName, strong, type Text, text } from '../../document.ts';
import { formatRatio } from '../../format.ts';
import { categoryFindings } from '../../in-short.ts';
import { groupBy } from '../../labels.ts';
import { whyOf } from '../../words/architecture.ts';
import { words as shared } from '../../words/common.ts';
import { standingInline } from '../../words/standing.ts';
import { categorySentences } from '../answers/category-sentences.ts';

const words = messages('section.explained', { why: 'Why' });

/** Per runtime what is seen in a category, then what the architectures have to do with it. */
export function explained(summaries: readonly CategorySummary[], context: ReportContext): readonly Block[] {
  const { t } = context;
  const seen = summaries.flatMap((summary): readonly Text[] => {
    const sentences = categorySentences(categoryFindings(summary), context);
    return sentences.length === 0
      ? []
      : [[runtimeName(summary.runtime), text(t(shared.colon)), text(sentences.map(t).join(' '))]];
  });
  return list(seen.length === 0 ? [] : [...seen, ...why(summaries, context)]);
}

/** One explanation for all runtimes of one architecture. */
function why(summaries: readonly CategorySummary[], { run, t }: ReportContext): readonly Text[] {
  const told = summaries.flatMap((summary) => {
    if (categoryFindings(summary).length === 0) return [];
    const facts = run.runtimes.find(({ entry }) => entry.name === summary.runtime);
    const reason = facts === undefined ? null : whyOf(familyOf(facts.family), summary.category);
    return reason === null ? [] : [{ runtime: summary.runtime, reason }];
  });
  return groupBy(told, ({ reason }) => reason.id).map((group): Text => {
    const names = group.flatMap(({ runtime }, i) => [text(i === 0 ? '' : ', '), runtimeName(runtime)]);
    const [first] = group;
    const colon = t(shared.colon);
    return [
      strong(t(words.why)),
      text(' ('),
      ...names,
      text(`)${colon}${first === undefined ? '' : t(first.reason)}`),
    ];
  });
}

/** `● crun ▲ 0.84×  ● runsc ▼ 11.3×`: what a category comes to. */
export function gistOf(summaries: readonly CategorySummary[], { lang, t }: ReportContext): Text {
  return summaries.flatMap((summary, i): Text => {
    const estimate = mainEstimate(summary);
    if (estimate === null) return [];
    return [
      text(i === 0 ? '' : ' '),
      runtimeName(summary.runtime),
      text(' '),
      standingInline(estimate.standing, t),
      text(` ${atPlace(formatRatio(estimate.cost.ratio, lang), mainPlace(summary))}`),
    ];
  });
}
