import * as z from 'zod';
import { messageRefsSchema } from '../../../core/messages/schema.ts';
import { thresholdsSchema, verdictSchema } from '../../../core/model/analysis/analysis.ts';
import { runIdSchema } from '../../../core/model/run/run.ts';
import { layerSchema } from '../../../core/model/trial/cell.ts';
import { categorySchema } from '../../../core/model/workload/metric.ts';

/** Increase this when the meaning of a key changes. */
export const fleetVersion = 2;

/** Status. A run that is not `complete` counts with the data it has. */
export const statusSchema = z.enum(['running', 'complete', 'interrupted', 'failed']);

/** A run of a host of the fleet. */
const fleetRunSchema = z.object({
  /** Id of the run, and name of its directory; null if names are withheld. */
  runId: runIdSchema.nullable(),
  /** Its path as given; null if names are withheld. */
  origin: z.string().nullable(),
  /** Status. A run that is not `complete` counts with the data it has. */
  status: statusSchema,
  /** ISO 8601, wall clock of the host. */
  startedAt: z.string(),
  /** Version of ocibench that measured. */
  harnessVersion: z.string(),
  /** Source of its figures: `analysis`: its published analysis.json; `records`: recomputed from its raw records. */
  from: z.enum(['analysis', 'records']),
  /** Its own page, relative to the fleet's directory; null if it has none. */
  report: z.string().nullable(),
});

/** A machine; each has one vote. */
const fleetHostSchema = z.object({
  /** Name in this fleet: its host name, numbered if several share it; `host 1` … if names are withheld. */
  name: z.string(),
  /**
   * What tells it apart: `id`: the id in its records; `marks`: several have that id, as copies of a machine have, and differ in
   * firmware's UUID, network ports, key of the first run, processor or memory; `submission`: they agree in these too, but each was
   * handed in by itself; `facts`: no id; its name, processor and memory.
   */
  known: z.enum(['id', 'marks', 'submission', 'facts']),
  /** Present if the host has no vote, as who merged said (`--without`). */
  without: z
    .object({
      /** Why; null if no reason was given, or if names are withheld. */
      reason: z.string().nullable(),
    })
    .optional(),
  runs: z.array(fleetRunSchema).min(1),
  /** Facts that may explain differences: id → value. Ids: `kernel`, `cpu`, `runtime.runsc` … */
  facts: z.record(z.string(), z.string()),
});
export type FleetHost = Readonly<z.infer<typeof fleetHostSchema>>;

/** The figure of one host in a comparison. */
const voteSchema = z.object({
  /** Index in `hosts`. */
  host: z.number().int().nonnegative(),
  /** Cost as a factor of the baseline; the geometric mean if there are several runs. */
  cost: z.number(),
  /** Lower end of the host's own 95 % interval; null if it has none. */
  low: z.number().nullable(),
  /** Its upper end; null likewise. */
  high: z.number().nullable(),
});
export type FleetVote = Readonly<z.infer<typeof voteSchema>>;

/** The plain mean over the hosts, which a single bad host can move. */
const meanSchema = z.object({
  /** Geometric mean over the hosts, each with one vote. */
  cost: z.number(),
  /** Lower end of the t interval of the mean, with `confidence`; null for one host. */
  low: z.number().nullable(),
  /** Its upper end; null likewise. */
  high: z.number().nullable(),
  /** What would be claimed by the mean: its own t test, corrected likewise; none below three hosts. */
  verdict: verdictSchema,
});

/** Estimate over all hosts. All values are costs as factors of the baseline: above 1 costs more. */
const estimateShape = {
  /** The runtime it is compared with. */
  baseline: z.string(),
  /**
   * Variant of the work if hosts did different work: numbered from 1, by descending number of hosts. Absent if all did the
   * same.
   */
  variant: z.number().int().positive().optional(),
  /** Architecture of the hosts; absent if all hosts have the same. */
  arch: z.string().optional(),
  /**
   * Robust centre of the hosts, each with one vote: Tukey's biweight of the logarithms, in which a host far from the others has
   * less weight and, beyond a cut, none. Below four hosts it is the geometric mean.
   */
  cost: z.number(),
  /** Lower end of its interval over the hosts, with `confidence`; null for one host. */
  low: z.number().nullable(),
  /** Its upper end; null likewise. */
  high: z.number().nullable(),
  /** Lower end of the 90 % interval; null likewise. */
  low90: z.number().nullable(),
  /** Its upper end; null likewise. */
  high90: z.number().nullable(),
  /**
   * Lower end of the prediction interval for a run on one more host of the kind, with `confidence`; null below three hosts. It
   * foresees no host so far off as those of `setAside`, unless their own noise is the reason.
   */
  predictedLow: z.number().nullable(),
  /** Its upper end; null likewise. */
  predictedHigh: z.number().nullable(),
  /** p of the t test of cost = 1, uncorrected; null below three hosts with a weight. */
  p: z.number().nullable(),
  /** p corrected for the other comparisons, or categories, of the fleet; null likewise. */
  pAdjusted: z.number().nullable(),
  /** Claim about the fleet; none below three hosts with a weight. */
  verdict: verdictSchema,
  /**
   * Spread between hosts: exp of the standard deviation of their true logarithms (Paule and Mandel), without those of `setAside`
   * that their own noise does not explain; 1: no spread.
   */
  tau: z.number(),
  /** p of the test that the hosts of `tau` do not differ, corrected by Holm's method like `pAdjusted`; null if it cannot be tested. */
  differP: z.number().nullable(),
  /** The plain mean, for comparison. */
  mean: meanSchema,
  /** Hosts too far from the others to have any weight in `cost`: their places in `hosts`. */
  setAside: z.array(z.number().int().nonnegative()),
  votes: z.array(voteSchema).min(1),
};

