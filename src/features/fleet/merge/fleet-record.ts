import * as z from 'zod';
import { messageRefsSchema } from '../../../core/messages/schema.ts';
import { verdictSchema } from '../../../core/model/analysis.ts';
import { layerSchema } from '../../../core/model/cell.ts';
import { categorySchema } from '../../../core/model/metric.ts';
import { runIdSchema } from '../../../core/model/run.ts';

/** Increase this when the meaning of a key changes. */
export const fleetVersion = 1;

/** A run of a host of the fleet. */
const fleetRunSchema = z.object({
  /** Names its directory; null where names are withheld. */
  runId: runIdSchema.nullable(),
  /** Where it was found, as it was named; null where names are withheld. */
  origin: z.string().nullable(),
  /** How far it got: one that is not `complete` counts with what it has. */
  status: z.enum(['running', 'complete', 'interrupted', 'failed']),
  /** ISO 8601, wall clock of the host. */
  startedAt: z.string(),
  /** Version of ocibench that measured. */
  harnessVersion: z.string(),
  /** Where its figures are from: its analysis.json, as published, or its raw records, of which they were made again. */
  from: z.enum(['analysis', 'records']),
  /** Its own page, relative to the fleet's directory; null where it has none there. */
  report: z.string().nullable(),
});

/** A machine, with one vote. */
const fleetHostSchema = z.object({
  /** What it is called in this fleet: its name, with a number where several have it; `host 1` … where names are withheld. */
  name: z.string(),
  /** What says that its runs are of one machine: the id in its records, or name, processor and memory. */
  known: z.enum(['id', 'facts']),
  runs: z.array(fleetRunSchema).min(1),
  /** What may make it differ: fact → value. Ids of facts: `kernel`, `cpu`, `runtime.runsc` … */
  facts: z.record(z.string(), z.string()),
});
export type FleetHost = Readonly<z.infer<typeof fleetHostSchema>>;

/** What one host says of a comparison. */
const voteSchema = z.object({
  /** Its place in `hosts`, from 0. */
  host: z.number().int().nonnegative(),
  /** Cost as a factor of the baseline; of several runs, their geometric mean. */
  cost: z.number(),
  /** Lower end of the host's own 95 % interval; null where it has none. */
  low: z.number().nullable(),
  /** Its upper end; null likewise. */
  high: z.number().nullable(),
});
export type FleetVote = Readonly<z.infer<typeof voteSchema>>;

/** What the hosts say together; all are costs as factors of the baseline, so that above 1 costs more. */
const estimateShape = {
  /** The runtime with which it is compared. */
  baseline: z.string(),
  /** From 1, the one with the most hosts first, where not all hosts did the same work; absent where all did. */
  variant: z.number().int().positive().optional(),
  /** Geometric mean over the hosts, each with one vote. */
  cost: z.number(),
  /** Lower end of the t interval over the hosts, with `confidence`; null for one host. */
  low: z.number().nullable(),
  /** Its upper end; null likewise. */
  high: z.number().nullable(),
  /** Lower end of the 90 % interval; null likewise. */
  low90: z.number().nullable(),
  /** Its upper end; null likewise. */
  high90: z.number().nullable(),
  /** Where a run on one more host of the kind would lie, with `confidence`; null below three hosts. */
  predictedLow: z.number().nullable(),
  /** Its upper end; null likewise. */
  predictedHigh: z.number().nullable(),
  /** Of the t test that the cost is 1, uncorrected; null below three hosts. */
  p: z.number().nullable(),
  /** Corrected for the other comparisons, or categories, of the fleet; null likewise. */
  pAdjusted: z.number().nullable(),
  /** What is claimed of the fleet. Below three hosts nothing is. */
  verdict: verdictSchema,
  /** Spread between the hosts: exp of the standard deviation of their true logarithms (Paule and Mandel); 1 is none. */
  tau: z.number(),
  /** Of the test that the hosts do not differ, corrected by Holm's method like `pAdjusted`; null where it cannot be tested. */
  differP: z.number().nullable(),
  votes: z.array(voteSchema).min(1),
};

const fleetCategorySchema = z.object({
  runtime: z.string(),
  category: categorySchema,
  layer: layerSchema,
  /** Absent where the runs have one only. */
  engine: z.string().optional(),
  /** Subjects in the estimate of each host. */
  subjects: z.number().int().positive(),
  ...estimateShape,
});
export type FleetCategory = Readonly<z.infer<typeof fleetCategorySchema>>;

