import * as z from 'zod';
import { parseDuration, parseFraction } from '../../../../core/config/quantities.ts';
import { rule } from '../../../../core/config/rule.ts';
import { messages } from '../../../../core/messages/define.ts';
import { formatParams } from '../../../../core/model/trial/cell.ts';
import type { HostType, Interval, PlannedService } from '../../plan/input-record.ts';
import { parseBytes, parseCpus } from './kubernetes-quantities.ts';

const words = messages('planShape', {
  name: 'must be lowercase letters, digits and dashes, 63 at most',
  twice: 'must be a unique name',
  cpus: "must be CPUs, such as 0.25 or ''250m''",
  bytes: "must be a size as Kubernetes writes it, such as ''512Mi'' or ''2Gi''",
  cpusOr: "must be CPUs, such as 0.25 or ''250m'', or [low, estimate, high] in this order",
  bytesOr: "must be a size, such as ''180Mi'', or [low, estimate, high] in this order",
  factorOr: 'must be a number of times, such as 1.4, or [low, estimate, high] in this order',
  params: "must be letters, digits and dashes, without ''='' and ';'",
  replicas: 'must be a whole number from 1 to {most}',
  fraction: "must be between 0 and 1, such as ''70%'' or 0.7",
  duration: "must be a duration, such as ''50ms'' or ''30s''",
  slo: "must be '{ utilisation }' or '{ response, percentile, alone }'",
  workload: "must be the name of a workload, such as ''app/nginx''",
  limitBelow: 'must not be below the request',
  stormAbove: 'must not exceed the number of replicas: {replicas}',
  reservedAbove: 'must be less than the host has',
  currency: 'must be a short string, such as EUR',
  path: 'must be the path of a recording.json',
});

/** Bounds of a plan: larger than any real plan, small enough to be packed thousands of times. */
const planBounds = { services: 200, hosts: 20, replicas: 100_000 } as const;

const name = z.string(rule(words.name)).regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, rule(words.name));

const replicas = rule(words.replicas({ most: planBounds.replicas }));

const scalar = z.union([z.string(), z.number()]);
type Scalar = z.infer<typeof scalar>;
type Parse = (value: Scalar) => number | null;

/** Reads a value with `parse`; what it cannot read breaks the rule. */
function reading<T>(parse: (value: T) => number | null, must: string) {
  return (value: T, context: z.RefinementCtx<T>): number => {
    const parsed = parse(value);
    if (parsed !== null) return parsed;
    context.issues.push({ code: 'custom', message: must, input: value });
    return z.NEVER;
  };
}
const moreThanNothing = (parse: Parse) => (value: Scalar) => parse(value) || null;

const cpus = scalar.transform(reading(parseCpus, rule(words.cpus)));
const positiveCpus = scalar.transform(reading(moreThanNothing(parseCpus), rule(words.cpus)));
const bytes = scalar.transform(reading(parseBytes, rule(words.bytes)));
const positiveBytes = scalar.transform(reading(moreThanNothing(parseBytes), rule(words.bytes)));

/** One value, or three: low, likeliest, high. */
function amount(parse: Parse, must: string) {
  return z.union([scalar, z.array(scalar).length(3)], must).transform((given, context): Interval => {
    const [low, estimate = low, high = low] = [given].flat().map((value) => parse(value) ?? Number.NaN);
    if (
      low !== undefined &&
      estimate !== undefined &&
      high !== undefined &&
      low <= estimate &&
      estimate <= high
    )
      return { estimate, low, high };
    context.issues.push({ code: 'custom', message: must, input: given });
    return z.NEVER;
  });
}

/** Parses a ratio: 1.4 means 40 % more CPU time. */
const parseFactor = (value: Scalar): number | null =>
  typeof value === 'number' && value > 0 && value <= 1000 ? value : null;

const duration = z.string(rule(words.duration)).transform(reading(parseDuration, rule(words.duration)));
const fraction = scalar.transform(reading(parseFraction, rule(words.fraction)));

