import * as z from 'zod';
import { messageRefsSchema } from '../../messages/schema.ts';
import { schemaVersion } from '../run/run.ts';
import { cellSchema, layerSchema } from '../trial/cell.ts';
import { layerStackSchema } from '../trial/layer-stack.ts';
import { betterSchema, categorySchema, unitSchema } from '../workload/metric.ts';

/** The claim about the comparison; `inconclusive` does not mean "same". docs/method.md has the conditions. */
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

const boundsShape = {
  /** Lower end of the 95 % interval; null where there are too few values for one. */
  low: z.number().nullable(),
  /** Upper end; null likewise. */
  high: z.number().nullable(),
};

const intervalSchema = z.object({
  /** Hodges–Lehmann estimate. */
  estimate: z.number(),
  ...boundsShape,
});

/** Data that an inconclusive comparison still needs for a verdict, estimated from the noise of its own pairs so far. */
const needsSchema = z.object({
  /** Half-width of the ratio's interval that gives a verdict, as a fraction: the practical threshold. */
  halfWidth: z.number().positive(),
  /** Total number of paired blocks. */
  blocks: z.number().int().positive(),
  /** True where fewer than six pairs do not tell how many blocks it takes: it takes these at least. Absent elsewhere. */
  atLeast: z.boolean().optional(),
  /** Paired blocks still missing. */
  moreBlocks: z.number().int().positive(),
  /** Wall time of the missing blocks, ms; null where no trial's time is known. */
  moreMs: z.number().nullable(),
  /** Name of the cell for `ocibench run --resume RUN --until`. */
  until: z.string(),
});
export type PrecisionNeeds = Readonly<z.infer<typeof needsSchema>>;

export const thresholdsSchema = z.object({
  /** Differences below this fraction do not matter in practice. */
  practical: z.number(),
  /** Significance level. */
  alpha: z.number(),
  /** Confidence level of the intervals. */
  confidence: z.number(),
});

/** Of a row: its cell. */
const cellColumns = {
  runtime: z.string(),
  profile: z.string(),
  layer: layerSchema,
  workload: z.string(),
  params: z.string(),
  /** Absent where the run has only one engine. */
  engine: z.string().optional(),
};

/**
 * One cell × metric: a row of summary.csv. A number that does not exist is null; `note` says why. `ratio` is runtime ÷
 * baseline of the raw values, paired within blocks.
 */
