import { adjustFamilies, headlineFamily } from '../../../core/analyze/families.ts';
import { holm } from '../../../core/analyze/stats/holm.ts';
import { pooledP } from '../../../core/analyze/stats/pooled-mean.ts';
import { categoryWords, decideVerdict } from '../../../core/analyze/verdict.ts';
import { type VerdictWords, verdictWords } from '../../../core/model/cost-ratio.ts';
import type { Fleet, FleetCategory, FleetComparison } from './fleet-record.ts';
import type { RunCategory, RunHeadline } from './fleet-run.ts';
import type { Question } from './questions.ts';
import {
  type HostEstimate,
  hostEstimate,
  type LogInterval,
  leastForClaims,
  meanInterval,
  predictionInterval,
} from './stats/host-estimate.ts';

type Thresholds = Fleet['thresholds'];

/** Estimates per category; p values are corrected by Holm's method over the whole fleet. */
export function fleetCategories(
  questions: readonly Question<RunCategory>[],
  thresholds: Thresholds,
): readonly FleetCategory[] {
  const drafts = draftsOf(questions);
  const adjusted = holmOf(drafts.map(({ p }) => p));
  const differ = holmOf(drafts.map(({ found }) => found.differP));
  return drafts.map(({ question, found, p }, at): FleetCategory => {
    const { runtime, category, layer, engine, subjects } = question.of;
    const own = { p, pAdjusted: adjusted[at] ?? null, differP: differ[at] ?? null };
    return {
      ...{ runtime, category, layer },
      ...(engine === undefined ? {} : { engine }),
      subjects,
      ...shapeOf(question, found, own, thresholds, categoryWords(category)),
    };
  });
}

/** Estimates per headline; p values are corrected within the families of each runtime. */
export function fleetComparisons(
  questions: readonly Question<RunHeadline>[],
  thresholds: Thresholds,
): readonly FleetComparison[] {
  const drafts = draftsOf(questions);
  const layers = new Set(questions.map(({ of }) => of.cell.layer)).size;
  const adjusted = adjustFamilies(
    drafts.map(({ question, p }) => {
      const { cell, category } = question.of;
      return p === null ? null : { family: headlineFamily({ ...cell, category }, layers), p };
    }),
  );
  const differ = holmOf(drafts.map(({ found }) => found.differP));
  return drafts.map(({ question, found, p }, at): FleetComparison => {
    const { cell, category, metric, unit, better, definition, image } = question.of;
    const { below, above } = verdictWords(metric, unit, better);
    // Costs of rates are inverted, so the verdicts are, too.
    const words = better === 'higher' ? { below: above, above: below } : { below, above };
    const own = { p, pAdjusted: adjusted[at]?.p ?? null, differP: differ[at] ?? null };
    return {
      ...{ ...cell, category, metric, definition, image },
      ...shapeOf(question, found, own, thresholds, words),
    };
  });
}

interface UncorrectedEstimate<A extends RunCategory | RunHeadline> {
  readonly question: Question<A>;
  readonly found: HostEstimate;
  readonly p: number | null;
}

function draftsOf<A extends RunCategory | RunHeadline>(
  questions: readonly Question<A>[],
): UncorrectedEstimate<A>[] {
  return questions.map((question) => {
    const found = hostEstimate(question.votes);
    const p = question.votes.length < leastForClaims ? null : pooledP(found);
    return { question, found, p };
  });
}

/** Holm's method over the p values that are not null. */
function holmOf(ps: readonly (number | null)[]): (number | null)[] {
  const adjusted = holm(ps.filter((p) => p !== null));
  let at = 0;
  return ps.map((p) => (p === null ? null : (adjusted[at++] ?? 1)));
}

function shapeOf(
  { of, variant, shown }: Question<RunCategory | RunHeadline>,
  found: HostEstimate,
  own: Pick<FleetCategory, 'p' | 'pAdjusted' | 'differP'>,
  thresholds: Thresholds,
  words: VerdictWords,
) {
  const { alpha } = thresholds;
  const interval = meanInterval(found, alpha);
  const narrow = meanInterval(found, 2 * alpha);
  const prediction = predictionInterval(found, alpha);
  const judged = found.df < leastForClaims - 1 ? null : judgedOf(found, interval, narrow);
  return {
    baseline: of.baseline,
    ...(variant === null ? {} : { variant }),
    cost: Math.exp(found.estimate),
    ...ends(interval, 'low', 'high'),
    ...ends(narrow, 'low90', 'high90'),
    ...ends(prediction, 'predictedLow', 'predictedHigh'),
    ...own,
    verdict: decideVerdict(judged, own.pAdjusted, thresholds, words),
    tau: Math.exp(Math.sqrt(found.between)),
    votes: [...shown],
  };
}

function judgedOf({ estimate }: HostEstimate, wide: LogInterval | null, narrow: LogInterval | null) {
  const { low = null, high = null } = wide ?? {};
  return { estimate, low, high, low90: narrow?.low ?? null, high90: narrow?.high ?? null };
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