const slo = z.union(
  [
    z
      .strictObject({
        /** Highest utilisation of its CPUs: `70%`. */
        utilisation: fraction,
      })
      .transform(({ utilisation }) => ({ kind: 'utilisation' as const, utilisation })),
    z
      .strictObject({
        /** Longest response time: `50ms`. */
        response: duration,
        /** Share of the responses that must meet it: `99%`. */
        percentile: fraction,
        /** Mean native response time on an otherwise idle host: `4ms`. */
        alone: duration,
      })
      .transform(({ response, percentile, alone }) => ({
        kind: 'response' as const,
        percentile,
        withinMs: response,
        aloneMs: alone,
      })),
  ],
  rule(words.slo),
);

/**
 * Rules of meaning are checked beside the rules of shape, so that all that is wrong is said at once; they take any value for
 * what it should be, and say nothing of what is not.
 */
const always = {
  when: ({ value }: { readonly value: unknown }) => typeof value === 'object' && value !== null,
} as const;

/** A service of services.yaml. */
export const serviceShape = z
  .strictObject({
    /** Small letters, digits and dashes. */
    name,
    /** Number of its replicas. */
    replicas: z.int(replicas).min(1, replicas).max(planBounds.replicas, replicas),
    /** Path of the recording.json of one replica under its load, relative to services.yaml. */
    recording: z.string().min(1, rule(words.path)).max(4096, rule(words.path)).optional(),
    /** A workload of the run with the same CPU cost as this service: `app/nginx`. */
    workload: z
      .string()
      .regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, rule(words.workload))
      .optional(),
    /** Parameters of that workload, where the run has several. */
    params: z
      .record(
        z.string().regex(/^[\w.-]+$/, rule(words.params)),
        z.union([z.string().regex(/^[^=;]*$/, rule(words.params)), z.number()]),
      )
      .optional(),
    /** Requests that a replica processes at the same time (default: 1). */
    concurrency: z.int().min(1).max(1024).optional(),
    /** CPUs, as Kubernetes writes them. */
    cpu: z
      .strictObject({
        /** CPUs that a replica uses natively: `250m`, or `[low, estimate, high]`. */
        usage: amount(parseCpus, rule(words.cpusOr)).optional(),
        /** Amount that the scheduler reserves. */
        request: cpus.optional(),
        /** Highest CPU usage allowed. */
        limit: positiveCpus.optional(),
        /** CPU time under a runtime ÷ native CPU time: `{ runsc: 1.4 }`, or `[low, estimate, high]`. */
        ratio: z.record(z.string(), amount(parseFactor, rule(words.factorOr))).optional(),
      })
      .optional(),
    /** Sizes, as Kubernetes writes them. */
    memory: z
      .strictObject({
        /** Peak memory of a replica natively: `180Mi`, or `[low, estimate, high]`. */
        usage: amount(parseBytes, rule(words.bytesOr)).optional(),
        /** Amount that the scheduler reserves. */
        request: bytes.optional(),
        /** Highest memory usage allowed. */
        limit: positiveBytes.optional(),
      })
      .optional(),
    /** Its service level objective (default: CPUs at most 80 % busy). */
    slo: slo.optional(),
    /** Replicas that start at once. */
    storm: z
      .strictObject({
        /** Number of replicas. */
        replicas: z.int().min(1),
        /** Time within which they must be ready: `30s`. */
        within: duration,
      })
      .optional(),
    /** The only runtimes that it may run under. */
    runtimes: z.array(z.string()).min(1).optional(),
  })
  .superRefine(({ cpu, memory, storm, replicas: copies }, context) => {
    const complain = (path: readonly string[], message: string) =>
      context.addIssue({ code: 'custom', path: [...path], message });
    if (isBelow(cpu?.limit, cpu?.request)) complain(['cpu', 'limit'], rule(words.limitBelow));
    if (isBelow(memory?.limit, memory?.request)) complain(['memory', 'limit'], rule(words.limitBelow));
    if (storm?.replicas !== undefined && storm.replicas > copies)
      complain(['storm', 'replicas'], rule(words.stormAbove({ replicas: copies })));
  }, always)
  .transform((given): Omit<PlannedService, 'at'> => {
    const { recording, workload: id, params, concurrency, cpu, memory, slo: objective, storm } = given;
    return {
      name: given.name,
      replicas: given.replicas,
      recording: recording ?? null,
      workload: id === undefined ? null : { id, params: params === undefined ? null : formatParams(params) },
      concurrency: concurrency ?? null,
      cpu: { ...limitsOf(cpu), ratios: new Map(Object.entries(cpu?.ratio ?? {})) },
      memory: limitsOf(memory),
      slo: objective ?? null,
      storm: storm === undefined ? null : { replicas: storm.replicas, withinMs: storm.within },
      runtimes: given.runtimes ?? null,
    };
  });

