import { quantileSorted } from 'simple-statistics';
import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import type { SummaryRow, Verdict } from '../model/analysis.ts';
import { verdictWords } from '../model/cost-ratio.ts';
import type { RunRecord } from '../model/run.ts';
import type { BaselineComparison } from './comparison.ts';
import type { AdjustedP } from './families.ts';
import {
  adjustOverLooks,
  blocksForInterval,
  type LookTest,
  lookFamily,
  looksOf,
  overLooks,
} from './looks.ts';
import { noteFields } from './noise-warnings.ts';
import { type BlockDifference, ratioOf } from './ratio.ts';
import { at, sortedFinite } from './stats/finite.ts';
import { p95MinimumN, quantileRanks } from './stats/order-statistic.ts';
import { type Centre, meanInterval, minimumPairs, widened } from './stats/paired-centre.ts';
import { decideByDifference, decideVerdict } from './verdict.ts';

type Tail = NonNullable<SummaryRow['tail']>;

const probability = 0.95;

/**
 * The ratio of the 95th percentiles of two samples (type 7). A ratio of medians or of paired values does not show the
 * tail.
 *
 * Its interval divides the bounds of the two percentiles' own intervals, each with half of the allowed misses, so it
 * covers at least as often as it says, whatever the distributions (at 95 % it needs 86 values of both). Null below 20
 * values of either, or where a value is not positive.
 */
export function tailOf(
  runtime: Iterable<number>,
  baseline: Iterable<number>,
  confidence: number,
): Tail | null {
  const [own, reference] = [sortedFinite([...runtime]), sortedFinite([...baseline])];
  if (own.length < p95MinimumN || reference.length < p95MinimumN) return null;
  if (at(own, 0) <= 0 || at(reference, 0) <= 0) return null;
  const [p95, baselineP95] = [percentile(own), percentile(reference)];
  const each = (1 + confidence) / 2;
  const [a, b] = [bounds(own, each), bounds(reference, each)];
  const bounded = a !== null && b !== null;
  return {
    p95,
    baselineP95,
    ratio: p95 / baselineP95,
    low: bounded ? a.low / b.high : null,
    high: bounded ? a.high / b.low : null,
  };
}

function percentile(sorted: Float64Array): number {
  return quantileSorted(Array.from(sorted), probability);
}

function bounds(sorted: Float64Array, confidence: number) {
  const ranks = quantileRanks(sorted.length, probability, confidence);
  return ranks === null ? null : { low: at(sorted, ranks.low - 1), high: at(sorted, ranks.high - 1) };
}

/** The tail with its interval `factor` times as wide, on the scale of logarithms. */
function widenedTail(tail: Tail, factor: number): Tail {
  const away = (bound: number | null) =>
    bound === null ? null : tail.ratio * (bound / tail.ratio) ** factor;
  return factor === 1 ? tail : { ...tail, low: away(tail.low), high: away(tail.high) };
}

const text = notices('claim', {
  baselineUnknown: 'the baseline {baseline} has no value to compare with',
  noPairs: 'no block holds both this runtime and the baseline {baseline}',
  zeroValues: 'zero values: no ratio',
  negativeValues: 'negative values: no ratio',
  zeroDifference: 'zero values: compared by difference',
  negativeDifference: 'negative values: compared by difference',
  intervalNeeds:
    '{n, plural, one {{n} more paired block} other {{n} more paired blocks}} needed for an interval of the ratio',
  notByTest: 'the interval excludes 1, which the paired t test does not confirm (p = {p})',
  notAmongMany:
    'the interval excludes 1; not confirmed after correction for {n, plural, one {{n} comparison} other {{n} comparisons}}',
});

/** A row before the claims of its family are settled. */
export interface RowDraft {
  readonly row: Omit<SummaryRow, 'pAdjusted' | 'verdict' | 'note' | 'messages'>;
  /** Clauses of its note so far. */
  readonly notes: readonly Message[];
  /** null on the baseline's own row, and on rows without values. */
  readonly comparison: BaselineComparison | null;
}

