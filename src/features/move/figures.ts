import { median } from 'simple-statistics';
import { pairedCentre } from '../../core/analyze/stats/paired-centre.ts';
import type { Verdict } from '../../core/model/analysis/analysis.ts';
import type { Unit } from '../../core/model/workload/metric.ts';
import type { MeasuredStack, ServiceUse } from './record.ts';

/** The figures of a stack or of a service that are compared, in the order of the page. */
export const costMetrics = {
  /** CPUs that the baseline's rate of requests takes; */
  cpus: { unit: 'ratio', below: 'less', above: 'more' },
  /** CPU time of a request beyond what the stack uses at rest. */
  request: { unit: 'ns', below: 'less', above: 'more' },
  /** CPUs in use at rest; */
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
  const rest = () => total((each) => restCpusOf(measured, each));
  const request = () => total((each) => requestNs(measured, each));
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
export function isStarting(of: AtRest, use: ServiceUse): boolean {
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
export function isAsked(measured: readonly MeasuredStack[], service: string, confidence: number): boolean {
  const own = measured.flatMap((one) => {
    const used = one.services.find((each) => each.service === service);
    const rest = used === undefined ? null : restCpusOf(one, used);
    if (one.failure !== null || used === undefined || rest === null) return [];
    if (used.loadedNs === null || used.loadedOutsideNs === null || isStarting(one, used)) return [];
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

/** The figures of a runtime by block; a block without one is left out. */
export function valuesOf(
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