const summaryRowSchema = z.object({
  ...cellColumns,
  category: categorySchema,
  /** Id of the metric (`ocibench list metrics`); null only on the row of a cell that has no values at all. */
  metric: z.string().nullable(),
  /** Unit of the values; null where `metric` is. */
  unit: unitSchema.nullable(),
  /** Whether lower or higher values are better; null where `metric` is. */
  better: betterSchema.nullable(),
  /** True for the workload's headline metric. */
  headline: z.boolean(),
  /** Number of measured values. */
  n: z.number().int(),
  /** Number of measured trials that failed or timed out. */
  failures: z.number().int(),
  /** Median of the values, in the metric's unit; null where there are none. */
  median: z.number().nullable(),
  /** Lower end of the median's 95 % order-statistic interval; null below 6 values. */
  ciLow: z.number().nullable(),
  /** Its upper end; null likewise. */
  ciHigh: z.number().nullable(),
  /** 95th percentile; null below 20 values. */
  p95: z.number().nullable(),
  /** Smallest value; null where there are none. */
  min: z.number().nullable(),
  /** Largest value; null where there are none. */
  max: z.number().nullable(),
  /** Unscaled median absolute deviation; null where there are no values. */
  mad: z.number().nullable(),
  /** The runtime that this one is compared with. */
  baseline: z.string(),
  /** Engine of the reference of this comparison; absent where it is the same engine, or the run has only one. */
  baselineEngine: z.string().optional(),
  /** Profile of the reference of this comparison; absent where it is the same profile. */
  baselineProfile: z.string().optional(),
  /** Blocks in which both this runtime and the baseline have a value. */
  pairs: z.number().int(),
  /** Runtime ÷ baseline, paired within blocks (Hodges–Lehmann); null where there is no ratio: see `note`. */
  ratio: z.number().nullable(),
  /** Lower end of the ratio's 95 % signed-rank interval; null below 6 pairs. */
  ratioCiLow: z.number().nullable(),
  /** Its upper end; null likewise. */
  ratioCiHigh: z.number().nullable(),
  /** p of the paired test on the logarithms of the ratios, uncorrected; null where nothing could be tested. */
  p: z.number().nullable(),
  /** `p`, corrected for the comparisons of its question (docs/method.md); null likewise. */
  pAdjusted: z.number().nullable(),
  /** The claim: `faster` or `slower` for times and rates, `less` or `more` for amounts. `inconclusive` is not "same". */
  verdict: verdictSchema,
  /** An explanation of the row, or of missing numbers; empty where none is needed. */
  note: z.string(),
  /**
   * Name of the family of comparisons that share one error rate, such as `headline/crun/startup` or
   * `metric/crun/memory.peak`; absent where there is none.
   */
  family: z.string().optional(),
  /**
   * `clear` where sampling of this headline ended early, because it was far from no difference: its intervals are wider on the
   * side towards no difference, since such an end exaggerates. Absent elsewhere.
   */
  ended: z.literal('clear').optional(),
  /**
   * The verdict of a headline without one of its blocks, or without the few that lie far off, where that is another: they decide.
   * Absent elsewhere.
   */
  decidedBy: z
    .object({
      /** Their number. */
      blocks: z.number().int().positive(),
      /** The verdict without them. */
      without: verdictSchema,
    })
    .optional(),
  /**
   * Lower end of the 90 % interval of `ratio`: `equivalent` needs the interval inside the practical band (two one-sided
   * tests at 5 %). Null where there is none, absent where nothing is compared.
   */
  ratio90Low: z.number().nullable().optional(),
  /** Its upper end; null and absent likewise. */
  ratio90High: z.number().nullable().optional(),
  /**
   * runtime − baseline within blocks, in the metric's unit; absent without pairs, and on rows with a ratio that are not
   * headlines.
   */
  difference: intervalSchema.optional(),
  /**
   * Simultaneous interval of the ratio, for the whole family; it includes 1. Absent unless the 95 % interval excludes 1
   * and only the correction for several comparisons prevents a claim.
   */
  simultaneous: z
    .object({
      /** Lower bound of the ratio. */
      low: z.number(),
      /** Its upper bound. */
      high: z.number(),
      /** Number of comparisons that are corrected together. */
      comparisons: z.number().int().positive(),
    })
    .optional(),
  /** Ratio of the 95th percentiles, with a conservative interval; absent below 20 values. */
  tail: z
    .object({
      /** 95th percentile of this runtime, in the metric's unit. */
      p95: z.number(),
      /** 95th percentile of the baseline. */
      baselineP95: z.number(),
      /** `p95` ÷ `baselineP95`. */
      ratio: z.number(),
      ...boundsShape,
    })
    .optional(),
  /** Two groups of values, the smaller values first; absent where the values do not significantly form two groups. */
  groups: z
    .array(
      z.object({
        /** Fraction of the values that are in the group. */
        share: z.number(),
        /** Geometric mean of the group, in the metric's unit. */
        mean: z.number(),
      }),
    )
    .length(2)
    .optional(),
  /** Data that an inconclusive headline still needs; absent on every other row. */
  needs: needsSchema.optional(),
  messages: messageRefsSchema.optional(),
});
export type SummaryRow = Readonly<z.infer<typeof summaryRowSchema>>;

/** A value of an option of a runtime, and the reference value. */
const factorLevelShape = {
  /** Name of the option. */
  factor: z.string(),
  /** Its value. */
  level: z.string(),
  /** The reference value of the option. */
  reference: z.string(),
};

