import { messages } from '../../core/messages/define.ts';
import type { Lang, Message } from '../../core/messages/message.ts';
import { recalled } from '../../core/messages/record.ts';
import type { SummaryRow, Verdict } from '../../core/model/analysis/analysis.ts';
import { verdictWords } from '../../core/model/analysis/cost-ratio.ts';
import { areSurvivors } from '../../core/model/trial/trial-outcome.ts';
import { formatCount, formatPercent, formatRatioInterval, formatValue } from '../document/format.ts';
import { words as shared } from '../words/common.ts';
import { verdictNames } from '../words/verdict.ts';

const words = messages('report.remark', {
  unconfirmed:
    '{verdict}, not confirmed after correction for {n} {n, plural, one {comparison} other {comparisons}}; joint interval {interval}',
  unconfirmedBrief: '{verdict}, not confirmed',
  groups: 'two groups of values, {share} around {low}, the others around {high}',
  groupsBrief: 'two groups',
  deciding:
    '{few, plural, one {one of {n} blocks decides: without it} other {{few} of {n} blocks, far off, decide: without them}} {verdict}',
  decidingBrief: '{few, plural, one {one block decides} other {{few} blocks decide}}',
  survivors: '{failed} of {trials} trials failed: survivors only, no verdict',
  survivorsBrief: '{failed} of {trials} failed: no verdict',
});

/** A remark on a verdict; `brief`: for a terminal. */
export interface Remark {
  readonly full: Message;
  readonly brief: Message;
}

/** All remarks on the verdict of a row. */
export function remarks(row: SummaryRow, lang: Lang): readonly Remark[] {
  return [...unconfirmed(row, lang), ...decidedByFew(row), ...twoGroups(row, lang), ...failures(row, lang)];
}

/** Remark on a verdict that one block less, or a few, would change. */
export function decidedByFew({ decidedBy, pairs: n }: SummaryRow): readonly Remark[] {
  if (decidedBy === undefined) return [];
  const { blocks: few, without } = decidedBy;
  const full = words.deciding({ few, n, verdict: verdictNames[without] });
  return [{ full, brief: words.decidingBrief({ few }) }];
}

/** True if so many trials failed that the others are not representative. */
function isSurvivorsOnly({ n, failures: count, verdict }: SummaryRow): boolean {
  const isJudged = verdict !== 'inconclusive' && verdict !== 'baseline';
  return !isJudged && areSurvivors({ failed: count, ok: n });
}

/** Remark on failed trials, and on whether the others are representative. */
export function failures(row: SummaryRow, lang: Lang): readonly Remark[] {
  const { n, failures: count } = row;
  if (count === 0) return [];
  const few = shared.failed({ n: count });
  if (!isSurvivorsOnly(row)) return [{ full: few, brief: few }];
  const counts = { failed: formatCount(count, lang), trials: formatCount(n + count, lang) };
  return [{ full: words.survivors(counts), brief: words.survivorsBrief(counts) }];
}

/** The verdict that an inconclusive row would have without the correction for several comparisons; null for other rows. */
function unconfirmedVerdict({ simultaneous, ratio, metric, unit, better }: SummaryRow): Verdict | null {
  if (simultaneous === undefined || ratio === null) return null;
  if (metric === null || unit === null || better === null) return null;
  const { below, above } = verdictWords(metric, unit, better);
  return ratio > 1 ? above : below;
}

/** Remark on why a row is inconclusive although its interval excludes 1. */
export function unconfirmed(row: SummaryRow, lang: Lang): readonly Remark[] {
  const { simultaneous, ratio } = row;
  const found = unconfirmedVerdict(row);
  if (found === null || simultaneous === undefined || ratio === null) return noted(row);
  const verdict = verdictNames[found];
  const { low, high, comparisons: n } = simultaneous;
  const interval = formatRatioInterval(ratio, low, high, lang);
  return [{ full: words.unconfirmed({ verdict, n, interval }), brief: words.unconfirmedBrief({ verdict }) }];
}

/** Remark with the reason noted by the analysis. */
function noted(row: SummaryRow): readonly Remark[] {
  const { verdict, note, ratioCiLow: low, ratioCiHigh: high } = row;
  // Failures and groups have their own remarks.
  if (verdict !== 'inconclusive' || note === '' || row.groups !== undefined || row.failures > 0) return [];
  if (low === null || high === null || (low <= 1 && high >= 1)) return [];
  return [{ full: recalled(row, 'note'), brief: verdictNames.inconclusive }];
}

/** Remark on values in two groups: no single trial has a ratio like theirs. */
export function twoGroups({ groups, unit }: SummaryRow, lang: Lang): readonly Remark[] {
  const [lower, upper] = groups ?? [];
  if (lower === undefined || upper === undefined || unit === null) return [];
  const full = words.groups({
    share: formatPercent(lower.share, lang),
    low: formatValue(lower.mean, unit, lang),
    high: formatValue(upper.mean, unit, lang),
  });
  return [{ full, brief: words.groupsBrief }];
}
