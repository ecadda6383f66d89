import * as z from 'zod';
import { messageRefsSchema } from '../../../core/messages/schema.ts';
import { hostFactsSchema } from '../../../core/model/machine/host.ts';
import { runIdSchema } from '../../../core/model/run/run.ts';

/** Increase this when the meaning of a key changes. */
export const capacityPlanVersion = 1;

/**
 * Resources of a host that replicas take: by their requests, and by their real use; and, where a run found it, the number of
 * sandboxes that it bears.
 */
const resourceSchema = z.enum([
  ...(['cpu.request', 'memory.request', 'cpu.usage', 'memory.usage', 'pods'] as const),
  'sandboxes',
]);
export type Resource = z.infer<typeof resourceSchema>;

/** A value and its interval. */
const intervalSchema = z.object({
  /** The likeliest value. */
  estimate: z.number(),
  /** Lower end; equal to the estimate if the value is exact. */
  low: z.number(),
  /** Upper end; likewise. */
  high: z.number(),
});

/** The reason for a missing value. */
const reasonSchema = z.object({
  /** In English. */
  reason: z.string(),
  /** Its message; absent if the text is not ocibench's. */
  messages: messageRefsSchema.optional(),
});

/** A number of hosts: for the estimates, and its distribution over the draws. */
const hostCountSchema = z.object({
  /** For the estimates. */
  value: z.number().int().nonnegative(),
  /** Median over the draws; null if no number of hosts is enough. */
  median: z.number().int().nonnegative().nullable(),
  /** Lower end of the interval that contains `confidence` of the draws; null likewise. */
  low: z.number().int().nonnegative().nullable(),
  /** Its upper end; null likewise. */
  high: z.number().int().nonnegative().nullable(),
});
export type HostCount = Readonly<z.infer<typeof hostCountSchema>>;

/** Resources of one replica under one runtime. */
const replicaSchema = z.object({
  /** Its name in daemon.json. */
  runtime: z.string(),
  /** CPU time ÷ native CPU time; null if refused. */
  ratio: intervalSchema.nullable(),
  /** Source of the ratio: given in the file, measured in the run, or the host's own kernel. */
  ratioFrom: z.enum(['given', 'measured', 'same-kernel']).nullable(),
  /** CPUs used on average, including the idle cost of the sandbox. */
  cpus: intervalSchema.nullable(),
  /** The highest utilisation that meets its SLO; null if none does. */
  utilisation: z.number().nullable(),
  /** `cpus` ÷ `utilisation`: the CPUs to provide. */
  cpusAtSlo: intervalSchema.nullable(),
  /** Memory really used, including the sandbox. */
  memoryBytes: intervalSchema.nullable(),
  /** CPUs that the scheduler reserves: the request and podFixed. */
  requestCpus: z.number().nullable(),
  /** Bytes that the scheduler reserves: likewise. */
  requestBytes: z.number().nullable(),
  /** Replicas that fit on an empty host without other services, by host type. */
  alone: z.array(
    z.object({
      /** Type of host. */
      host: z.string(),
      /** By requests; null if nothing limits the number. */
      byRequests: z.number().int().nonnegative().nullable(),
      /** By real use; null likewise. */
      byUsage: z
        .object({
          /** For the estimates. */
          value: z.number().int().nonnegative(),
          /** Lower end over the draws. */
          low: z.number().int().nonnegative(),
          /** Upper end over the draws. */
          high: z.number().int().nonnegative(),
        })
        .nullable(),
    }),
  ),
  /** Why the service cannot be planned under this runtime; empty if it can. */
  refusals: z.array(reasonSchema),
});
export type Replica = Readonly<z.infer<typeof replicaSchema>>;

/** A start storm: replicas that start together while all services run. */
const stormSchema = z.object({
  /** The service whose replicas start. */
  service: z.string(),
  /** CPUs that the starts take: number of starts × CPU time of one ÷ time limit. */
  cpus: intervalSchema,
  /** Unused CPUs on all hosts of the option, on average. */
  freeCpus: z.number(),
  /** Does the upper end of `cpus` fit into `freeCpus`? */
  fits: z.boolean(),
  /** Shortest time for the starts with the free CPUs, ms; null if no CPU is free. */
  shortestMs: z.number().nullable(),
});
export type StormHeadroom = Readonly<z.infer<typeof stormSchema>>;

