import { adjustFamilies, headlineFamily } from '../../../core/analyze/claims/families.ts';
import { categoryWords, decideVerdict } from '../../../core/analyze/claims/verdict.ts';
import { holm } from '../../../core/analyze/stats/holm.ts';
import { middleP } from '../../../core/analyze/stats/middle-mean.ts';
import { type VerdictWords, verdictWords } from '../../../core/model/analysis/cost-ratio.ts';
import type { Fleet, FleetCategory, FleetComparison } from './fleet-record.ts';
import type { RunCategory, RunHeadline } from './fleet-run.ts';
import type { Question } from './questions.ts';
import {
  centreInterval,
  type HostCentre,
  type HostEstimate,
  hostEstimate,
  type LogInterval,
  leastForClaims,
  predictionInterval,
} from './stats/host-estimate.ts';

type Thresholds = Fleet['thresholds'];

/** Estimates per category; p values are corrected by Holm's method over the whole fleet. */
export function fleetCategories(
  questions: readonly Question<RunCategory>[],
  thresholds: Thresholds,
): readonly FleetCategory[] {
  const drafts = draftsOf(questions, thresholds);
  const adjusted = holmOf(drafts.map(({ p }) => p));
  const ofMean = holmOf(drafts.map(({ meanP }) => meanP));
  const differ = holmOf(drafts.map(({ found }) => found.differP));
  return drafts.map((draft, at): FleetCategory => {
    const { runtime, category, layer, engine, subjects } = draft.question.of;
    const own = { adjusted: adjusted[at] ?? null, ofMean: ofMean[at] ?? null, differ: differ[at] ?? null };
    return {
      runtime,
      category,
      layer,
      ...(engine === undefined ? {} : { engine }),
      subjects,
      ...shapeOf(draft, own, thresholds, categoryWords(category)),
    };
  });
}

/** Estimates per headline; p values are corrected within the families of each runtime. */
export function fleetComparisons(
  questions: readonly Question<RunHeadline>[],
  thresholds: Thresholds,
): readonly FleetComparison[] {
  const drafts = draftsOf(questions, thresholds);
  const layers = new Set(questions.map(({ of }) => of.cell.layer)).size;
  const adjust = (pOf: (draft: UncorrectedEstimate<RunHeadline>) => number | null) =>
    adjustFamilies(
      drafts.map((draft) => {
        const [{ cell, category }, p] = [draft.question.of, pOf(draft)];
        return p === null ? null : { family: headlineFamily({ ...cell, category }, layers), p };
      }),
    ).map((each) => each?.p ?? null);
  const adjusted = adjust(({ p }) => p);
  const ofMean = adjust(({ meanP }) => meanP);
  const differ = holmOf(drafts.map(({ found }) => found.differP));
  return drafts.map((draft, at): FleetComparison => {
    const { cell, category, metric, unit, better, definition, image } = draft.question.of;
    const { below, above } = verdictWords(metric, unit, better);
    // Costs of rates are inverted, so the verdicts are, too.
    const words = better === 'higher' ? { below: above, above: below } : { below, above };
    const own = { adjusted: adjusted[at] ?? null, ofMean: ofMean[at] ?? null, differ: differ[at] ?? null };
    return {
      ...cell,
      category,
      metric,
      definition,
      image,
      ...shapeOf(draft, own, thresholds, words),
    };
  });
}

interface UncorrectedEstimate<A extends RunCategory | RunHeadline> {
  readonly question: Question<A>;
  readonly found: HostEstimate;
  readonly p: number | null;
  readonly meanP: number | null;
  /** Architecture of its hosts, if the fleet has several. */
  readonly arch: string | undefined;
}

