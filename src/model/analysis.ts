import * as z from 'zod';
import { messageRefsSchema } from '../messages/record.ts';
import { cellSchema, layerSchema } from './cell.ts';
import { betterSchema, categorySchema, unitSchema } from './metric.ts';

export const verdictSchema = z.enum([
  'baseline',
  'faster',
  'slower',
  'less',
  'more',
  'equivalent',
  'inconclusive',
  'unavailable',
]);
export type Verdict = z.infer<typeof verdictSchema>;

/**
 * One cell × metric: a row of summary.csv. Null where there is no such number; `note` says why.
 * `ratio` is runtime ÷ baseline of the raw values, paired within blocks.
 */
const summaryRowSchema = z.object({
  runtime: z.string(),
  profile: z.string(),
  layer: layerSchema,
  workload: z.string(),
  params: z.string(),
  /** Absent where the run has one only. */
  engine: z.string().optional(),
  category: categorySchema,
  /** null only on the row of a cell that has no values at all. */
  metric: z.string().nullable(),
  unit: unitSchema.nullable(),
  better: betterSchema.nullable(),
  /** Is this the metric that the workload is about? */
  headline: z.boolean(),
  n: z.number().int(),
  failures: z.number().int(),
  median: z.number().nullable(),
  ciLow: z.number().nullable(),
  ciHigh: z.number().nullable(),
  p95: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  mad: z.number().nullable(),
  baseline: z.string(),
  /** Blocks in which both this runtime and the baseline have a value. */
  pairs: z.number().int(),
  ratio: z.number().nullable(),
  ratioCiLow: z.number().nullable(),
  ratioCiHigh: z.number().nullable(),
  p: z.number().nullable(),
  pAdjusted: z.number().nullable(),
  verdict: verdictSchema,
  note: z.string(),
  messages: messageRefsSchema.optional(),
});
export type SummaryRow = Readonly<z.infer<typeof summaryRowSchema>>;

/**
 * How much the baseline differs from itself, per class of metrics (`category/kind`), where the run measured it twice.
 * Bounds are null where no comparison of the class has an interval.
 */
const noiseFloorSchema = z.object({
  class: z.string(),
  /** 1/ratioHigh. */
  ratioLow: z.number().nullable(),
  /** The end farthest from 1, as a ratio above it, of all the class's intervals of second arm ÷ baseline. */
  ratioHigh: z.number().nullable(),
  /** Paired blocks of all comparisons of the class together. */
  pairs: z.number().int(),
  /** Does the baseline differ from itself by more than noise? Then claims need an interval wholly beyond the floor. */
  differs: z.boolean(),
});
export type NoiseFloor = Readonly<z.infer<typeof noiseFloorSchema>>;
/** Something true of a cell that is not a quantity: a row of facts.csv. `value` is what a container printed: untrusted. */
const factRowSchema = z.object({
  runtime: z.string(),
  profile: z.string(),
  layer: layerSchema,
  workload: z.string(),
  params: z.string(),
  /** Absent where the run has one only. */
  engine: z.string().optional(),
  id: z.string(),
  /** What most trials said; of several said equally often, the first. */
  value: z.string(),
  /** Trials that said anything under this id. */
  trials: z.number().int().positive(),
  /** Did some of them say something else? */
  varies: z.boolean(),
  /** What `value` was made from, where it is ocibench's own. */
  messages: messageRefsSchema.optional(),
});
export type FactRow = Readonly<z.infer<typeof factRowSchema>>;

/** A cell whose headline values are not what a steady source gives. */
const unsteadySchema = cellSchema.extend({
  kind: z.enum(['drift', 'autocorrelation', 'two-groups']),
  /** Rank correlation with time; lag-1 autocorrelation; ratio of the two groups' geometric means. */
  value: z.number(),
  n: z.number().int(),
  /** Adjusted by Holm's method over all cells of the run. */
  p: z.number(),
});
export type Unsteady = Readonly<z.infer<typeof unsteadySchema>>;