/**
 * Effect of an option of a runtime on the headline of one subject: a row of effects.csv. It is estimated within each
 * block, over all arms of a design.
 */
const effectRowSchema = summaryRowSchema
  .pick({
    profile: true,
    layer: true,
    workload: true,
    params: true,
    engine: true,
    category: true,
    metric: true,
    unit: true,
    better: true,
    ratioCiLow: true,
    ratioCiHigh: true,
    ratio90Low: true,
    ratio90High: true,
    simultaneous: true,
    p: true,
    pAdjusted: true,
    verdict: true,
    family: true,
    note: true,
    messages: true,
  })
  .extend({
    /** Name of the design. */
    design: z.string(),
    ...factorLevelShape,
    /**
     * The other option of an interaction: `ratio` is then the effect of the first option at this level ÷ its effect at
     * this reference. Absent in a main effect, whose `ratio` is the geometric mean over the other options.
     */
    beside: z.object({ ...factorLevelShape }).optional(),
    /** Blocks that hold every arm from which the effect is estimated. */
    pairs: z.number().int(),
    /** Level ÷ reference, within blocks (Hodges–Lehmann); null where there is none: see `note`. */
    ratio: z.number().nullable(),
    /** Effects confounded with this one, such as `a×b`; empty where there are none. */
    aliases: z.array(z.string()),
  });
export type EffectRow = Readonly<z.infer<typeof effectRowSchema>>;

/** Two versions of one family's runtime in a run, the newer compared with the older in the same blocks. */
const versionPairSchema = z.object({
  /** Id of the family. */
  family: z.string(),
  /** Name of the runtime with the older version. */
  older: z.string(),
  /** Name of the runtime with the newer version. */
  newer: z.string(),
  /** Version that the older program prints. */
  olderVersion: z.string(),
  /** Version that the newer program prints. */
  newerVersion: z.string(),
  /** newer ÷ older; where the older one is the baseline, these are rows of the run. */
  rows: z.array(summaryRowSchema),
});
export type VersionPair = Readonly<z.infer<typeof versionPairSchema>>;

/**
 * Noise floor: how much the baseline may differ from itself, per class of metrics (`category/kind`). For information
 * only; `aaCheck` decides. Exists where the run measured the baseline twice. Bounds are null where no comparison of the
 * class has an interval.
 */
