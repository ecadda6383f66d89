import { listed } from '../messages/compose.ts';
import { messages } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import type { EffectRow } from '../model/analysis.ts';
import { rawRatio } from './comparison.ts';
import type { AnalysisContext } from './context.ts';
import { isClaim } from './direct-table.ts';
import { formatRatioEstimate } from './format.ts';
import { groupBy, subjectLabel } from './labels.ts';
import { metricName } from './words/metric.ts';
import { verdictNames } from './words/verdict.ts';

const words = messages('effects', {
  level: '{factor}={level} instead of {reference}',
  claimed: '{level}: {claims}; {rest}',
  nothing: '{level}: nothing is claimed; {rest}',
  claim: '{verdict}: {figures}',
  figure: '{metric} of {subject} {ratio}',
  rest: 'of {all} {all, plural, one {headline} other {headlines}} {equivalent} equivalent, {open} inconclusive',
  restMissing:
    'of {all} {all, plural, one {headline} other {headlines}} {equivalent} equivalent, {open} inconclusive, {missing} not told',
  more: '{n} more',
});

/** Figures that a sentence names; all are in the table and in effects.csv. */
const maxNamed = 6;

const claims = ['faster', 'slower', 'less', 'more'] as const;

/** `directfs=false instead of true`. */
export function levelWords({
  factor,
  level,
  reference,
}: Pick<EffectRow, 'factor' | 'level' | 'reference'>): Message {
  return words.level({ factor, level, reference });
}

/** The main effects of a design, those of one level of an option together, in the order of the design. */
export function mainEffects(rows: readonly EffectRow[]): readonly (readonly EffectRow[])[] {
  const mains = rows.filter(({ beside }) => beside === undefined);
  return groupBy(mains, ({ factor, level }) => JSON.stringify([factor, level]));
}

/** What is claimed of one level of an option, and how much is open. */
export function levelSentence(
  rows: readonly EffectRow[],
  { lang }: Pick<AnalysisContext, 'lang'>,
): Message | null {
  const [first] = rows;
  if (first === undefined) return null;
  const level = levelWords(first);
  const figure = (row: EffectRow): Message => {
    const raw = rawRatio(row);
    return words.figure({
      metric: metricName(row.metric ?? '', lang),
      subject: subjectLabel(row),
      ratio: raw === null ? '' : formatRatioEstimate(raw, lang),
    });
  };
  const claimed = claims.flatMap((verdict) => {
    const own = rows.filter((row) => row.verdict === verdict);
    if (own.length === 0) return [];
    const more = own.length - maxNamed;
    const figures = [...own.slice(0, maxNamed).map(figure), ...(more > 0 ? [words.more({ n: more })] : [])];
    return [words.claim({ verdict: verdictNames[verdict], figures: listed(figures, 'comma') })];
  });
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

/** Number of differences that are claimed. */
export function claimsIn(rows: readonly EffectRow[]): number {
  return rows.filter(isClaim).length;
}