interface Limits {
  readonly usage?: Interval | undefined;
  readonly request?: number | undefined;
  readonly limit?: number | undefined;
}

const limitsOf = ({ usage, request, limit }: Limits = {}) => ({
  usage: usage ?? null,
  request: request ?? null,
  limit: limit ?? null,
});

/** Of values that are wrong themselves, nothing is said. */
const isBelow = (value: unknown, least: unknown) =>
  typeof value === 'number' && typeof least === 'number' && value < least;

/** A type of hosts of services.yaml. */
export const hostShape = z
  .strictObject({
    /** Small letters, digits and dashes. */
    name,
    /** Logical processors. */
    cpus: positiveCpus,
    /** `64Gi`. */
    memory: positiveBytes,
    /** Set aside for the system and the engine (default: nothing). */
    reserved: z
      .strictObject({
        /** `500m`. */
        cpus: cpus.optional(),
        /** `2Gi`. */
        memory: bytes.optional(),
      })
      .optional(),
    /** Maximum number of pods (default: no limit; the kubelet's is 110). */
    maxPods: z.int().min(1).max(100_000).optional(),
    /** Price per month. */
    price: z.number().min(0).max(1e9).optional(),
    /** Number available (default: no limit). */
    count: z.int().min(1).max(1_000_000).optional(),
  })
  .superRefine(({ cpus: has, memory, reserved }, context) => {
    const complain = (key: string) =>
      context.addIssue({ code: 'custom', path: ['reserved', key], message: rule(words.reservedAbove) });
    if (reserved?.cpus !== undefined && !isBelow(reserved.cpus, has)) complain('cpus');
    if (reserved?.memory !== undefined && !isBelow(reserved.memory, memory)) complain('memory');
  }, always)
  .transform(
    ({ name, cpus: has, memory, reserved, maxPods, price, count }): HostType => ({
      name,
      cpus: has,
      memoryBytes: memory,
      reserved: { cpus: reserved?.cpus ?? 0, memoryBytes: reserved?.memory ?? 0 },
      maxPods: maxPods ?? null,
      price: price ?? null,
      count: count ?? null,
    }),
  );

/** Requires unique names, since they identify elements in the output. */
function namesDiffer(elements: unknown, context: z.RefinementCtx): void {
  const names = Array.isArray(elements)
    ? elements.map((each) => (Object(each) as { name?: unknown }).name)
    : [];
  for (const [at, own] of names.entries())
    if (typeof own === 'string' && names.indexOf(own) < at)
      context.addIssue({ code: 'custom', path: [at, 'name'], message: rule(words.twice) });
}

/** services.yaml, the hand-written input of `ocibench capacity plan`. */
export const planShape = z.strictObject({
  /** The services to place. */
  services: z.array(serviceShape).min(1).max(planBounds.services).superRefine(namesDiffer, always),
  /** Available types of hosts. */
  hosts: z.array(hostShape).min(1).max(planBounds.hosts).superRefine(namesDiffer, always),
  /** Runtimes to consider (default: all that the run has). */
  runtimes: z.array(z.string()).min(1).optional(),
  /** Runtime of the services today (default: the native one of the run). */
  today: z.string().optional(),
  /** Currency of the prices. */
  currency: z
    .string()
    .regex(/^[\p{L}\p{Sc}]{1,8}$/u, rule(words.currency))
    .optional(),
});
export type PlanShape = Readonly<z.input<typeof planShape>>;
