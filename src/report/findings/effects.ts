import { listed } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import type { Lang, Message } from '../../core/messages/message.ts';
import type { EffectRow, SummaryRow } from '../../core/model/analysis/analysis.ts';
import type { AnalysisContext } from '../context.ts';
import { formatRatioEstimate } from '../document/format.ts';
import { groupBy, subjectLabel } from '../document/labels.ts';
import { claimVerdicts, isClaim } from '../tables/direct-table.ts';
import { metricName } from '../words/metric.ts';
import { verdictNames } from '../words/verdict.ts';
import { rawRatio } from './row-guards.ts';

const claimedFiguresWords = messages('claimedFigures', {
  claim: '{verdict}: {figures}',
  figure: '{metric} of {subject} {ratio}',
  more: '{n} more',
});

/** Maximum number of figures in a sentence; all are in the table. */
const maxNamed = 6;

/** Claims by kind: `slower: time of getppid 1.20× [1.10, 1.31], 2 more`. Empty without claims. */
export function claimedFigures(
  rows: readonly (SummaryRow | EffectRow)[],
  join: 'comma' | 'semicolon',
  lang: Lang,
): readonly Message[] {
  const figure = (row: SummaryRow | EffectRow): Message => {
    const raw = rawRatio(row);
    return claimedFiguresWords.figure({
      metric: metricName(row.metric ?? '', lang),
      subject: subjectLabel(row),
      ratio: raw === null ? '' : formatRatioEstimate(raw, lang),
    });
  };
  return claimVerdicts.flatMap((verdict) => {
    const own = rows.filter((row) => row.verdict === verdict);
    if (own.length === 0) return [];
    const more = own.length - maxNamed;
    const figures = [
      ...own.slice(0, maxNamed).map(figure),
      ...(more > 0 ? [claimedFiguresWords.more({ n: more })] : []),
    ];
    return [claimedFiguresWords.claim({ verdict: verdictNames[verdict], figures: listed(figures, join) })];
  });
}

const words = messages('effects', {
  level: '{factor}={level} instead of {reference}',
  claimed: '{level}: {claims}; {rest}',
  nothing: '{level}: nothing significant; {rest}',
  rest: 'of {all} {all, plural, one {test} other {tests}}, {equivalent} no difference, {open} inconclusive',
  restMissing:
    'of {all} {all, plural, one {test} other {tests}}, {equivalent} no difference, {open} inconclusive, {missing} without a value',
});

/** `directfs=false instead of true`. */
export function levelWords({
  factor,
  level,
  reference,
}: Pick<EffectRow, 'factor' | 'level' | 'reference'>): Message {
  return words.level({ factor, level, reference });
}

/** The main effects of a design, grouped by level of an option, in the order of the design. */
export function mainEffects(rows: readonly EffectRow[]): readonly (readonly EffectRow[])[] {
  const mains = rows.filter(({ beside }) => beside === undefined);
  return groupBy(mains, ({ factor, level }) => JSON.stringify([factor, level]));
}

/** Claims about one level of an option, and the number of undecided headlines. */
export function levelSentence(
  rows: readonly EffectRow[],
  { lang }: Pick<AnalysisContext, 'lang'>,
): Message | null {
  const [first] = rows;
  if (first === undefined) return null;
  const level = levelWords(first);
  const claimed = claimedFigures(rows, 'comma', lang);
  const rest = restOf(rows);
  return claimed.length === 0
    ? words.nothing({ level, rest })
    : words.claimed({ level, claims: listed(claimed, 'semicolon'), rest });
}

/** `of 6 headlines 2 equivalent, 1 inconclusive`. */
export function restOf(rows: readonly EffectRow[]): Message {
  const count = (verdict: EffectRow['verdict']) => rows.filter((row) => row.verdict === verdict).length;
  const counts = { all: rows.length, equivalent: count('equivalent'), open: count('inconclusive') };
  const missing = count('unavailable');
  return missing === 0 ? words.rest(counts) : words.restMissing({ ...counts, missing });
}

/** Number of claimed differences. */
export function claimsIn(rows: readonly EffectRow[]): number {
  return rows.filter(isClaim).length;
}
