import { listed } from '../core/messages/compose.ts';
import { messages } from '../core/messages/define.ts';
import type { Lang, Message } from '../core/messages/message.ts';
import type { EffectRow, SummaryRow } from '../core/model/analysis.ts';
import { rawRatio } from './comparison.ts';
import { claimVerdicts } from './direct-table.ts';
import { formatRatioEstimate } from './format.ts';
import { subjectLabel } from './labels.ts';
import { metricName } from './words/metric.ts';
import { verdictNames } from './words/verdict.ts';

const words = messages('claimedFigures', {
  claim: '{verdict}: {figures}',
  figure: '{metric} of {subject} {ratio}',
  more: '{n} more',
});

/** Figures that a sentence names; all are in the table. */
const maxNamed = 6;

/** What is claimed, by the kind of claim: `slower: time of getppid 1.20× [1.10, 1.31], 2 more`. Empty where nothing is. */
export function claimedFigures(
  rows: readonly (SummaryRow | EffectRow)[],
  join: 'comma' | 'semicolon',
  lang: Lang,
): readonly Message[] {
  const figure = (row: SummaryRow | EffectRow): Message => {
    const raw = rawRatio(row);
    return words.figure({
      metric: metricName(row.metric ?? '', lang),
      subject: subjectLabel(row),
      ratio: raw === null ? '' : formatRatioEstimate(raw, lang),
    });
  };
  return claimVerdicts.flatMap((verdict) => {
    const own = rows.filter((row) => row.verdict === verdict);
    if (own.length === 0) return [];
    const more = own.length - maxNamed;
    const figures = [...own.slice(0, maxNamed).map(figure), ...(more > 0 ? [words.more({ n: more })] : [])];
    return [words.claim({ verdict: verdictNames[verdict], figures: listed(figures, join) })];
  });
}