const fleetComparisonSchema = z.object({
  runtime: z.string(),
  profile: z.string(),
  layer: layerSchema,
  workload: z.string(),
  params: z.string(),
  /** Absent where the runs have one only. */
  engine: z.string().optional(),
  category: categorySchema,
  /** Id of the headline metric. */
  metric: z.string(),
  /** sha256 of what the workload asks of the engine; null where the run does not name it. */
  definition: z.string().nullable(),
  /** sha256 of the content of its image; null where it is not known. */
  image: z.string().nullable(),
  ...estimateShape,
});
export type FleetComparison = Readonly<z.infer<typeof fleetComparisonSchema>>;

/** A host that is far from the others in a category. */
const outlierSchema = z.object({
  /** Its place in `hosts`, from 0. */
  host: z.number().int().nonnegative(),
  /** Place of the category in `categories`, from 0. */
  category: z.number().int().nonnegative(),
  /** What it says. */
  cost: z.number(),
  /** Geometric mean of the hosts that are no outliers. */
  others: z.number(),
  /** Facts in which it differs from most of these; no proof that they are the cause. */
  differs: z.array(
    z.object({
      /** Id of the fact. */
      fact: z.string(),
      /** What it has. */
      value: z.string(),
      /** What most of the others have. */
      others: z.string(),
      /** Does no other host have its value? */
      alone: z.boolean(),
    }),
  ),
});
export type FleetOutlier = Readonly<z.infer<typeof outlierSchema>>;

/** Host facts that go with a cost. */
const associationSchema = z.object({
  /** Ids of the facts; several where they part the hosts in the same way, so that nobody can tell them apart. */
  facts: z.array(z.string()).min(1),
  /** Place of the category in `categories`, from 0. */
  category: z.number().int().nonnegative(),
  /** Share of the variance between hosts that lies between the values, 0 to 1. */
  share: z.number(),
  /** By permuted hosts, corrected over all facts and categories. */
  pAdjusted: z.number(),
  /** From the cheapest to the costliest. */
  values: z.array(
    z.object({
      /** Of each of `facts`. */
      values: z.array(z.string()),
      /** Hosts that have it. */
      hosts: z.number().int().positive(),
      /** Geometric mean of their costs. */
      cost: z.number(),
    }),
  ),
});
export type FleetAssociation = Readonly<z.infer<typeof associationSchema>>;

/** Something that a reader has to know of what was merged. */
const toldSchema = z.object({
  /** `left-out`: something named is not in the fleet. */
  kind: z.enum(['left-out', 'note']),
  /** Stable, for programs: id of the message. */
  code: z.string(),
  /** One sentence, in English. */
  message: z.string(),
  messages: messageRefsSchema.optional(),
  /** What it is about, as it was named; empty where it is about all, or names are withheld. */
  origins: z.array(z.string()),
});
export type FleetTold = Readonly<z.infer<typeof toldSchema>>;

/** fleet.json: what the runs of several hosts say together. */
export const fleetSchema = z.object({
  /** Changes when a key changes its meaning. */
  fleetVersion: z.literal(fleetVersion),
  /** Version of ocibench that merged. */
  harnessVersion: z.string(),
  /** True where the names of hosts, and all that leads to them, were withheld. */
  anonymous: z.boolean(),
  /** Of the permutations: the same seed and runs give the same fleet. */
  seed: z.number().int(),
  /** What claims were decided by. */
  thresholds: z.object({
    /** Differences below this fraction do not matter in practice. */
    practical: z.number(),
    /** Significance level. */
    alpha: z.number(),
    /** Confidence level of the intervals. */
    confidence: z.number(),
  }),
  /** That some host measured beside a baseline, or as one; the baselines first. */
  runtimes: z.array(
    z.object({
      /** As the hosts register it. */
      name: z.string(),
      /** Id of its family, such as `runsc`. */
      family: z.string(),
    }),
  ),
  hosts: z.array(fleetHostSchema),
  /** Place in `hosts` of the host that is highlighted; null where none is. */
  own: z.number().int().nonnegative().nullable(),
  categories: z.array(fleetCategorySchema),
  comparisons: z.array(fleetComparisonSchema),
  outliers: z.array(outlierSchema),
  /** Least number of hosts for `associations`; there are none with fewer. */
  factsFrom: z.number().int(),
  associations: z.array(associationSchema),
  told: z.array(toldSchema),
});
export type Fleet = Readonly<z.infer<typeof fleetSchema>>;
