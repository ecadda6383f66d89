import * as z from 'zod';
import { messageRefsSchema } from '../messages/schema.ts';
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

/** Bounds of a 95 % interval; null where there are too few values for one. */
const boundsShape = { low: z.number().nullable(), high: z.number().nullable() };

const intervalSchema = z.object({ estimate: z.number(), ...boundsShape });

/** What an inconclusive comparison needs for an answer, at the noise of its own pairs so far. */
const needsSchema = z.object({
  /** Half-width of the ratio's interval that answers, as a fraction: the practical threshold. */
  halfWidth: z.number().positive(),
  /** Paired blocks in all. */
  blocks: z.number().int().positive(),
  moreBlocks: z.number().int().positive(),
  /** Wall time of those, ms; null where no trial's time is known. */
  moreMs: z.number().nullable(),
  /** Name of the cell for `ocibench run --resume RUN --until`. */
  until: z.string(),
});
export type Needs = Readonly<z.infer<typeof needsSchema>>;

/**
 * One cell × metric: a row of summary.csv. A number that does not exist is null; `note` says why. `ratio` is runtime ÷
 * baseline of the raw values, paired within blocks.
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
  /** True for the workload's headline metric. */
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
  /** The comparisons that share its error rate, such as `headline/crun/startup` or `metric/memory.peak`. */
  family: z.string().optional(),
  /** The 90 % interval of `ratio`: `equivalent` needs it inside the practical band (two one-sided tests at 5 %). */
  ratio90Low: z.number().nullable().optional(),
  ratio90High: z.number().nullable().optional(),
  /** runtime − baseline within blocks, in the metric's unit; on headline rows with pairs. */
  difference: intervalSchema.optional(),
  /**
   * Where the 95 % interval excludes 1 and only the correction for several comparisons prevents a claim: the interval of
   * the ratio that holds for all of the family at once. It includes 1.
   */
  simultaneous: z
    .object({ low: z.number(), high: z.number(), comparisons: z.number().int().positive() })
    .optional(),
  /** Ratio of the 95th percentiles, with a conservative interval where there are enough values. */
  tail: z.object({ p95: z.number(), baselineP95: z.number(), ratio: z.number(), ...boundsShape }).optional(),
  /** Two groups of values, where they are significantly two: their shares and geometric means, the smaller values first. */
  groups: z
    .array(z.object({ share: z.number(), mean: z.number() }))
    .length(2)
    .optional(),
  /** What an inconclusive headline needs; absent on every other row. */
  needs: needsSchema.optional(),
  messages: messageRefsSchema.optional(),
});
export type SummaryRow = Readonly<z.infer<typeof summaryRowSchema>>;

/**
 * Noise floor: how much the baseline may differ from itself, per class of metrics (`category/kind`). It decides
 * nothing; see `aaCheck`. Exists where the run measured the baseline twice. Bounds are null where no comparison of the
 * class has an interval.
 */
const noiseFloorSchema = z.object({
  class: z.string(),
  /** 1/ratioHigh. */
  ratioLow: z.number().nullable(),
  /** The bound farthest from 1, as a ratio above 1, over the class's intervals of A/A control ÷ baseline. */
  ratioHigh: z.number().nullable(),
  /** Sum of the paired blocks of all comparisons of the class. */
  pairs: z.number().int(),
  /** True if the baseline differs from itself by more than noise in a comparison of this class. */
  differs: z.boolean(),
});
export type NoiseFloor = Readonly<z.infer<typeof noiseFloorSchema>>;
/** A property of a cell that is not a quantity: a row of facts.csv. `value` is what a container printed: untrusted. */
const factRowSchema = z.object({
  runtime: z.string(),
  profile: z.string(),
  layer: layerSchema,
  workload: z.string(),
  params: z.string(),
  /** Absent where the run has one only. */
  engine: z.string().optional(),
  id: z.string(),
  /** The most frequent value of the trials; of equally frequent ones, the first. */
  value: z.string(),
  /** Number of trials that reported this id. */
  trials: z.number().int().positive(),
  /** True if some trials reported another value. */
  varies: z.boolean(),
  /** Messages of `value`, if ocibench wrote it. */
  messages: messageRefsSchema.optional(),
});
export type FactRow = Readonly<z.infer<typeof factRowSchema>>;

/** A cell whose headline values do not look like those of a steady source. */
const unsteadySchema = cellSchema.extend({
  kind: z.enum(['drift', 'autocorrelation', 'two-groups']),
  /** Rank correlation with time; lag-1 autocorrelation; ratio of the two groups' geometric means. */
  value: z.number(),
  n: z.number().int(),
  /** Adjusted by Holm's method over all cells of the run. */
  p: z.number(),
});
export type Unsteady = Readonly<z.infer<typeof unsteadySchema>>;

/** Whether the verdicts depend on trials that ran while the host was disturbed. */
const sensitivitySchema = z.object({
  /** Measured trials with a flag. */
  flagged: z.number().int(),
  /** Headline comparisons that have an interval. */
  verdicts: z.number().int(),
  /** Number of these that have no verdict without the flagged trials. */
  tooFew: z.number().int(),
  /** Those whose verdict changes without the flagged trials. */
  changed: z.array(cellSchema.extend({ verdict: verdictSchema, without: verdictSchema })),
});
export type Sensitivity = Readonly<z.infer<typeof sensitivitySchema>>;