function draftsOf<A extends RunCategory | RunHeadline>(
  questions: readonly Question<A>[],
  { practical }: Thresholds,
): UncorrectedEstimate<A>[] {
  const isOne = new Set(questions.map(({ of }) => of.arch)).size < 2;
  const pOf = (centre: HostCentre) => (centre.df < leastForClaims - 1 ? null : middleP(centre));
  return questions.map((question) => {
    const found = hostEstimate(question.votes, Math.log1p(practical));
    const arch = isOne ? undefined : question.of.arch;
    return { question, found, p: isSplit(found) ? null : pOf(found), meanP: pOf(found.mean), arch };
  });
}

/** Share of hosts without weight from which they are no bad ones, but hosts of another kind: no centre speaks for both. */
const mostAside = 0.25;

const isSplit = ({ counts }: Pick<HostEstimate, 'counts'>): boolean =>
  counts.filter((isCounted) => !isCounted).length > mostAside * counts.length;

/** Holm's method over the p values that are not null. */
function holmOf(ps: readonly (number | null)[]): (number | null)[] {
  const adjusted = holm(ps.filter((p) => p !== null));
  let at = 0;
  return ps.map((p) => (p === null ? null : (adjusted[at++] ?? 1)));
}

/** The corrected p values of an estimate. */
interface CorrectedPs {
  readonly adjusted: number | null;
  readonly ofMean: number | null;
  readonly differ: number | null;
}

function shapeOf(
  { question, found, p, arch }: UncorrectedEstimate<RunCategory | RunHeadline>,
  { adjusted, ofMean, differ }: CorrectedPs,
  thresholds: Thresholds,
  words: VerdictWords,
) {
  const { of, variant, shown, votes } = question;
  const { alpha } = thresholds;
  const split = isSplit(found);
  const prediction = split ? null : predictionInterval(found, alpha);
  const { cost, low, high, low90, high90, verdict } = judged(found, adjusted, thresholds, words, !split);
  const mean = judged(found.mean, ofMean, thresholds, words);
  return {
    baseline: of.baseline,
    ...(variant === null ? {} : { variant }),
    ...(arch === undefined ? {} : { arch }),
    cost,
    low,
    high,
    low90,
    high90,
    ...ends(prediction, 'predictedLow', 'predictedHigh'),
    p,
    pAdjusted: adjusted,
    differP: differ,
    verdict,
    tau: Math.exp(Math.sqrt(found.between)),
    mean: { cost: mean.cost, low: mean.low, high: mean.high, verdict: mean.verdict },
    setAside: votes.flatMap(({ host }, at) => (found.counts[at] === false ? [host] : [])),
    votes: [...shown],
  };
}

/** A centre with its intervals, as factors, and its verdict; none below {@link leastForClaims} hosts, or where it is not `isOfAll`. */
function judged(
  centre: HostCentre,
  pAdjusted: number | null,
  thresholds: Thresholds,
  words: VerdictWords,
  isOfAll = true,
) {
  const { estimate, df } = centre;
  const wide = centreInterval(centre, thresholds.alpha);
  const narrow = centreInterval(centre, 2 * thresholds.alpha);
  const logs = {
    estimate,
    low: wide?.low ?? null,
    high: wide?.high ?? null,
    low90: narrow?.low ?? null,
    high90: narrow?.high ?? null,
  };
  return {
    cost: Math.exp(estimate),
    ...ends(wide, 'low', 'high'),
    ...ends(narrow, 'low90', 'high90'),
    verdict: decideVerdict(df < leastForClaims - 1 || !isOfAll ? null : logs, pAdjusted, thresholds, words),
  };
}

function ends<L extends string, H extends string>(
  interval: LogInterval | null,
  low: L,
  high: H,
): Record<L | H, number | null> {
  const end = (log: number | undefined) => {
    const factor = log === undefined ? null : Math.exp(log);
    // With two different hosts, an end can exceed the range of a double.
    return factor === null || !Number.isFinite(factor) ? null : factor;
  };
  return { [low]: end(interval?.low), [high]: end(interval?.high) } as Record<L | H, number | null>;
}
