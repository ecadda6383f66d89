import * as z from 'zod';
import { messageRefsSchema } from '../../../core/messages/schema.ts';
import { hostFactsSchema } from '../../../core/model/host.ts';
import { runIdSchema } from '../../../core/model/run.ts';

/** Increase this when the meaning of a key changes. */
export const capacityPlanVersion = 1;

/** What a host has, and a replica takes: what the scheduler sees of it, and what it really uses. */
const resourceSchema = z.enum(['cpu.request', 'memory.request', 'cpu.usage', 'memory.usage', 'pods']);
export type Resource = z.infer<typeof resourceSchema>;

/** A value and its interval. */
const intervalSchema = z.object({
  /** The likeliest value. */
  estimate: z.number(),
  /** Lower end; the estimate itself where it is taken as exact. */
  low: z.number(),
  /** Upper end; likewise. */
  high: z.number(),
});

/** Why something is missing. */
const reasonSchema = z.object({
  /** In English. */
  reason: z.string(),
  /** Its message; absent where the text is not ocibench's. */
  messages: messageRefsSchema.optional(),
});

/** A number of hosts: of the estimates, and over the draws. */
const hostCountSchema = z.object({
  /** Of the estimates of all that is uncertain. */
  value: z.number().int().nonnegative(),
  /** Over the draws; null where no number of hosts is enough. */
  median: z.number().int().nonnegative().nullable(),
  /** Lower end of the interval that has `confidence` of the draws; null likewise. */
  low: z.number().int().nonnegative().nullable(),
  /** Its upper end; null likewise. */
  high: z.number().int().nonnegative().nullable(),
});
export type HostCount = Readonly<z.infer<typeof hostCountSchema>>;

/** What one replica takes under one runtime. */
const replicaSchema = z.object({
  /** Its name in daemon.json. */
  runtime: z.string(),
  /** CPU time ÷ native CPU time; null where it is refused. */
  ratio: intervalSchema.nullable(),
  /** Where the ratio is from: given in the file, measured in the run, predicted from a recording, or the host's own kernel. */
  ratioFrom: z.enum(['given', 'measured', 'predicted', 'same-kernel']).nullable(),
  /** CPUs that it uses on average, its idle sandbox included. */
  cpus: intervalSchema.nullable(),
  /** The highest utilisation at which its promise holds; null where it cannot hold. */
  utilisation: z.number().nullable(),
  /** `cpus` ÷ `utilisation`: what has to be there for it. */
  cpusAtSlo: intervalSchema.nullable(),
  /** Bytes that it really holds, its sandbox included. */
  memoryBytes: intervalSchema.nullable(),
  /** CPUs that the scheduler takes as its: its request, and podFixed. */
  requestCpus: z.number().nullable(),
  /** Bytes that the scheduler takes as its; likewise. */
  requestBytes: z.number().nullable(),
  /** How many of it alone fit on an empty host, by host type. */
  alone: z.array(
    z.object({
      /** Type of host. */
      host: z.string(),
      /** As the scheduler sees it; null where nothing limits it. */
      byRequests: z.number().int().nonnegative().nullable(),
      /** As it really uses; null likewise. */
      byUsage: z
        .object({
          /** Of the estimates. */
          value: z.number().int().nonnegative(),
          /** Lower end over the draws. */
          low: z.number().int().nonnegative(),
          /** Upper end over the draws. */
          high: z.number().int().nonnegative(),
        })
        .nullable(),
    }),
  ),
  /** Why the service cannot be planned under this runtime; empty where it can. */
  refusals: z.array(reasonSchema),
});
export type Replica = Readonly<z.infer<typeof replicaSchema>>;

/** Starts at once, beside what runs. */
const stormSchema = z.object({
  /** Whose replicas start. */
  service: z.string(),
  /** CPUs that the starts take: starts × CPU time of one ÷ time. */
  cpus: intervalSchema,
  /** CPUs that nothing uses on all hosts of the option, on average. */
  freeCpus: z.number(),
  /** Does the upper end fit into what is free? */
  fits: z.boolean(),
  /** The shortest time in which they can be started with what is free, ms; null where nothing is free. */
  shortestMs: z.number().nullable(),
});
export type StormHeadroom = Readonly<z.infer<typeof stormSchema>>;

