import { notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import type { SummaryRow, Verdict } from '../../model/analysis/analysis.ts';
import { verdictWords } from '../../model/analysis/cost-ratio.ts';
import type { RunRecord } from '../../model/run/run.ts';
import type { maxBlocksOf } from '../../model/workload/workload.ts';
import type { BaselineComparison } from '../rows/comparison.ts';
import { type BlockDifference, ratioOf } from '../rows/ratio.ts';
import type { Subject } from '../rows/subjects.ts';
import { type Centre, minimumPairs, testInterval, widened } from '../stats/paired-centre.ts';
import { widenedTail } from '../values/tails.ts';
import { noteFields } from '../warnings/noise-warnings.ts';
import {
  type CategoryDraft,
  categoryDrafts,
  isEstimate,
  type SettledCategory,
  settleCategory,
  type TestedRow,
} from './categories.ts';
import { correct } from './correction.ts';
import { centreOf, otherVerdict } from './deciding-blocks.ts';
import type { AdjustedP } from './families.ts';
import { blocksForInterval, type LookTest, lookFamily, looksOf, overLooks } from './looks.ts';
import { towardsZero } from './settled.ts';
import { decideByDifference, decideVerdict } from './verdict.ts';

const text = notices('claim', {
  baselineUnknown: 'the baseline {baseline} has no value to compare with',
  noPairs: 'no block holds both this runtime and the baseline {baseline}',
  zeroValues: 'zero values: no ratio',
  negativeValues: 'negative values: no ratio',
  zeroDifference: 'zero values: compared by difference',
  negativeDifference: 'negative values: compared by difference',
  intervalNeeds:
    '{n, plural, one {{n} more paired block} other {{n} more paired blocks}} needed for an interval of the ratio',
  notByTest: 'the interval excludes 1, which the paired test does not confirm (p = {p})',
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
interface ClaimCandidate extends TestedRow {
  readonly draft: RowDraft;
  readonly difference: BlockDifference | null;
}

type ClaimSettings = Pick<RunRecord, 'config' | 'extensions'> & {
  /** Blocks that are measured of a test at most. */
  readonly maxBlocksOf?: ReturnType<typeof maxBlocksOf>;
};

/**
 * Adjust p values for the number of comparisons (see `families.ts`) and decide the verdicts of rows that belong to no category.
 *
 * `widening`: factor from the A/A check, by which half-widths of intervals and standard errors are multiplied.
 */
export function settleClaims(drafts: readonly RowDraft[], run: ClaimSettings, widening = 1): SummaryRow[] {
  const candidates = drafts.map((draft) => candidateOf(draft, run, widening));
  return settleAll(candidates, [], run, widening).rows;
}

/** Rows and categories of a run, with their verdicts. */
export interface SettledRun {
  /** In the order of the drafts, the counted ones first. */
  readonly rows: SummaryRow[];
  readonly categories: readonly SettledCategory[];
}

/** Adjust the p values of all rows of a run and of its categories together, and decide the verdicts (see `correction.ts`). */
export function settleRun(
  drafts: {
    /** Rows that categories count, and others of their questions. */
    readonly counted: readonly RowDraft[];
    readonly others: readonly RowDraft[];
  },
  subjects: readonly Subject[],
  run: RunRecord & ClaimSettings,
  widening = 1,
): SettledRun {
  const counted = drafts.counted.map((draft) => candidateOf(draft, run, widening));
  const others = drafts.others.map((draft) => candidateOf(draft, run, widening));
  return settleAll([...counted, ...others], categoryDrafts(counted, subjects, run, widening), run, widening);
}

function settleAll(
  candidates: readonly ClaimCandidate[],
  categories: readonly CategoryDraft[],
  run: ClaimSettings,
  widening: number,
): SettledRun {
  const { thresholds } = run.config;
  const categoryOf = new Map(
    categories.flatMap(({ members }, place) => members.map(({ index }) => [index, place] as const)),
  );
  const adjusted = correct(
    candidates.map(({ tests }, index) => ({ tests, category: categoryOf.get(index) ?? null })),
    categories.map(({ tests, members: [only, ...more] }) => ({
      tests,
      onlyRow: more.length === 0 ? (only?.index ?? null) : null,
    })),
    looksOf(run),
    thresholds.alpha,
  );
  return {
    rows: candidates.map((candidate, index) =>
      settle(candidate, adjusted.rows[index] ?? null, run, widening),
    ),
    categories: categories.flatMap((draft, index) =>
      isEstimate(draft) ? [settleCategory(draft, adjusted.categories[index] ?? null, thresholds)] : [],
    ),
  };
}

function candidateOf(draft: RowDraft, run: ClaimSettings, widening: number): ClaimCandidate {
  const { ratio, difference } = draft.comparison ?? { ratio: null, difference: null };
  const { clear = 1 } = draft.comparison ?? {};
  const ofRun = (centre: Centre) => towardsZero(widened(centre, widening), clear);
  const logs = ratio?.logs == null ? null : ofRun(ratio.logs);
  const tests = testsOf(draft.comparison, run, widening);
  const stated = ratioOf(logs);
  return {
    draft,
    row: {
      ...draft.row,
      ratio: stated.ratio,
      ratioCiLow: stated.low,
      ratioCiHigh: stated.high,
      p: overLooks(tests, run.config.thresholds.alpha),
    },
    logs,
    difference: difference === null ? null : { ...difference, centre: ofRun(difference.centre) },
    tests,
    family: draft.comparison?.family ?? null,
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

function settle(
  candidate: ClaimCandidate,
  adjusted: AdjustedP | null,
  run: ClaimSettings,
  widening: number,
): SummaryRow {
  const { draft, logs, difference } = candidate;
  const { comparison, notes } = draft;
  // The note keeps its place among the columns.
  const row = { ...candidate.row, note: '' };
  if (row.n === 0) return { ...row, pAdjusted: null, verdict: 'unavailable', ...noteFields(notes) };
  if (comparison === null || row.metric === null || row.unit === null || row.better === null)
    return { ...row, pAdjusted: null, verdict: 'baseline', ...noteFields(notes) };
  const { withheld, family } = comparison;
  const verdict = decided(candidate, adjusted, run);
  const deciding = row.headline ? decidingBlocks(candidate, adjusted, verdict, run, widening) : null;
  const missing = verdict === 'inconclusive' ? missingEvidence(candidate, adjusted, run) : null;
  const simultaneous = simultaneousInterval(candidate, adjusted, run, widening);
  const { low90, high90 } = logs ?? { low90: null, high90: null };
  return {
    ...row,
    pAdjusted: adjusted?.p ?? null,
    verdict,
    ...(withheld === null ? { family: family.name } : {}),
    ...(comparison.clear === undefined ? {} : { ended: 'clear' as const }),
    ...(deciding === null ? {} : { decidedBy: deciding }),
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

/** The blocks that decide a verdict; null where none does, and where looks apart decide. */
function decidingBlocks(
  { draft: { row, comparison }, row: { p } }: ClaimCandidate,
  adjusted: AdjustedP | null,
  verdict: Verdict,
  { config: { thresholds } }: Pick<RunRecord, 'config'>,
  widening: number,
): SummaryRow['decidedBy'] | null {
  const { metric, unit, better } = row;
  if (comparison === null || comparison.withheld !== null || comparison.looks !== undefined) return null;
  if (metric === null || unit === null || better === null || p === null || adjusted === null) return null;
  const words = verdictWords(metric, unit, better);
  return otherVerdict(comparison.ratio.logRatios, verdict, (logs) => {
    const wide = towardsZero(widened(centreOf(logs, 1 - thresholds.alpha), widening), comparison.clear ?? 1);
    const own = wide.test?.p ?? 1;
    // The correction multiplies p by as much as with all blocks.
    return decideVerdict(wide, Math.min(1, p === 0 ? own : own * (adjusted.p / p)), thresholds, words);
  });
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
  const needed = blocksForInterval(thresholds.alpha);
  if (ratio.low === null)
    return (run.maxBlocksOf?.(row) ?? needed) < needed
      ? null
      : text.intervalNeeds({ n: needed - ratio.pairs });
  const { p } = candidate.row;
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
 * The interval that shows why a claim fails where only the correction prevents it: that of the test at the level which
 * the correction leaves to this comparison. It includes 1 exactly if the claim fails. Null elsewhere, and where all log
 * ratios are equal, since no such interval exists then.
 */
function simultaneousInterval(
  candidate: ClaimCandidate,
  adjusted: AdjustedP | null,
  { config: { thresholds } }: Pick<RunRecord, 'config'>,
  widening: number,
): SummaryRow['simultaneous'] | null {
  const { alpha, practical } = thresholds;
  const { comparison } = candidate.draft;
  // With several looks, no single interval includes 1 exactly if the claim fails.
  if (comparison === null || comparison.looks !== undefined) return null;
  const test = candidate.logs?.test ?? null;
  if (test === null || test.t.se === 0 || adjusted === null || !wouldClaim(candidate, practical)) return null;
  if (test.p >= alpha || adjusted.p < alpha) return null;
  const { low, high } = testInterval(comparison.ratio.logRatios, (alpha * test.p) / adjusted.p, widening);
  return { low: Math.exp(low), high: Math.exp(high), comparisons: adjusted.comparisons };
}
