import { median } from 'simple-statistics';
import { decideByDifference, decideVerdict } from '../../core/analyze/claims/verdict.ts';
import { pairedDifference, pairedRatio } from '../../core/analyze/rows/ratio.ts';
import { studentQuantile } from '../../core/analyze/stats/distributions.ts';
import { holm } from '../../core/analyze/stats/holm.ts';
import { pairedT } from '../../core/analyze/stats/paired-centre.ts';
import type { Verdict } from '../../core/model/analysis/analysis.ts';
import { areSurvivors } from '../../core/model/trial/trial-outcome.ts';
import { type CostMetric, costMetrics, isAsked, isStarting, valuesOf } from './figures.ts';
import type { MeasuredStack, MoveCost } from './record.ts';

/** An estimate with its interval; of three to five pairs that of Student's t, of fewer none. */
export interface CostEstimate {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** One figure under a target, compared with the baseline in the same blocks. */
export interface CostRow {
  /** null: the whole stack. */
  readonly service: string | null;
  readonly metric: CostMetric;
  /** Medians of the blocks that both have. */
  readonly baseline: number;
  readonly target: number;
  /** target ÷ baseline; null where a figure is not positive. */
  readonly ratio: CostEstimate | null;
  /** target − baseline, in the metric's unit. */
  readonly difference: CostEstimate;
  readonly verdict: Verdict;
  /** Where the verdict is open and the interval of the ratio is not: its end nearer to 1, if that is no small difference. */
  readonly bound: number | null;
}

/** What a stack costs under a target. */
export interface TargetCost {
  readonly runtime: string;
  readonly moved: readonly string[];
  /** Blocks in which baseline and target were measured. */
  readonly pairs: number;
  /** Measurements of both without figures, and how many there are of each. */
  readonly failed: readonly MeasuredStack[];
  /** Runtime of which so many failed that what is left says nothing: no verdict is given. */
  readonly survivorsOf: { readonly runtime: string; readonly failed: number; readonly all: number } | null;
  readonly rows: readonly CostRow[];
  /** Requests a second at which CPUs are said, those of the baseline if no other was asked for; null without a load, or without a number of requests. */
  readonly rate: number | null;
  /** The metric that says what CPU costs, in CPUs: with requests, or at rest. */
  readonly cpuMetric: 'cpus' | 'rest';
  /** Service → its share of the CPUs that the stack takes more. */
  readonly shares: ReadonlyMap<string, number>;
  /** Services that use no more CPU time under the load than at rest, as far as can be told: what they cost at work is not known. */
  readonly unasked: readonly string[];
  /** Service → measurements of both runtimes in which it was still starting when the load began: they have no CPU figure. */
  readonly starting: ReadonlyMap<string, number>;
}

const stackMetrics = Object.keys(costMetrics) as CostMetric[];
const serviceMetrics: readonly CostMetric[] = ['cpus', 'rest', 'memory'];

/** Pairs of which Student's t gives an interval that is no test: below six there is no other. */
const fewPairs = 3;

/** Student's interval of the mean of a few differences; null of fewer than three, or where all are equal. */
function fewInterval(differences: readonly number[], confidence: number): readonly [number, number] | null {
  const test = differences.length < fewPairs ? null : pairedT(differences);
  if (test === null || test.se === 0) return null;
  const half = -studentQuantile((1 - confidence) / 2, test.n - 1) * test.se;
  return [test.mean - half, test.mean + half];
}

/** The end of an interval that is nearer to 1, where it is outside the band of what counts as no difference. */
function boundOf(ratio: CostEstimate | null, practical: number): number | null {
  if (ratio?.low == null || ratio.high === null) return null;
  if (ratio.low > 1 + practical) return ratio.low;
  return ratio.high < 1 / (1 + practical) ? ratio.high : null;
}

/**
 * The cost of a stack under each target: ratios paired by block, tests corrected over all rows of a target by Holm's method.
 * `baseline`: the runtime that the others are compared with.
 */
export function costsOf(cost: MoveCost, baseline: string): readonly TargetCost[] {
  const confidence = 1 - cost.thresholds.alpha;
  const under = (runtime: string) => cost.measured.filter((each) => each.runtime === runtime);
  const native = under(baseline);
  const works = native.filter(({ failure, load }) => failure === null && load !== null);
  const rates = works.flatMap(({ load }) => (load?.requests == null ? [] : [load.rate]));
  const rate = rates.length === 0 ? null : (cost.at ?? median(rates));
  const services = [...new Set(cost.measured.flatMap((each) => each.services.map(({ service }) => service)))];
  const survivors = (runtime: string) => {
    const own = under(runtime);
    const failed = own.filter(({ failure }) => failure !== null).length;
    const isLost = areSurvivors({ failed, ok: own.length - failed });
    return isLost ? { runtime, failed, all: own.length } : null;
  };
  return Object.entries(cost.moved).map(([runtime, moved]): TargetCost => {
    const own = under(runtime);
    const both = [...own, ...native];
    const survivorsOf = survivors(runtime) ?? survivors(baseline);
    const subjects = [
      ...stackMetrics.map((metric) => ({ service: null, metric })),
      ...services.flatMap((service) => serviceMetrics.map((metric) => ({ service, metric }))),
    ];
    const compared = subjects.flatMap(({ service, metric }) => {
      const of = (name: string) =>
        valuesOf(
          both.filter((each) => each.runtime === name),
          metric,
          service,
          rate,
        );
      const [values, reference] = [of(runtime), of(baseline)];
      const ratio = pairedRatio(values, reference, confidence);
      const difference = pairedDifference(values, reference, confidence);
      if (difference === null) return [];
      const paired = [...values.keys()].filter((block) => reference.has(block));
      const p = ratio.notPositive === null ? ratio.p : (difference.centre.test?.p ?? null);
      const target = median(paired.map((block) => values.get(block) ?? Number.NaN));
      const differences = paired.map((block) => (values.get(block) ?? 0) - (reference.get(block) ?? 0));
      return [{ service, metric, ratio, difference, differences, target, p, pairs: paired.length }];
    });
    const tested = compared.flatMap(({ p }, place) => (p === null ? [] : [{ p, place }]));
    const adjusted = new Map(
      holm(tested.map(({ p }) => p)).map((p, at) => [tested[at]?.place ?? -1, p] as const),
    );
    const rows = compared.map((each, place): CostRow => {
      const { service, metric, ratio, difference, differences, target } = each;
      const { below, above } = costMetrics[metric];
      const p = adjusted.get(place) ?? null;
      const verdict =
        ratio.notPositive === null
          ? decideVerdict(ratio.logs, p, cost.thresholds, { below, above })
          : decideByDifference(difference, p, cost.thresholds, { below, above });
      const { estimate, low, high } = difference.centre;
      const few = low === null ? fewInterval(differences, confidence) : null;
      const fewLogs = ratio.low === null ? fewInterval(ratio.logRatios, confidence)?.map(Math.exp) : null;
      const shown: CostEstimate | null =
        ratio.ratio === null
          ? null
          : { value: ratio.ratio, low: fewLogs?.[0] ?? ratio.low, high: fewLogs?.[1] ?? ratio.high };
      const isOpen = survivorsOf === null && verdict === 'inconclusive';
      return {
        service,
        metric,
        baseline: difference.baseline,
        target,
        ratio: shown,
        difference: { value: estimate, low: few?.[0] ?? low, high: few?.[1] ?? high },
        verdict: survivorsOf === null ? verdict : 'inconclusive',
        bound: isOpen ? boundOf(shown, cost.thresholds.practical) : null,
      };
    });
    const cpuMetric = rate === null ? 'rest' : 'cpus';
    const added = (service: string | null) =>
      rows.find((row) => row.service === service && row.metric === cpuMetric)?.difference.value ?? 0;
    const all = added(null);
    return {
      runtime,
      moved,
      rows,
      survivorsOf,
      rate,
      cpuMetric,
      failed: both.filter(({ failure }) => failure !== null).toSorted((a, b) => a.block - b.block),
      pairs: Math.max(0, ...compared.map((each) => each.pairs)),
      unasked:
        cpuMetric === 'rest' ? [] : services.filter((service) => !isAsked(native, service, confidence)),
      starting: new Map(
        services.flatMap((service) => {
          const late = both.filter(
            (one) =>
              one.failure === null &&
              one.services.some((use) => use.service === service && isStarting(one, use)),
          );
          return late.length === 0 ? [] : [[service, late.length] as const];
        }),
      ),
      shares: new Map(
        all > 0
          ? services.flatMap((service) => {
              const share = added(service) / all;
              return share > 0 ? [[service, share] as const] : [];
            })
          : [],
      ),
    };
  });
}