/** Hosts that hold all services. */
const optionSchema = z.object({
  /** Number of hosts of each type. */
  hosts: z.array(
    z.object({
      /** Type of host. */
      type: z.string(),
      /** Number of hosts. */
      hosts: z.number().int().nonnegative(),
    }),
  ),
  /** Hosts that satisfy requests and real use; null if a replica is larger than a host. */
  needed: hostCountSchema.nullable(),
  /** Why the option is not possible; null if it is. */
  reason: z.string().nullable(),
  /** Message of `reason`. */
  messages: messageRefsSchema.optional(),
  /** If only requests counted. */
  byRequests: z.number().int().nonnegative().nullable(),
  /** If only real use counted. */
  byUsage: hostCountSchema.nullable(),
  /** Lower bound of hosts for any packing of the estimates; null if several types are mixed. */
  lowerBound: z.number().int().nonnegative().nullable(),
  /** Binding resources: the fullest resource of a host, with the number of such hosts. */
  binding: z.array(
    z.object({
      resource: resourceSchema,
      /** Number of hosts on which it is the fullest. */
      hosts: z.number().int().positive(),
    }),
  ),
  /** Used fraction of each resource over all hosts; resources without a limit are left out. */
  taken: z.array(
    z.object({
      resource: resourceSchema,
      /** 1: full. */
      fraction: z.number(),
    }),
  ),
  /** Cost per month in `currency`; null without prices. */
  cost: z
    .object({
      /** For the estimates. */
      value: z.number(),
      /** Lower end; null if no number of hosts is enough, or if several types are mixed. */
      low: z.number().nullable(),
      /** Upper end; null likewise. */
      high: z.number().nullable(),
    })
    .nullable(),
  storms: z.array(stormSchema),
});
export type PlanOption = Readonly<z.infer<typeof optionSchema>>;

/** Hosts for all services under one runtime. */
const runtimePlanSchema = z.object({
  /** Its name in daemon.json. */
  runtime: z.string(),
  /** Id of its family, such as `runsc`. */
  family: z.string(),
  /** Was its overhead measured in the run, or computed? */
  overhead: z.enum(['measured', 'computed']),
  /** One option per host type, and a mix of types if no type alone can hold all services. */
  options: z.array(optionSchema),
  /** Index of the cheapest option; without prices, of that with the fewest hosts. null if no option holds all services. */
  best: z.number().int().nonnegative().nullable(),
  /** Services that cannot be planned under the runtime; if there are any, there are no options. */
  refused: z.array(z.string()),
});
export type RuntimePlan = Readonly<z.infer<typeof runtimePlanSchema>>;

/** The move of one more service. */
const stepSchema = z.object({
  /** Its name. */
  service: z.string(),
  /** Total hosts after its move. */
  hosts: hostCountSchema,
  /** Additional hosts compared with before any move. */
  added: z.number().int().nonnegative(),
  /** Additional cost per month compared with before any move; null without prices. */
  addedCost: z.number().nullable(),
  /** Share of the draws in which this move and all before it stay within the budget. */
  within: z.number().min(0).max(1),
});
export type FrontierStep = Readonly<z.infer<typeof stepSchema>>;

/** Which services can move from today's runtime to another. */
const frontierSchema = z.object({
  /** Runtime that services move to. */
  runtime: z.string(),
  /** Hosts before any move. */
  before: hostCountSchema,
  /** Hosts that the budget allows. */
  allowed: z.number().int().nonnegative(),
  /** Moves within the budget, in order. */
  moves: z.array(stepSchema),
  /** Moves that would exceed the budget, each in addition to `moves`. */
  stays: z.array(stepSchema),
  /** Services that may not move, cannot be planned, or would be larger than a host. */
  cannot: z.array(z.string()),
});
export type Frontier = Readonly<z.infer<typeof frontierSchema>>;

/** A doubt or an assumption. */
const planNoteSchema = z.object({
  /** In English. */
  note: z.string(),
  /** Its message. */
  messages: messageRefsSchema.optional(),
});

/** Output of `ocibench capacity plan --json`: hosts for services under each runtime. */
export const capacityPlanSchema = z.object({
  /** Changes when a key changes its meaning. */
  capacityPlanVersion: z.literal(capacityPlanVersion),
  /** Confidence of all intervals. */
  confidence: z.number(),
  /** Seed of the draws: the same seed gives the same plan. */
  seed: z.number().int(),
  /** Number of draws from the intervals. */
  draws: z.number().int().positive(),
  /** Allowed share of additional hosts, as a fraction. */
  budget: z.number().nonnegative(),
  /** Currency of prices; null if the file names none. */
  currency: z.string().nullable(),
  /** Runtime of the services before any move. */
  today: z.string(),
  /** The run that measured the costs of sandboxes. */
  run: z.object({
    runId: runIdSchema,
    /** ISO 8601, wall clock. */
    startedAt: z.string(),
    /** Version of ocibench that measured. */
    harnessVersion: z.string(),
  }),
  /** The machine of the run. */
  host: hostFactsSchema,
  /** In the order of the file. */
  services: z.array(
    z.object({
      /** Name in the file; untrusted. */
      name: z.string(),
      /** Number of replicas. */
      replicas: z.number().int().positive(),
      /** Source of its native CPU use. */
      cpuFrom: z.enum(['given', 'recording', 'request']),
      /** Source of its native memory use. */
      memoryFrom: z.enum(['given', 'recording', 'request']),
      runtimes: z.array(replicaSchema),
    }),
  ),
  /** Plans by runtime, today's first. */
  runtimes: z.array(runtimePlanSchema),
  frontiers: z.array(frontierSchema),
  notes: z.array(planNoteSchema),
});
export type CapacityPlan = Readonly<z.infer<typeof capacityPlanSchema>>;