const fleetCategorySchema = z.object({
  runtime: z.string(),
  category: categorySchema,
  layer: layerSchema,
  /** Engine; absent if the runs have only one. */
  engine: z.string().optional(),
  /** Number of subjects in each host's estimate. */
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
  /** Engine; absent if the runs have only one. */
  engine: z.string().optional(),
  category: categorySchema,
  /** Id of the headline metric. */
  metric: z.string(),
  /** sha256 of the workload's request to the engine; null if the run does not record it. */
  definition: z.string().nullable(),
  /** sha256 of the content of its image; null if unknown. */
  image: z.string().nullable(),
  ...estimateShape,
});
export type FleetComparison = Readonly<z.infer<typeof fleetComparisonSchema>>;

/** A host that is far from the others in a category. */
const outlierSchema = z.object({
  /** Its place in `hosts`, from 0. */
  host: z.number().int().nonnegative(),
  /** Index of the category in `categories`. */
  category: z.number().int().nonnegative(),
  /** Its cost. */
  cost: z.number(),
  /** Geometric mean of the hosts that are not outliers. */
  others: z.number(),
  /** Facts in which it differs from most of them; not necessarily the cause. */
  differs: z.array(
    z.object({
      /** Id of the fact. */
      fact: z.string(),
      /** Its value. */
      value: z.string(),
      /** Value of most of the others. */
      others: z.string(),
      /** Is it the only host with its value? */
      alone: z.boolean(),
    }),
  ),
});
export type FleetOutlier = Readonly<z.infer<typeof outlierSchema>>;

/** A note on the merged runs. */
const toldSchema = z.object({
  /** `left-out`: a named run, or a figure of one, is not in the fleet. */
  kind: z.enum(['left-out', 'note']),
  /** Id of the message, stable for programs. */
  code: z.string(),
  /** One sentence, in English. */
  message: z.string(),
  messages: messageRefsSchema.optional(),
  /** Paths it is about, as given; empty if it is about all, or if names are withheld. */
  origins: z.array(z.string()),
});
export type FleetNote = Readonly<z.infer<typeof toldSchema>>;

/** What some could not run, or handed in without use; one for each reason and fix. */
const missingSchema = z.object({
  /**
   * `runtime`: it started no container; `workload`: it cannot run these workloads; `trials`: all trials of these failed; `run`: what
   * was handed in is no run that counts.
   */
  kind: z.enum(['run', 'runtime', 'trials', 'workload']),
  /** Names of the runtimes; several where all of them start nowhere on the same hosts. Empty where the kind is `run`. */
  runtimes: z.array(z.string()),
  /** Workloads with their parameters; empty where it is all. */
  workloads: z.array(z.string()),
  /** Stable, for programs: `kata-shim-missing` … */
  code: z.string(),
  /** Why, in English. */
  reason: z.string(),
  /** A remedy; absent where none is recorded. */
  fix: z.string().optional(),
  /** Messages of `reason` and `fix`. */
  messages: messageRefsSchema.optional(),
  /** Indices in `hosts`. */
  hosts: z.array(z.number().int().nonnegative()),
  /** Who is no host of the fleet, by what was handed in; null where names are withheld. */
  others: z.array(z.string().nullable()),
});
export type FleetMissing = Readonly<z.infer<typeof missingSchema>>;

/** fleet.json: merged estimates from runs of several hosts. */
export const fleetSchema = z.object({
  /** Changes when a key changes its meaning. */
  fleetVersion: z.literal(fleetVersion),
  /** Version of ocibench that merged. */
  harnessVersion: z.string(),
  /** True if the names of hosts, and everything that identifies them, were withheld. */
  anonymous: z.boolean(),
  /** Thresholds of the claims. */
  thresholds: thresholdsSchema,
  /** Runtimes that some host measured, baselines first. */
  runtimes: z.array(
    z.object({
      /** Name by which the hosts register it. */
      name: z.string(),
      /** Id of its family, such as `runsc`. */
      family: z.string(),
    }),
  ),
  hosts: z.array(fleetHostSchema),
  /** Index in `hosts` of the highlighted host; null if none is. */
  own: z.number().int().nonnegative().nullable(),
  categories: z.array(fleetCategorySchema),
  comparisons: z.array(fleetComparisonSchema),
  outliers: z.array(outlierSchema),
  /** What could not be run, what concerns most hosts first. */
  missing: z.array(missingSchema),
  told: z.array(toldSchema),
});
export type Fleet = Readonly<z.infer<typeof fleetSchema>>;
