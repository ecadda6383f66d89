import { type PlanShape, parseFactor } from '../../../../core/config/plan-shape.ts';
import { parseBytes, parseCpus, parseDuration, parseFraction } from '../../../../core/config/quantities.ts';
import { formatParams } from '../../../../core/model/cell.ts';
import type { HostType, Interval, PlanInput, PlannedService, Slo } from '../../plan/input-record.ts';

type Scalar = string | number;
type Parse = (value: Scalar) => number | null;

/** Every key allowed anywhere in services.yaml, for suggestions. */
export const planKeys: readonly string[] = [
  ...['services', 'hosts', 'runtimes', 'today', 'currency'],
  ...['name', 'replicas', 'recording', 'workload', 'params', 'concurrency', 'cpu', 'memory', 'slo', 'storm'],
  ...['usage', 'request', 'limit', 'ratio', 'utilisation', 'response', 'percentile', 'alone', 'within'],
  ...['cpus', 'reserved', 'maxPods', 'price', 'count'],
];

/** Converts the checked file to base units. */
export function planInput({ services, hosts, runtimes, today, currency }: PlanShape): PlanInput {
  return {
    services: services.map(plannedService),
    hosts: hosts.map(hostType),
    runtimes: runtimes ?? null,
    today: today ?? null,
    currency: currency ?? null,
  };
}

function plannedService(shape: PlanShape['services'][number]): PlannedService {
  const { name, replicas, recording, workload, params, concurrency, cpu, memory, slo, storm, runtimes } =
    shape;
  return {
    ...{ name, replicas, recording: recording ?? null },
    workload:
      workload === undefined
        ? null
        : { id: workload, params: params === undefined ? null : formatParams(params) },
    concurrency: concurrency ?? null,
    cpu: {
      usage: intervalOf(cpu?.usage, parseCpus),
      request: one(cpu?.request, parseCpus),
      limit: one(cpu?.limit, parseCpus),
      ratios: new Map(
        Object.entries(cpu?.ratio ?? {}).flatMap(([runtime, given]) => {
          const ratio = intervalOf(given, parseFactor);
          return ratio === null ? [] : [[runtime, ratio]];
        }),
      ),
    },
    memory: {
      usage: intervalOf(memory?.usage, parseBytes),
      request: one(memory?.request, parseBytes),
      limit: one(memory?.limit, parseBytes),
    },
    slo: slo === undefined ? null : sloOf(slo),
    storm:
      storm === undefined
        ? null
        : { replicas: storm.replicas, withinMs: parseDuration(storm.within) ?? Number.NaN },
    runtimes: runtimes ?? null,
  };
}

function sloOf(slo: NonNullable<PlanShape['services'][number]['slo']>): Slo {
  const fraction = (value: Scalar) => parseFraction(value) ?? Number.NaN;
  if ('utilisation' in slo) return { kind: 'utilisation', utilisation: fraction(slo.utilisation) };
  const ms = (text: string) => parseDuration(text) ?? Number.NaN;
  return {
    kind: 'response',
    percentile: fraction(slo.percentile),
    withinMs: ms(slo.response),
    aloneMs: ms(slo.alone),
  };
}

function hostType(shape: PlanShape['hosts'][number]): HostType {
  const { name, cpus, memory, reserved, maxPods, price, count } = shape;
  return {
    name,
    cpus: parseCpus(cpus) ?? 0,
    memoryBytes: parseBytes(memory) ?? 0,
    reserved: {
      cpus: one(reserved?.cpus, parseCpus) ?? 0,
      memoryBytes: one(reserved?.memory, parseBytes) ?? 0,
    },
    ...{ maxPods: maxPods ?? null, price: price ?? null, count: count ?? null },
  };
}

function one(value: Scalar | undefined, parse: Parse): number | null {
  return value === undefined ? null : parse(value);
}

function intervalOf(given: Scalar | readonly Scalar[] | undefined, parse: Parse): Interval | null {
  if (given === undefined) return null;
  const [low, estimate = low, high = low] = [given]
    .flat()
    .map((value) => parse(value as Scalar) ?? Number.NaN);
  return low === undefined || estimate === undefined || high === undefined ? null : { estimate, low, high };
}
