import { median } from 'simple-statistics';
import { pairedDifference, pairedRatio } from '../../core/analyze/ratio.ts';
import { holm } from '../../core/analyze/stats/holm.ts';
import { pairedCentre } from '../../core/analyze/stats/paired-centre.ts';
import { decideByDifference, decideVerdict } from '../../core/analyze/verdict.ts';
import type { Verdict } from '../../core/model/analysis.ts';
import type { Unit } from '../../core/model/metric.ts';
import { areSurvivors } from '../../core/model/trial-outcome.ts';
import type { MeasuredStack, MoveCost, ServiceUse } from './record.ts';

/** An estimate with its interval; no bounds below six pairs. */
export interface CostEstimate {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** The figures of a stack or of a service that are compared, in the order of the page. */
export const costMetrics = {
  /** CPUs that the baseline's rate of requests takes; of a stack with the engine's part. */
  cpus: { unit: 'ratio', below: 'less', above: 'more' },
  /** CPU time of a request beyond what the stack uses at rest. */
  request: { unit: 'ns', below: 'less', above: 'more' },
  /** CPUs in use at rest; of a stack with the engine's part. */
  rest: { unit: 'ratio', below: 'less', above: 'more' },
  memory: { unit: 'bytes', below: 'less', above: 'more' },
  /** After the load: runtimes that answer more requests may hold more of what they brought. */
  loaded: { unit: 'bytes', below: 'less', above: 'more' },
  rate: { unit: 'ops/s', below: 'slower', above: 'faster' },
  mean: { unit: 'ns', below: 'faster', above: 'slower' },
  p50: { unit: 'ns', below: 'faster', above: 'slower' },
  p95: { unit: 'ns', below: 'faster', above: 'slower' },
  p99: { unit: 'ns', below: 'faster', above: 'slower' },
} as const satisfies Readonly<
  Record<string, { readonly unit: Unit; readonly below: Verdict; readonly above: Verdict }>
>;
export type CostMetric = keyof typeof costMetrics;

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

/** block → value */
type Values = ReadonlyMap<number, number>;

/** A figure of one measurement; null where it has none. `rate`: requests a second at which CPUs are said. */
function figureOf(
  measured: MeasuredStack,
  metric: CostMetric,
  service: string | null,
  rate: number | null,
): number | null {
  const { services, load } = measured;
  const own = service === null ? services : services.filter((each) => each.service === service);
  if (own.length === 0) return null;
  const total = (of: (each: ServiceUse) => number | null): number | null => {
    let sum = 0;
    for (const each of own) {
      const value = of(each);
      if (value === null) return null;
      sum += value;
    }
    return sum;
  };
  const ofStack = (value: number | null) => (service === null ? (value ?? 0) : 0);
  const rest = () => {
    const cpus = total((each) => restCpusOf(measured, each));
    return cpus === null ? null : cpus + ofStack(engineRestCpus(measured));
  };
  const request = () => {
    const ns = total((each) => requestNs(measured, each));
    return ns === null ? null : ns + ofStack(engineRequestNs(measured));
  };
  switch (metric) {
    case 'memory':
      return total(({ privateBytes }) => privateBytes);
    case 'loaded':
      return total(({ loadedBytes }) => loadedBytes);
    case 'rest':
      return rest();
    case 'request':
      return request();
    case 'cpus': {
      const [idle, ns] = [rest(), request()];
      return idle === null || ns === null || rate === null ? null : idle + (ns * rate) / 1e9;
    }
    default:
      return service === null && load !== null ? load[metric] : null;
  }
}

type AtRest = Pick<MeasuredStack, 'restSeconds' | 'afterSeconds'>;

/** CPUs before the load, and after it; null where they were not read, or there was no load. */
function aroundLoad({ restSeconds, afterSeconds }: AtRest, use: ServiceUse) {
  const { restNs, restOutsideNs, afterNs, afterOutsideNs } = use;
  return {
    before: restNs === null ? null : (restNs + restOutsideNs) / restSeconds / 1e9,
    after:
      afterNs === null || afterOutsideNs === null ? null : (afterNs + afterOutsideNs) / afterSeconds / 1e9,
  };
}

/** CPUs of a service at rest: the less of before and after the load, since one may still start, and work off what was asked. */
export function restCpusOf(of: AtRest, use: ServiceUse): number | null {
  const { before, after } = aroundLoad(of, use);
  return before === null ? null : Math.min(before, after ?? before);
}

/** Was a service still starting when the load began? What it then used is no part of a request, and cannot be told from it. */
function isStarting(of: AtRest, use: ServiceUse): boolean {
  const { before, after } = aroundLoad(of, use);
  return before !== null && after !== null && before > startingTimes * after + startingCpus;
}
const [startingTimes, startingCpus] = [2, 0.05];

/**
 * CPU time of a request, ns: what is used while the load runs beyond what is used at rest in that time, ÷ requests. What a service
 * does anyway is no part of a request: of a slower runtime it would be spread over fewer of them. A service that gets less time
 * than at rest, since the load and others take it, has no part in them. null where it was still starting.
 */
function requestNs(measured: MeasuredStack, use: ServiceUse): number | null {
  const { load, loadSeconds } = measured;
  const { loadedNs, loadedOutsideNs } = use;
  const [requests, rest] = [load?.requests ?? null, restCpusOf(measured, use)];
  if (requests === null || rest === null || loadedNs === null || loadedOutsideNs === null) return null;
  if (isStarting(measured, use)) return null;
  return Math.max(0, loadedNs + loadedOutsideNs - rest * loadSeconds * 1e9) / requests;
}

/** Does a service use more CPU time while the load runs than at rest? Of few measurements, half as much again in the middle. */
function isAsked(measured: readonly MeasuredStack[], service: string, confidence: number): boolean {
  const own = measured.flatMap((one) => {
    const used = one.services.find((each) => each.service === service);
    const rest = used === undefined ? null : restCpusOf(one, used);
    if (one.failure !== null || used === undefined || rest === null) return [];
    if (used.loadedNs === null || used.loadedOutsideNs === null) return [];
    return [{ rest, more: (used.loadedNs + used.loadedOutsideNs) / one.loadSeconds / 1e9 - rest }];
  });
  const centre = pairedCentre(
    own.map(({ more }) => more),
    confidence,
  );
  if (centre === null) return false;
  if (centre.low !== null) return centre.low > 0;
  return centre.estimate > median(own.map(({ rest }) => rest)) / 2;
}

/** CPUs of the engine at rest, as of services; null where they cannot be told apart. */
function engineRestCpus({
  restEngineNs,
  restSeconds,
  afterEngineNs,
  afterSeconds,
}: MeasuredStack): number | null {
  if (restEngineNs === null) return null;
  const before = restEngineNs / restSeconds / 1e9;
  return afterEngineNs === null ? before : Math.min(before, afterEngineNs / afterSeconds / 1e9);
}

/** The engine's part of a request, ns; null where it cannot be told apart. */
function engineRequestNs(measured: MeasuredStack): number | null {
  const { load, engineSeconds, loadedEngineNs } = measured;
  const [requests, rest] = [load?.requests ?? null, engineRestCpus(measured)];
  if (requests === null || rest === null || loadedEngineNs === null) return null;
  return Math.max(0, loadedEngineNs - rest * engineSeconds * 1e9) / requests;
}

/** The figures of a runtime by block; a block without one is left out. */
function valuesOf(
  of: readonly MeasuredStack[],
  metric: CostMetric,
  service: string | null,
  rate: number | null,
): Values {
  return new Map(
    of.flatMap((measured) => {
      const value = measured.failure === null ? figureOf(measured, metric, service, rate) : null;
      return value === null ? [] : [[measured.block, value] as const];
    }),
  );
}

const stackMetrics = Object.keys(costMetrics) as CostMetric[];
const serviceMetrics: readonly CostMetric[] = ['cpus', 'rest', 'memory'];

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
    const survivorsOf = survivors(runtime) ?? survivors(baseline);
    const subjects = [
      ...stackMetrics.map((metric) => ({ service: null, metric })),
      ...services.flatMap((service) => serviceMetrics.map((metric) => ({ service, metric }))),
    ];
    const compared = subjects.flatMap(({ service, metric }) => {
      const [values, reference] = [own, native].map((of) => valuesOf(of, metric, service, rate));
      if (values === undefined || reference === undefined) return [];
      const ratio = pairedRatio(values, reference, confidence);
      const difference = pairedDifference(values, reference, confidence);
      if (difference === null) return [];
      const both = [...values.keys()].filter((block) => reference.has(block));
      const p = ratio.notPositive === null ? ratio.p : (difference.centre.test?.p ?? null);
      const target = median(both.map((block) => values.get(block) ?? Number.NaN));
      return [{ service, metric, ratio, difference, target, p, pairs: both.length }];
    });
    const tested = compared.flatMap(({ p }, place) => (p === null ? [] : [{ p, place }]));
    const adjusted = new Map(
      holm(tested.map(({ p }) => p)).map((p, at) => [tested[at]?.place ?? -1, p] as const),
    );
    const rows = compared.map(({ service, metric, ratio, difference, target }, place): CostRow => {
      const { below, above } = costMetrics[metric];
      const p = adjusted.get(place) ?? null;
      const verdict =
        ratio.notPositive === null
          ? decideVerdict(ratio.logs, p, cost.thresholds, { below, above })
          : decideByDifference(difference, p, cost.thresholds, { below, above });
      const { estimate, low, high } = difference.centre;
      return {
        ...{ service, metric, baseline: difference.baseline, target },
        ratio: ratio.ratio === null ? null : { value: ratio.ratio, low: ratio.low, high: ratio.high },
        difference: { value: estimate, low, high },
        verdict: survivorsOf === null ? verdict : 'inconclusive',
      };
    });
    const cpuMetric = rate === null ? 'rest' : 'cpus';
    const added = (service: string | null) =>
      rows.find((row) => row.service === service && row.metric === cpuMetric)?.difference.value ?? 0;
    const all = added(null);
    return {
      ...{ runtime, moved, rows, survivorsOf, rate, cpuMetric },
      failed: [...own, ...native]
        .filter(({ failure }) => failure !== null)
        .toSorted((a, b) => a.block - b.block),
      pairs: Math.max(0, ...compared.map((each) => each.pairs)),
      unasked:
        cpuMetric === 'rest' ? [] : services.filter((service) => !isAsked(native, service, confidence)),
      starting: new Map(
        services.flatMap((service) => {
          const late = [...own, ...native].filter(
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
