import { listed } from '../core/messages/compose.ts';
import { messages } from '../core/messages/define.ts';
import type { Message } from '../core/messages/message.ts';
import type { EffectRow } from '../core/model/analysis.ts';
import { claimedFigures } from './claimed-figures.ts';
import type { AnalysisContext } from './context.ts';
import { isClaim } from './direct-table.ts';
import { groupBy } from './labels.ts';

const words = messages('effects', {
  level: '{factor}={level} instead of {reference}',
  both: '{level} with {beside} (interaction)',
  claimed: '{level}: {claims}; {rest}',
  nothing: '{level}: nothing is claimed; {rest}',
  rest: 'of {all} {all, plural, one {headline} other {headlines}} {equivalent} equivalent, {open} inconclusive',
  restMissing:
    'of {all} {all, plural, one {headline} other {headlines}} {equivalent} equivalent, {open} inconclusive, {missing} not told',
});

/** `directfs=false instead of true`. */
export function levelWords({
  factor,
  level,
  reference,
}: Pick<EffectRow, 'factor' | 'level' | 'reference'>): Message {
  return words.level({ factor, level, reference });
}

/** The same, or `directfs=false with overlay2=none (interaction)`. */
export function effectWords(row: Pick<EffectRow, 'factor' | 'level' | 'reference' | 'beside'>): Message {
  const { factor, level, beside } = row;
  return beside === undefined
    ? levelWords(row)
    : words.both({ level: `${factor}=${level}`, beside: `${beside.factor}=${beside.level}` });
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

/** Number of differences that are claimed. */
export function claimsIn(rows: readonly EffectRow[]): number {
  return rows.filter(isClaim).length;
}