const noiseFloorSchema = z.object({
  /** `category/kind` of the metrics. */
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
/** A property of a cell that is not a quantity: a row of facts.csv. `value` was printed by a container: untrusted. */
const factRowSchema = z.object({
  ...cellColumns,
  /** Name of the fact, such as `kernel.release`. */
  id: z.string(),
  /** The most frequent value of the trials; of equally frequent ones, the first. */
  value: z.string(),
  /** Number of trials that reported this id. */
  trials: z.number().int().positive(),
  /** True if some trials reported another value. */
  varies: z.boolean(),
  /** Messages of `value`; absent where it is not a text of ocibench. */
  messages: messageRefsSchema.optional(),
});
export type FactRow = Readonly<z.infer<typeof factRowSchema>>;

/** A cell whose headline values do not look like those of a steady source. */
const unsteadySchema = cellSchema.extend({
  /** The kind of unsteadiness. */
  kind: z.enum(['drift', 'autocorrelation', 'two-groups']),
  /**
   * `drift`: rank correlation with time; `autocorrelation`: lag-1 autocorrelation; `two-groups`: ratio of the groups'
   * geometric means.
   */
  value: z.number(),
  /** Number of values. */
  n: z.number().int(),
  /** p value, adjusted by Holm's method over all cells of the run; of `two-groups`, of the runtime. */
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
  /** Comparisons whose verdict changes without the flagged trials. */
  changed: z.array(
    cellSchema.extend({
      /** Verdict with all trials, which is the published one. */
      verdict: verdictSchema,
      /** Verdict without the flagged trials. */
      without: verdictSchema,
    }),
  ),
});
export type Sensitivity = Readonly<z.infer<typeof sensitivitySchema>>;

/** One subject of a category, with its cost. */
const memberSchema = z.object({
  workload: z.string(),
  params: z.string(),
  /** Cost as a factor of the baseline: the ratio, inverted for rates. */
  cost: z.number(),
  ...boundsShape,
});

/**
 * Cost of one runtime in one category: the middle of the cost ratios of its subjects (rates inverted, so that above 1 always costs
 * more), which is the geometric mean without the lowest and the highest. All weigh the same. A single
 * subject is the category; of two there is no estimate.
 */
const categoryEstimateSchema = z.object({
  runtime: z.string(),
  category: categorySchema,
  layer: layerSchema,
  /** Absent where the run has only one engine. */
  engine: z.string().optional(),
  /**
   * The further profile whose cost under the same runtime is compared with the run's first profile; absent in estimates
   * of runtimes.
   */
  profile: z.string().optional(),
  /** Number of subjects in the estimate; a single one is named by `smallest`. */
  subjects: z.number().int().positive(),
  /** Blocks that hold at least one of the subjects. */
  blocks: z.number().int().positive(),
  /** The estimate: cost as a factor of the baseline. */
  cost: z.number(),
  ...boundsShape,
  /** Lower end of the 90 % interval; null where there is none. */
  low90: z.number().nullable(),
  /** Its upper end; null likewise. */
  high90: z.number().nullable(),
  /** p of the test that the cost is 1, uncorrected; null where nothing could be tested. */
  p: z.number().nullable(),
  /**
   * p corrected by Holm's method over the categories of the runtime, in the run or in an extension at its own level; of a single
   * subject, that of its row. Null where `p` is.
   */
  pAdjusted: z.number().nullable(),
  /** Spread between the subjects: exp of the standard deviation of their true log cost ratios; 1 means no spread. */
  tau: z.number(),
  /** The cheapest subject observed; no claim is made about it. */
  smallest: memberSchema,
  /** The costliest subject observed; no claim is made about it. */
  largest: memberSchema,
  /** Subjects that stand apart from the middle, the farthest first; absent for a single subject. */
  apart: z.array(memberSchema).optional(),
  /** The subject without which nothing would be claimed, so that nothing is; absent elsewhere. */
  carriedBy: memberSchema.pick({ workload: true, params: true }).optional(),
  /** The claim; in the category memory `less` or `more`. */
  verdict: verdictSchema,
  /** Data that an inconclusive estimate still needs; absent on every other one. */
  needs: needsSchema.optional(),
});
export type CategoryEstimate = Readonly<z.infer<typeof categoryEstimateSchema>>;

/** Changes by a profile inside the containers of a runtime, according to the facts of `isolation/facts`. */
const profileEffectSchema = z.object({
  runtime: z.string(),
  profile: z.string(),
  /** Absent where the run has only one engine. */
  engine: z.string().optional(),
  /** Facts that differ from those under the first profile. */
  changed: z.array(
    z.object({
      /** Name of the fact. */
      id: z.string(),
      /** Value under the first profile. */
      before: z.string(),
      /** Value under this profile. */
      after: z.string(),
    }),
  ),
  /** Options, by their keys in `config.profiles`, whose effect the facts show. */
  applied: z.array(z.string()),
  /** Options that should change a fact but did not: this runtime did not apply them. */
  notApplied: z.array(z.string()),
  /** Options that no fact shows. */
  unseen: z.array(z.string()),
  /**
   * Profiles of the same runtime that isolate better by at least one fact and worse by none, and do not cost more in
   * any category by more than the practical threshold.
   */
  dominatedBy: z.array(z.string()),
});
export type ProfileEffect = Readonly<z.infer<typeof profileEffectSchema>>;

/**
 * The A/A check: whether the baseline, measured twice, differs from itself by more than chance, over all headlines
 * together.
 */
const aaCheckSchema = z.object({
  /** Headline comparisons of the A/A control. */
  comparisons: z.number().int(),
  /** Root mean square of their normal scores; about 1 where the method holds. Null without comparisons. */
  rms: z.number().nullable(),
  /** Bound that `rms` exceeds by chance in one of a hundred runs; null without comparisons. */
  limit: z.number().nullable(),
  /**
   * Scatter, as a multiple of what the blocks show, that the check finds in four runs of five; null without comparisons,
   * absent in analyses of earlier versions.
   */
  finds: z.number().nullable().optional(),
  /** Factor by which all intervals of the run are widened: `rms` where it exceeds the limit, else 1. */
  widening: z.number().min(1),
});
export type AaCheck = Readonly<z.infer<typeof aaCheckSchema>>;

/** Results computed from the records of a run: estimates, verdicts, facts and doubts. */
export const analysisSchema = z.object({
  /** Increased when the meaning of a key changes. */
  schemaVersion: z.literal(schemaVersion),
  /** Identifies how this version of ocibench computes figures from records: method, columns, words. */
  figures: z.string(),
  /** Id of the run, which is the name of its directory. */
  runId: z.string(),
  /** The runtime with which the others are compared. */
  baseline: z.string(),
  /** Measured blocks, without warm-up. */
  blocks: z.number().int(),
  /** Number of trials by outcome. */
  trials: z.object({
    /** Measured trials that gave values. */
    ok: z.number().int(),
    /** Measured trials that failed or timed out. */
    failed: z.number().int(),
    /** Trials of warm-up blocks, which are never analysed. */
    warmup: z.number().int(),
  }),
  /** Thresholds by which claims were decided. */
  thresholds: thresholdsSchema,
  rows: z.array(summaryRowSchema),
  /** Each runtime in an engine compared with itself in the run's first engine; absent where the run has only one engine. */
  engines: z.array(summaryRowSchema).optional(),
  /**
   * Each runtime under a further profile compared with itself under the run's first profile; absent where the run has
   * only one profile.
   */
  profiles: z.array(summaryRowSchema).optional(),
  /** Cost of each further profile relative to the first, by runtime and category; absent likewise. */
  profileCategories: z.array(categoryEstimateSchema).optional(),
  /** Changes by each profile inside containers; absent where fewer than two profiles reported facts. */
  profileEffects: z.array(profileEffectSchema).optional(),
  /** Comparisons of versions; absent where no two runtimes differ only in their version. */
  versions: z.array(versionPairSchema).optional(),
  /** Effects of the options of runtimes; absent where the run has no design. */
  effects: z.array(effectRowSchema).optional(),
  /** Empty where the baseline was measured only once. */
  noiseFloor: z.array(noiseFloorSchema),
  facts: z.array(factRowSchema),
  /** Drift, autocorrelation and bimodality, where significant. */
  unsteady: z.array(unsteadySchema),
  /** null where no trial was flagged, or where noise was not recorded. */
  sensitivity: sensitivitySchema.nullable(),
  /** Runtimes whose guests were emulated in software, and the emulator. Absent where there are none. */
  emulatedGuests: z
    .array(
      z.object({
        runtime: z.string(),
        /** The emulator, such as `QEMU TCG`. */
        by: z.string(),
      }),
    )
    .optional(),
  /** Cost of each runtime in each category. */
  categories: z.array(categoryEstimateSchema),
  /** Whether the baseline, measured twice, differs from itself. Null where it was measured once. */
  aaCheck: aaCheckSchema.nullable(),
  /** Measured blocks that hold every cell that was measured in any block. */
  completeBlocks: z.number().int(),
  /** Start times split by layer; absent where the run has only one layer. */
  layers: z.array(layerStackSchema).optional(),
  /** Doubts about the run as a whole; every report shows them first. */
  warnings: z.array(
    z.object({
      /** Short and stable, for programs: `aa-differs`, `duet` … */
      code: z.string(),
      /** One sentence for people. */
      message: z.string(),
      messages: messageRefsSchema.optional(),
    }),
  ),
});
export type Analysis = Readonly<z.infer<typeof analysisSchema>>;
