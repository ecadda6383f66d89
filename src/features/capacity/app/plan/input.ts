import * as z from 'zod';
import {
  hostShape,
  type PlanShape,
  parseFactor,
  planShape,
  serviceShape,
} from '../../../../core/config/plan-shape.ts';
import { parseBytes, parseCpus, parseDuration, parseFraction } from '../../../../core/config/quantities.ts';
import { checkValue } from '../../../../core/config/zod-problems.ts';
import type { Problem } from '../../../../core/model/failure/error.ts';
import { formatParams } from '../../../../core/model/trial/cell.ts';
import type { HostType, Interval, PlanInput, PlannedService, Slo } from '../../plan/input-record.ts';

type Scalar = string | number;
type Parse = (value: Scalar) => number | null;

/** Every key that a JSON schema allows at any depth, for suggestions. */
function listKeys(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties } = schema as { readonly properties?: object };
  return [...Object.keys(properties ?? {}), ...Object.values(schema).flatMap(listKeys)];
}

/** Converts the checked file to base units. */
function planInput({ services, hosts, runtimes, today, currency }: PlanShape): PlanInput {
  return {
    services: services.map(plannedService),
    hosts: hosts.map(hostType),
    runtimes: runtimes ?? null,
    today: today ?? null,
    currency: currency ?? null,
  };
}

/** What a file says, and its problems; with problems, only what can be used all the same. */
export interface CheckedPlan {
  readonly input: PlanInput;
  readonly problems: readonly Problem[];
}

/**
 * Checks the parsed file. Services and types of hosts that are sound are kept where others are not, so that what is wrong with
 * them in view of the run is said at once with the rest.
 */
export function checkedPlan(value: unknown, file: string): CheckedPlan {
  const checked = checkValue(planShape, value, file, listKeys(z.toJSONSchema(planShape, { io: 'input' })));
  if (checked.ok) return { input: planInput(checked.data), problems: [] };
  const raw = Object(value) as Readonly<Record<string, unknown>>;
  const { shape } = planShape;
  const sound = <T>(schema: z.ZodType<T>, key: string): T | null => {
    const found = checkValue(schema, raw[key], file);
    return found.ok ? found.data : null;
  };
  const elements = <T>(schema: z.ZodType<T>, key: string): readonly (readonly [T, number])[] =>
    (Array.isArray(raw[key]) ? raw[key] : []).slice(0, mostSalvaged).flatMap((each: unknown, at) => {
      const found = checkValue(schema, each, file);
      return found.ok ? [[found.data, at] as const] : [];
    });
  return {
    input: {
      services: elements(serviceShape, 'services').map(([each, at]) => plannedService(each, at)),
      hosts: elements(hostShape, 'hosts').map(([each]) => hostType(each)),
      runtimes: sound(shape.runtimes, 'runtimes') ?? null,
      today: sound(shape.today, 'today') ?? null,
      currency: sound(shape.currency, 'currency') ?? null,
    },
    problems: checked.problems,
  };
}

/** Elements of a list that are looked at if the list is not sound; it may be far too long. */
const mostSalvaged = 200;

function plannedService(shape: PlanShape['services'][number], at: number): PlannedService {
  const { name, replicas, recording, workload, params, concurrency, cpu, memory, slo, storm, runtimes } =
    shape;
  return {
    at,
    name,
    replicas,
    recording: recording ?? null,
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
    maxPods: maxPods ?? null,
    price: price ?? null,
    count: count ?? null,
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