/** Hosts that hold all services. */
const optionSchema = z.object({
  /** Host types that it takes, and how many of each. */
  hosts: z.array(
    z.object({
      /** Type of host. */
      type: z.string(),
      /** How many of it. */
      hosts: z.number().int().nonnegative(),
    }),
  ),
  /** As requests and real use need both; null where a replica is larger than a host. */
  needed: hostCountSchema.nullable(),
  /** Why it cannot be had; null where it can. */
  reason: z.string().nullable(),
  /** Message of `reason`. */
  messages: messageRefsSchema.optional(),
  /** If only requests counted. */
  byRequests: z.number().int().nonnegative().nullable(),
  /** If only real use counted. */
  byUsage: hostCountSchema.nullable(),
  /** No packing of the estimates can do with fewer; null where several types are mixed. */
  lowerBound: z.number().int().nonnegative().nullable(),
  /** The resource of which most is taken, and on how many hosts. */
  binding: z.array(
    z.object({
      resource: resourceSchema,
      /** On so many it is the fullest. */
      hosts: z.number().int().positive(),
    }),
  ),
  /** What is taken of each resource on all hosts, as a fraction; resources without a limit are left out. */
  taken: z.array(
    z.object({
      resource: resourceSchema,
      /** 1 where nothing is left. */
      fraction: z.number(),
    }),
  ),
  /** Of a month, in `currency`; null without prices. */
  cost: z
    .object({
      /** Of the estimates. */
      value: z.number(),
      /** Lower end; null where no number of hosts is enough, or several types are mixed. */
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
  /** One for each host type, and a mix of them where no type alone can hold all. */
  options: z.array(optionSchema),
  /** The cheapest of them, or that with the fewest hosts where there are no prices; null where none holds all. */
  best: z.number().int().nonnegative().nullable(),
  /** Services that cannot be planned under it; then there are no options. */
  refused: z.array(z.string()),
});
export type RuntimePlan = Readonly<z.infer<typeof runtimePlanSchema>>;

/** One more service that moves. */
const stepSchema = z.object({
  /** Its name. */
  service: z.string(),
  /** Hosts in all once it has moved too. */
  hosts: hostCountSchema,
  /** Hosts more than before anything moved. */
  added: z.number().int().nonnegative(),
  /** Cost of a month more than before anything moved; null without prices. */
  addedCost: z.number().nullable(),
  /** Share of the draws in which this and all before it stay within the budget. */
  within: z.number().min(0).max(1),
});
export type FrontierStep = Readonly<z.infer<typeof stepSchema>>;

/** Which services can move from today's runtime to another. */
const frontierSchema = z.object({
  /** Where they move to. */
  runtime: z.string(),
  /** Hosts before anything moves. */
  before: hostCountSchema,
  /** Hosts that the budget allows. */
  allowed: z.number().int().nonnegative(),
  /** These move, in this order. */
  moves: z.array(stepSchema),
  /** These would exceed the budget, each on top of those that move. */
  stays: z.array(stepSchema),
  /** These may not, cannot be planned, or would be larger than a host. */
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

/** What `ocibench plan --json` prints: hosts for services under each runtime. */
export const capacityPlanSchema = z.object({
  /** Changes when a key changes its meaning. */
  capacityPlanVersion: z.literal(capacityPlanVersion),
  /** Of all intervals. */
  confidence: z.number(),
  /** Of the draws: the same seed gives the same plan. */
  seed: z.number().int(),
  /** Number of draws from the intervals. */
  draws: z.number().int().positive(),
  /** Of more hosts, as a fraction. */
  budget: z.number().nonnegative(),
  /** Of prices; null where the file names none. */
  currency: z.string().nullable(),
  /** Under which the services run before anything moves. */
  today: z.string(),
  /** The run that says what sandboxes and calls cost. */
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
      /** As the file names it; untrusted. */
      name: z.string(),
      /** Copies of it. */
      replicas: z.number().int().positive(),
      /** Where the CPUs that it uses natively are from. */
      cpuFrom: z.enum(['given', 'recording', 'request']),
      /** Likewise of its memory. */
      memoryFrom: z.enum(['given', 'recording', 'request']),
      runtimes: z.array(replicaSchema),
    }),
  ),
  /** Today's first. */
  runtimes: z.array(runtimePlanSchema),
  frontiers: z.array(frontierSchema),
  notes: z.array(planNoteSchema),
});
export type CapacityPlan = Readonly<z.infer<typeof capacityPlanSchema>>;