/** Whether the verdicts rest on trials that ran while the host was disturbed. */
const sensitivitySchema = z.object({
  /** Measured trials with a flag. */
  flagged: z.number().int(),
  /** Headline comparisons that have an interval. */
  verdicts: z.number().int(),
  /** Of these, those that have none left without the flagged trials. */
  tooFew: z.number().int(),
  /** Those whose verdict is another one without them. */
  changed: z.array(cellSchema.extend({ verdict: verdictSchema, without: verdictSchema })),
});
export type Sensitivity = Readonly<z.infer<typeof sensitivitySchema>>;

/** A statement that courses teach about a family of runtimes (`taught` of `runtimes/family.ts`), by what it says. */
const taughtIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,59}$/, 'must be the id of a statement, such as gvisor-slower');
export type TaughtId = z.infer<typeof taughtIdSchema>;

/** One comparison that a statement speaks of. */
const taughtCaseSchema = z.object({
  profile: z.string(),
  layer: layerSchema,
  workload: z.string(),
  params: z.string(),
  /** Absent where the run has one only. */
  engine: z.string().optional(),
  metric: z.string(),
  /** What the runtime costs as a factor of the baseline: of times and amounts the ratio, of rates its inverse. */
  factor: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /**
   * `holds`; outside of the range that is taught, `below` or `above` it; `fails`: a difference that is taught and is not
   * there, or the other way round; `undecided`: the interval allows both.
   */
  outcome: z.enum(['holds', 'below', 'above', 'fails', 'undecided']),
});
export type TaughtCase = Readonly<z.infer<typeof taughtCaseSchema>>;

/** What this run says of one statement about one runtime. */
const taughtClaimSchema = z.object({
  id: taughtIdSchema,
  /** Its name in daemon.json; null where the run has none of which the statement speaks. */
  runtime: z.string().nullable(),
  status: z.enum(['confirmed', 'refuted', 'partly', 'undecided', 'not-measurable']),
  /** Why it is not measurable; null where it is. */
  reason: z.enum(['no-runtime', 'unavailable', 'baseline', 'nothing-measured']).nullable(),
  /** From the cheapest to the costliest. */
  cases: z.array(taughtCaseSchema),
});
export type TaughtClaim = Readonly<z.infer<typeof taughtClaimSchema>>;

/** analysis.json */
export const analysisSchema = z.object({
  schemaVersion: z.literal(1),
  runId: z.string(),
  baseline: z.string(),
  /** Measured blocks, without warm-up. */
  blocks: z.number().int(),
  trials: z.object({ ok: z.number().int(), failed: z.number().int(), warmup: z.number().int() }),
  thresholds: z.object({ practical: z.number(), alpha: z.number(), confidence: z.number() }),
  rows: z.array(summaryRowSchema),
  /** Empty where the baseline was measured once only. */
  noiseFloor: z.array(noiseFloorSchema).default([]),
  /** Empty in the files of older versions. */
  facts: z.array(factRowSchema).default([]),
  /** Drift, autocorrelation and two groups of values, where more than chance. */
  unsteady: z.array(unsteadySchema).default([]),
  /** null where no trial was flagged, or nothing is known of noise. */
  sensitivity: sensitivitySchema.nullable().default(null),
  /** What courses teach of these runtimes, held against this run. Empty in the files of older versions. */
  taughtClaims: z.array(taughtClaimSchema).default([]),
  /** Runtimes whose guests were executed in software, and by what; absent where there are none, and in older files. */
  emulatedGuests: z.array(z.object({ runtime: z.string(), by: z.string() })).optional(),
  /** Doubts about the run as a whole, for the top of every report. */
  warnings: z.array(
    z.object({ code: z.string(), message: z.string(), messages: messageRefsSchema.optional() }),
  ),
});
export type Analysis = Readonly<z.infer<typeof analysisSchema>>;