/** A statement about a family of runtimes that courses teach (`taught` of `runtimes/family.ts`), by its content. */
const taughtIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,59}$/, 'must be the id of a statement, such as gvisor-slower');
export type TaughtId = z.infer<typeof taughtIdSchema>;

/** One comparison that a statement covers. */
const taughtCaseSchema = z.object({
  profile: z.string(),
  layer: layerSchema,
  workload: z.string(),
  params: z.string(),
  /** Absent where the run has one only. */
  engine: z.string().optional(),
  metric: z.string(),
  /** Cost of the runtime as a factor of the baseline: the ratio for times and amounts, its inverse for rates. */
  factor: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /**
   * - `holds`: as taught.
   * - `below`, `above`: outside the taught range.
   * - `fails`: a taught difference does not exist, or the reverse.
   * - `undecided`: the interval allows both.
   */
  outcome: z.enum(['holds', 'below', 'above', 'fails', 'undecided']),
});
export type TaughtCase = Readonly<z.infer<typeof taughtCaseSchema>>;

/** What this run shows about one statement for one runtime. */
const taughtClaimSchema = z.object({
  id: taughtIdSchema,
  /** The runtime's name in daemon.json; null where the run has no runtime that the statement covers. */
  runtime: z.string().nullable(),
  status: z.enum(['confirmed', 'refuted', 'partly', 'undecided', 'not-measurable']),
  /**
   * Why the statement could not be tested; null where it was. `no-application`: the run has cases, but none of a program's
   * own work, so that the statement stays undecided.
   */
  reason: z.enum(['no-runtime', 'unavailable', 'baseline', 'nothing-measured', 'no-application']).nullable(),
  /** From the cheapest to the costliest. */
  cases: z.array(taughtCaseSchema),
});
export type TaughtClaim = Readonly<z.infer<typeof taughtClaimSchema>>;

/** One subject of a category, and its cost as a factor of the baseline. */
const memberSchema = z.object({ workload: z.string(), params: z.string(), cost: z.number(), ...boundsShape });

/**
 * What one runtime costs in one category: the geometric mean of the cost ratios of its subjects (rates inverted, so that
 * above 1 always costs more), weighted by their precision and the spread between them, within each block.
 */
const categoryEstimateSchema = z.object({
  runtime: z.string(),
  category: categorySchema,
  layer: layerSchema,
  /** Absent where the run has one only. */
  engine: z.string().optional(),
  /** Subjects in the estimate; one is named by `smallest`. */
  subjects: z.number().int().positive(),
  /** Blocks that hold at least one of them. */
  blocks: z.number().int().positive(),
  cost: z.number(),
  ...boundsShape,
  /** The 90 % interval. */
  low90: z.number().nullable(),
  high90: z.number().nullable(),
  p: z.number().nullable(),
  /** By Holm's method over all runtimes and categories of the run, or of an extension at its own level. */
  pAdjusted: z.number().nullable(),
  /** Spread between the subjects: exp of the standard deviation of their true log cost ratios; 1 is none. */
  tau: z.number(),
  /** The cheapest and the costliest observed; no claim is made about either. */
  smallest: memberSchema,
  largest: memberSchema,
  verdict: verdictSchema,
  /** What an inconclusive one needs. */
  needs: needsSchema.optional(),
});
export type CategoryEstimate = Readonly<z.infer<typeof categoryEstimateSchema>>;

/** Whether the baseline, measured twice, differs from itself by more than chance, over all headlines together. */
const aaCheckSchema = z.object({
  /** Headline comparisons of the A/A control. */
  comparisons: z.number().int(),
  /** Root mean square of their normal scores; about 1 where the method holds. Null without comparisons. */
  rms: z.number().nullable(),
  /** Exceeded by chance once in a hundred runs. */
  limit: z.number().nullable(),
  /** Factor by which all intervals of the run are widened: `rms` beyond the limit, else 1. */
  widening: z.number().min(1),
});
export type AaCheck = Readonly<z.infer<typeof aaCheckSchema>>;

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
  /** Empty where the baseline was measured only once. */
  noiseFloor: z.array(noiseFloorSchema).default([]),
  /** Empty in the files of older versions. */
  facts: z.array(factRowSchema).default([]),
  /** Drift, autocorrelation and bimodality, where significant. */
  unsteady: z.array(unsteadySchema).default([]),
  /** null where no trial was flagged, or noise was not recorded. */
  sensitivity: sensitivitySchema.nullable().default(null),
  /** Statements of courses about these runtimes, compared with this run. Empty in the files of older versions. */
  taughtClaims: z.array(taughtClaimSchema).default([]),
  /**
   * Runtimes whose guests were emulated in software, and the emulator. Absent where there are none, and in older files.
   */
  emulatedGuests: z.array(z.object({ runtime: z.string(), by: z.string() })).optional(),
  /** Absent in the files of older versions, as are the next two. */
  categories: z.array(categoryEstimateSchema).optional(),
  aaCheck: aaCheckSchema.nullable().optional(),
  /** Measured blocks that hold every cell which was ever measured. */
  completeBlocks: z.number().int().optional(),
  /** Doubts about the run as a whole; every report shows them first. */
  warnings: z.array(
    z.object({ code: z.string(), message: z.string(), messages: messageRefsSchema.optional() }),
  ),
});
export type Analysis = Readonly<z.infer<typeof analysisSchema>>;