/** A draft with its widened intervals and tests, as it is judged. */
interface ClaimCandidate {
  readonly draft: RowDraft;
  readonly logs: Centre | null;
  readonly difference: BlockDifference | null;
  readonly tests: readonly LookTest[];
}

type ClaimSettings = Pick<RunRecord, 'config' | 'extensions'>;

/**
 * Adjust p values for the number of comparisons (see `families.ts`) and decide the verdicts.
 *
 * `widening`: factor from the A/A check, by which half-widths of intervals and standard errors are multiplied.
 */
export function settleClaims(drafts: readonly RowDraft[], run: ClaimSettings, widening = 1): SummaryRow[] {
  const candidates = drafts.map((draft) => candidateOf(draft, run, widening));
  const looks = looksOf(run);
  const adjusted = adjustOverLooks(
    candidates.map(({ tests }) => tests),
    looks,
    run.config.thresholds.alpha,
  );
  return candidates.map((candidate, index) => settle(candidate, adjusted[index] ?? null, run, widening));
}

function candidateOf(draft: RowDraft, run: ClaimSettings, widening: number): ClaimCandidate {
  const { ratio, difference } = draft.comparison ?? { ratio: null, difference: null };
  const logs = ratio?.logs ?? null;
  return {
    draft,
    logs: logs === null ? null : widened(logs, widening),
    difference: difference === null ? null : { ...difference, centre: widened(difference.centre, widening) },
    tests: testsOf(draft.comparison, run, widening),
  };
}

/** The p values that decide, one for each look; empty where nothing is tested. */
function testsOf(
  comparison: BaselineComparison | null,
  run: ClaimSettings,
  widening: number,
): readonly LookTest[] {
  if (comparison === null || comparison.withheld !== null) return [];
  const { ratio, difference, family } = comparison;
  const centre = ratio.notPositive === null ? ratio.logs : (difference?.centre ?? null);
  const looks = comparison.looks ?? looksOf(run).map((look) => ({ look, centre }));
  return looks.flatMap(({ look, centre: own }): LookTest[] => {
    const test = own === null ? null : widened(own, widening).test;
    return test === null ? [] : [{ look, family: lookFamily(look, family), p: test.p }];
  });
}

/** The p value that decides, combined over all looks; null where nothing is tested. */
function pOf({ tests }: ClaimCandidate, { config }: ClaimSettings): number | null {
  return overLooks(tests, config.thresholds.alpha);
}

function settle(
  candidate: ClaimCandidate,
  adjusted: AdjustedP | null,
  run: ClaimSettings,
  widening: number,
): SummaryRow {
  const { draft, logs, difference } = candidate;
  const { comparison, notes } = draft;
  // The note keeps its place among the columns.
  const row = { ...draft.row, note: '' };
  if (row.n === 0) return { ...row, pAdjusted: null, verdict: 'unavailable', ...noteFields(notes) };
  if (comparison === null || row.metric === null || row.unit === null || row.better === null)
    return { ...row, pAdjusted: null, verdict: 'baseline', ...noteFields(notes) };
  const { withheld, family } = comparison;
  const verdict = decided(candidate, adjusted, run);
  const missing = verdict === 'inconclusive' ? missingEvidence(candidate, adjusted, run) : null;
  const stated = ratioOf(logs);
  const simultaneous = simultaneousInterval(candidate, adjusted, run);
  const { low90, high90 } = logs ?? { low90: null, high90: null };
  return {
    ...row,
    ratio: stated.ratio,
    ratioCiLow: stated.low,
    ratioCiHigh: stated.high,
    p: pOf(candidate, run),
    pAdjusted: adjusted?.p ?? null,
    verdict,
    ...(withheld === null ? { family: family.name } : {}),
    ratio90Low: low90 === null ? null : Math.exp(low90),
    ratio90High: high90 === null ? null : Math.exp(high90),
    ...(difference === null ? {} : { difference: intervalOf(difference.centre) }),
    ...(simultaneous === null ? {} : { simultaneous }),
    ...(row.tail === undefined ? {} : { tail: widenedTail(row.tail, widening) }),
    ...noteFields([...notes, ...byDifference(comparison), ...(missing === null ? [] : [missing])]),
  };
}

function intervalOf({ estimate, low, high }: Centre) {
  return { estimate, low, high };
}

function decided(
  { draft: { row, comparison }, logs, difference }: ClaimCandidate,
  adjusted: AdjustedP | null,
  { config: { thresholds } }: Pick<RunRecord, 'config'>,
): Verdict {
  const { metric, unit, better } = row;
  if (comparison === null || comparison.withheld !== null) return 'inconclusive';
  if (metric === null || unit === null || better === null) return 'inconclusive';
  const words = verdictWords(metric, unit, better);
  const p = adjusted?.p ?? null;
  if (comparison.ratio.notPositive === null) return decideVerdict(logs, p, thresholds, words);
  return difference === null ? 'inconclusive' : decideByDifference(difference, p, thresholds, words);
}

/** Note that the difference was judged, not the ratio. */
function byDifference({ ratio, difference }: BaselineComparison): Message[] {
  if (ratio.notPositive === null || difference === null || ratio.pairs < minimumPairs) return [];
  return [ratio.notPositive === 'zero' ? text.zeroDifference : text.negativeDifference];
}

/** The evidence that an inconclusive comparison lacks; null where it lacks only precision. */
function missingEvidence(
  candidate: ClaimCandidate,
  adjusted: AdjustedP | null,
  run: ClaimSettings,
): Message | null {
  const { thresholds } = run.config;
  const { comparison, row } = candidate.draft;
  const baseline = [row.baseline, row.baselineProfile ?? []].flat().join(' / ');
  if (comparison === null) return null;
  const { ratio, baselineKnown, withheld } = comparison;
  if (!baselineKnown) return text.baselineUnknown({ baseline });
  if (ratio.pairs === 0) return text.noPairs({ baseline });
  if (withheld !== null) return withheld;
  if (ratio.notPositive !== null) {
    if (ratio.pairs >= minimumPairs) return null;
    return ratio.notPositive === 'zero' ? text.zeroValues : text.negativeValues;
  }
  if (ratio.low === null) return text.intervalNeeds({ n: blocksForInterval(thresholds.alpha) - ratio.pairs });
  const p = pOf(candidate, run);
  if (p === null || adjusted === null || !wouldClaim(candidate, thresholds.practical)) return null;
  return p >= thresholds.alpha
    ? text.notByTest({ p: Number(p.toPrecision(2)) })
    : text.notAmongMany({ n: adjusted.comparisons });
}

/** True if only the p value can prevent a claim. */
function wouldClaim({ logs }: ClaimCandidate, practical: number): boolean {
  if (logs === null || logs.low === null || logs.high === null) return false;
  const excludesOne = logs.low > 0 || logs.high < 0;
  return excludesOne && Math.abs(logs.estimate) > Math.log1p(practical);
}

/**
 * The interval that shows why a claim fails where only the correction prevents it: the t interval at the level which
 * the correction leaves to this comparison. It includes 1 exactly if the claim fails. Null elsewhere, and where all log
 * ratios are equal, since no such interval exists then.
 */
function simultaneousInterval(
  candidate: ClaimCandidate,
  adjusted: AdjustedP | null,
  { config: { thresholds } }: Pick<RunRecord, 'config'>,
): SummaryRow['simultaneous'] | null {
  const { alpha, practical } = thresholds;
  // With several looks, no single interval includes 1 exactly if the claim fails.
  if (candidate.draft.comparison?.looks !== undefined) return null;
  const test = candidate.logs?.test ?? null;
  if (test === null || test.se === 0 || adjusted === null || !wouldClaim(candidate, practical)) return null;
  if (test.p >= alpha || adjusted.p < alpha) return null;
  const { low, high } = meanInterval(test, (alpha * test.p) / adjusted.p);
  return { low: Math.exp(low), high: Math.exp(high), comparisons: adjusted.comparisons };
}
